import type { Step } from '#lib/index.ts'
import { decided } from '#components/decides/decided.ts'
import { litBy } from '#components/decides/Printed.tsx'
import { controls } from '#components/words/controls.ts'
import { Marked } from '#components/words/Marked.tsx'
import { writers } from '#components/words/writers.ts'
import { tablesOf, type Change, type Line, type Printed, type Shown, type Writer } from './rows.ts'
import { runs } from './runs.ts'
import css from './Tables.module.css'

/** Rows shown of a table; the one that decided and those that changed are among them. */
const MOST = 200

interface Props extends Omit<Shown, 'step'> {
  /** Another namespace that the reader looks into. */
  readonly look: string | null
  readonly step: Step
}

/** Every table of one namespace, or of the VPC, as its tool prints it: who wrote each row, and what was written and taken away here. The one that was asked is open. */
export function Tables({ look, walk, step, since, own }: Props) {
  const name = look ?? step.in
  const tables = tablesOf(name, { walk, step: step.n, since, own })
  const asked = look === null ? decided(step, walk.after).map((t) => t.table) : [ROUTES]
  return (
    <>
      {look !== null && (
        <p className={css.place}>
          <Marked text={controls().tablesHere(look)} />
        </p>
      )}
      {tables.map((t) => {
        const open = asked.includes(t.table) || t.plus + t.minus > 0
        return (
          <details key={open ? `${t.table}, open` : t.table} className={css.tool} open={open}>
            <summary>
              <code translate="no">{t.command}</code>
              {t.note === undefined ? '' : ` (${t.note})`}
              {t.plus + t.minus > 0 && <b>{writers().changes(t.plus, t.minus)}</b>}
            </summary>
            <Rows table={t} lit={litBy(step, { in: name, table: t.table }).row} />
          </details>
        )
      })}
    </>
  )
}

/** What one looks for first in another namespace. */
const ROUTES = 'routes'

function Rows({ table, lit }: { readonly table: Printed; readonly lit: number | null }) {
  const lines = table.lines.filter(
    (l, i) =>
      i < MOST ||
      (l.change !== null && l.change !== 'earlier') ||
      (l.row !== null && l.row === lit),
  )
  const left = table.lines.length - lines.length
  return (
    <ol className={css.rows} tabIndex={0} aria-label={table.command}>
      {runs(lines).map(({ writer, of }, n) => (
        <li key={n} className={css.run}>
          {writer !== null && <p>{said(writer)}</p>}
          <ul>
            {of.map((l, i) => (
              <li
                key={i}
                translate="no"
                data-change={l.change ?? undefined}
                data-lit={l.row !== null && l.row === lit}
              >
                {l.change !== null && (
                  <span className={css.sign}>
                    {SIGN[l.change]}
                    <span className="hidden">{told(l)}</span>
                  </span>
                )}
                {l.text}
              </li>
            ))}
          </ul>
        </li>
      ))}
      {left > 0 && <li>{writers().more(left)}</li>}
    </ol>
  )
}

export const SIGN: { readonly [C in Change]: string } = {
  '+': '+',
  '-': '−',
  '±': '±',
  earlier: '+',
}

/** The change in a word, for those who do not see it. */
export function told({ change, writer }: Pick<Line, 'change' | 'writer'>): string {
  const says = writers()
  if (change === '±') return says.youChanged
  if (change === 'earlier') return says.before
  if (change === '+') return writer === 'you' ? says.youAdded : says.written
  return writer === 'you' ? says.youRemoved : says.gone
}

function said(w: Writer): string {
  if (w === 'you' || w === 'derived') return writers()[w]
  return 'walk' in w ? writers().walked(w.walk) : writers().wrote(w.who, w.after)
}
