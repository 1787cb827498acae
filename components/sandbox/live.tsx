import { loadMore } from '#lib/index.ts'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { Sandbox } from './Sandbox.tsx'
import { networkOf } from './store.ts'

/** The sandbox of the address, when the network is here that it begins with. */
export async function live(bare: boolean): Promise<() => React.ReactNode> {
  const { hash } = location
  // A reader may add a row of any kind.
  const [away] = await Promise.all([WORLDS_HERE.bring([networkOf(hash)]), loadMore()])
  if (away !== null) throw new Error(`a module is missing: ${away}`)
  return () => <Sandbox born={hash} bare={bare} />
}
