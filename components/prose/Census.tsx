import {
  census,
  editToJson,
  keepers,
  rowAsTool,
  type Fate,
  type Removal,
  type Scenario,
} from '#lib/index.ts'
import { listed } from '#components/chapter/check.ts'
import { nameOf } from '#components/sandbox/build.ts'
import { wholePart } from '#components/sandbox/carry.ts'
import { BASE } from '#components/site/base.ts'
import { prose } from '#components/words/en/prose.ts'
import { walkFor } from './walked.ts'
import css from './prose.module.css'

interface Props {
  /** Their names, with commas between them. */
  readonly scenarios: string
  readonly flow: string
}

/** Every row of a network taken away in turn: a square for each, and the rows that the flow hangs on, each a way into the sandbox without it. Counted when the page is built. */
export async function Census({ scenarios, flow }: Props) {
  const walls = await Promise.all(
    listed(scenarios).map(async (scenario) => {
      const now = await walkFor('Census', { scenario, flow })
      return { world: now.scenario, of: census(now.topology, now.flow) }
    }),
  )
  return (
    <div className={css.census}>
      <ul className={css.legend}>
        {FATES.map((f) => (
          <li key={f}>
            <i data-fate={f} aria-hidden="true" /> {prose.fates[f]}
          </li>
        ))}
      </ul>
      {walls.map(({ world, of }) => {
        const lost = of.counts.told + of.counts.silent
        return (
          <section key={world.id} aria-label={prose.censusOf(world.title)}>
            <p>
              <strong>{world.title}</strong>
              <br />
              {prose.census(lost, of.rows.length, of.counts.silent)}
            </p>
            <p className={css.wall} aria-hidden="true">
              {of.rows
                .toSorted((a, b) => RANK[a.fate] - RANK[b.fate])
                .map((r) => (
                  <i key={keyOf(r)} data-fate={r.fate} />
                ))}
            </p>
            <Rows
              world={world}
              kept={keepers(of.rows.filter((r) => LOST.has(r.fate)))}
              rows={of.rows.filter((r) => r.edit !== null && FATAL.has(r.fate))}
            />
          </section>
        )
      })}
    </div>
  )
}

const RANK: { readonly [F in Fate]: number } = {
  silent: 0,
  told: 1,
  wrong: 2,
  harmless: 3,
  stays: 4,
}
/** In the order in which they stand on the wall. */
const FATES = (Object.keys(RANK) as Fate[]).toSorted((a, b) => RANK[a] - RANK[b])
const LOST: ReadonlySet<Fate> = new Set(['silent', 'told'])
const FATAL: ReadonlySet<Fate> = new Set(['silent', 'told', 'wrong'])
const keyOf = ({ ref }: Removal): string => `${ref.in} ${ref.table} ${ref.row}`

/** The rows that matter, the silent ones first. */
function Rows({
  world,
  rows,
  kept,
}: {
  readonly world: Scenario
  readonly rows: readonly Removal[]
  readonly kept: ReturnType<typeof keepers>
}) {
  return (
    <details>
      <summary>{prose.censusRows}</summary>
      <p>{prose.keptBy(kept)}</p>
      <ul>
        {rows
          .toSorted((a, b) => RANK[a.fate] - RANK[b.fate])
          .map((r) => (
            <li key={keyOf(r)} data-fate={r.fate}>
              <a
                href={`${BASE}/sandbox/#${wholePart(world.id, [JSON.parse(editToJson(r.edit!))])}`}
              >
                {r.ref.in}: <code>{rowAsTool(world.topology, r.ref) ?? nameOf(r.edit)}</code>
              </a>{' '}
              {prose.fates[r.fate]}
            </li>
          ))}
      </ul>
    </details>
  )
}
