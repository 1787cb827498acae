import { useMemo } from 'react'
import { explainNeed, ledger, type Ledger } from '#lib/index.ts'
import type { CostLine } from '#components/words/en/figure.ts'
import { figure } from '#components/words/figure.ts'
import type { Side } from './Compare.tsx'
import css from './Compare.module.css'

/** What each has cost so far, line by line; what differs stands out. */
export function Cost({ sides }: { readonly sides: readonly Side[] }) {
  const ledgers = useMemo(() => sides.map((s) => ledger(s.walk, s.step)), [sides])
  return (
    <div className={css.ledger} tabIndex={0} role="region" aria-label={figure().cost}>
      <table>
        <thead>
          <tr>
            <th scope="col">{figure().soFar}</th>
            {sides.map((s) => (
              <th key={s.title} scope="col">
                {s.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([name, show]) => {
            const shown = ledgers.map(show)
            return (
              <tr key={name} data-differ={shown[0] !== shown[1]}>
                <th scope="row">{figure().costLine(name)}</th>
                {shown.map((x, i) => (
                  <td key={i}>{x}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const ROWS: readonly (readonly [CostLine, (l: Ledger) => string])[] = [
  ['headers', (l) => `${l.headers}, ${l.mostHeaders}`],
  ['bytes', (l) => `${l.bytes} B`],
  ['wrapping', (l) => `${l.wrapping} B, ${l.mostWrapping} B`],
  ['lookups', (l) => String(l.lookups)],
  ['crossings', (l) => String(l.crossings)],
  ['room', (l) => (l.room === null ? figure().notSent : `${l.room} B`)],
  [
    'vpcSaw',
    (l) => (l.vpcSaw === null ? figure().nothingSeen : `${l.vpcSaw.src} → ${l.vpcSaw.dst}`),
  ],
  [
    'toldApart',
    (l) =>
      l.vpcSaw === null
        ? figure().nothingSeen
        : l.vpcSaw.pods
          ? figure().podsApart
          : figure().nodesApart,
  ],
  [
    'needs',
    (l) => {
      const last = l.needs.at(-1)
      return last === undefined
        ? figure().things(0)
        : figure().thingsLast(l.needs.length, explainNeed(last))
    },
  ],
]
