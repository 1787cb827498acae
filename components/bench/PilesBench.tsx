import { useRef, useState, type KeyboardEvent } from 'react'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import type { Bench } from './bench.ts'
import type { Statement } from './piles.ts'
import css from './Bench.module.css'

export interface PilesGiven {
  readonly id: string
  /** What the piles are called. */
  readonly piles: Readonly<Record<string, string>>
  readonly statements: readonly Statement[]
}

/** Statements are dealt one by one, and put on piles; behind each stands who says so. */
export function PilesBench({ given: { id, piles, statements } }: Bench<PilesGiven>) {
  const [said, setSaid] = useState<readonly string[]>([])
  const [at, setAt] = useState(0)
  const first = useRef<HTMLButtonElement>(null)
  const says = words().piles
  const names = Object.keys(piles)
  const right = said.filter((p, i) => p === statements[i]!.pile).length
  const over = at >= statements.length
  const open = !over && said.length === at
  const give = (pile: string | undefined): void => {
    if (!open || pile === undefined) return
    const all = [...said, pile]
    setSaid(all)
    if (all.length === statements.length)
      keep(id, all.every((p, i) => p === statements[i]!.pile) ? 'right' : 'wrong')
  }
  const go = (to: number): void => {
    if (to === 0) setSaid([])
    setAt(to)
    first.current?.focus({ preventScroll: true })
  }
  const keys = (e: KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey || names[Number(e.key) - 1] === undefined) return
    e.preventDefault()
    e.stopPropagation()
    give(names[Number(e.key) - 1])
  }
  const now = statements[at]
  const given = said[at]
  return (
    <div role="group" aria-label={says.asks} data-piled={said.length}>
      <p>
        <b>{says.asks}</b> {!over && says.of(at + 1, statements.length)}
      </p>
      {now !== undefined && <p className={css.says}>{now.say}</p>}
      <div className={css.ask}>
        {names.map((name, i) => (
          <button
            key={name}
            ref={i === 0 ? first : undefined}
            type="button"
            aria-disabled={!open}
            aria-pressed={given === name}
            data-pile={name}
            onClick={() => give(name)}
            onKeyDown={keys}
          >
            <kbd aria-hidden="true">{i + 1}</kbd> {piles[name]}
          </button>
        ))}
      </div>
      <div role="status">
        {now !== undefined && given !== undefined && (
          <Source of={now} given={given} piles={piles} />
        )}
        {over && <p>{says.score(right, statements.length)}</p>}
      </div>
      {!open && (
        <button type="button" className={css.go} onClick={() => go(over ? 0 : at + 1)}>
          {over ? says.again : says.next}
        </button>
      )}
    </div>
  )
}

function Source({
  of: { pile, source, link },
  given,
  piles,
}: {
  readonly of: Statement
  readonly given: string
  readonly piles: PilesGiven['piles']
}) {
  const all = words()
  const right = given === pile
  return (
    <p>
      <b data-good={right}>{right ? all.right : all.wrong}</b>{' '}
      {!right && `${all.piles.isOn(piles[pile] ?? '')} `}
      {source} {link !== undefined && <a href={link}>{all.piles.source}</a>}
    </p>
  )
}
