import { worldFor } from '#components/prose/walked.ts'
import { prose } from '#components/words/en/prose.ts'
import { writtenFor } from './wrote.ts'
import css from './Hands.module.css'

interface Props {
  readonly scenario: string
  /** Who wrote them, by the world's word for it. */
  readonly who: string
  readonly pod: string
}

/** What one program wrote for one pod of a world. */
export async function Wrote({ scenario, who, pod: name }: Props) {
  const { topology } = await worldFor('Wrote', scenario)
  const { node, pod, onNode, inPod } = writtenFor(topology, who, name)
  return (
    <div className={css.hands}>
      <Place name={node} rows={onNode} />
      <Place name={pod} rows={inPod} />
      <p className={css.source}>{prose.fromSourceOf(who)}</p>
    </div>
  )
}

const Place = ({ name, rows }: { readonly name: string; readonly rows: readonly string[] }) => (
  <div className={css.place}>
    <p>{name}</p>
    <ul className={css.rows}>
      {rows.map((text) => (
        <li key={text}>
          <code>{text}</code>
        </li>
      ))}
    </ul>
  </div>
)
