import { History } from './History.tsx'
import { Choice, Count } from './Fields.tsx'
import { endsOf, MOST, NETWORKS } from './recipe.ts'
import { Marked } from '#components/words/Marked.tsx'
import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import css from './Sandbox.module.css'

const MTUS = [1400, 1500, 9001]

/** What the network is, who talks to whom, and back and forth through what was done. */
export function Controls() {
  const { dispatch } = useSandboxStore()
  const box = useSandbox((_, s) => s.box)
  const ends = endsOf(box)
  if (box.whole) return <Whole world={box.network} />
  return (
    <div className={css.controls}>
      <Choice
        name={words().network}
        value={box.network}
        of={NETWORKS}
        choose={(network) => dispatch({ type: 'set', to: { network } })}
      />
      <Count
        name={words().nodes(MOST.nodes)}
        most={MOST.nodes}
        value={box.nodes}
        choose={(nodes) => dispatch({ type: 'set', to: { nodes } })}
      />
      <Count
        name={words().pods(MOST.pods)}
        most={MOST.pods}
        value={box.pods}
        choose={(pods) => dispatch({ type: 'set', to: { pods } })}
      />
      <Choice
        name={words().mtu}
        value={String(box.mtu)}
        of={[...new Set([...MTUS, box.mtu])].map(String)}
        choose={(mtu) => dispatch({ type: 'set', to: { mtu: Number(mtu) } })}
      />
      <Choice
        name={words().from}
        value={box.from}
        of={ends}
        choose={(from) => dispatch({ type: 'set', to: { from } })}
      />
      <Choice
        name={words().to}
        value={box.to}
        of={ends}
        choose={(to) => dispatch({ type: 'set', to: { to } })}
      />
      <History />
    </div>
  )
}

/** A world as it ships: its machines are its own, and only its rows are to be changed. */
function Whole({ world }: { readonly world: string }) {
  const { dispatch } = useSandboxStore()
  return (
    <div className={css.controls}>
      <span>
        <Marked text={words().asShipped(world)} />
      </span>
      <button type="button" onClick={() => dispatch({ type: 'set', to: {} })}>
        {words().ownNodes}
      </button>
      <History />
    </div>
  )
}
