import { keepAddress } from '#components/figure/effects/address.ts'
import { parts } from '#components/figure/store/fragment.ts'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { controls } from '#components/words/controls.ts'
import { START } from './recipe.ts'
import { between } from './change.ts'
import { toLink } from './link.ts'
import { networkOf, type SandboxState, type SandboxStore } from './store.ts'

/** As it begins, a sandbox says nothing in the address. */
function hashOf(s: SandboxState): string {
  const hash = toLink(location.hash, s.box)
  const { set, out, in: added } = between(START, s.box)
  const begins = Object.keys(set).length === 0 && out === 0 && added.length === 0
  return begins ? hash.replace(/^#sandbox=[^&]*&?/, '#').replace(/^#$/, '') : hash
}

/** Keeps the page's fragment, a sandbox and its figure the same. `born` is the fragment the sandbox was read from. Returns what ends it. */
export function keepSandboxAddress(sandbox: SandboxStore, born: string): () => void {
  const { store, figure, dispatch } = sandbox
  const address = keepAddress(figure)
  address.follow(true)
  figure.dispatch({ type: 'alive' })
  // A heading's anchor is no link to a sandbox.
  const hear = (): void => {
    const { hash } = location
    if (!parts(hash).every((p) => p.includes('='))) return
    const heard = (): void => {
      if (location.hash !== hash) return
      address.silent(() => dispatch({ type: 'hear', hash }))
      address.follow(false)
    }
    const network = networkOf(hash)
    if (WORLDS_HERE.here(network) !== undefined) heard()
    else
      void WORLDS_HERE.bring([network]).then((away) => {
        if (away === null) heard()
        else dispatch({ type: 'missing', notice: controls().worldMissing(away) })
      })
  }
  const unsubscribe = store.subscribe((s, before) => {
    if (s.asRead || (s.box === before.box && !before.asRead)) return
    history.replaceState(null, '', `${location.pathname}${location.search}${hashOf(s)}`)
  })
  // It may have changed while the page was put together.
  if (location.hash !== born) hear()
  addEventListener('hashchange', hear)
  return () => {
    removeEventListener('hashchange', hear)
    unsubscribe()
    address.end()
  }
}
