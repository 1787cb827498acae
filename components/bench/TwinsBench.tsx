import { useEffect, useState } from 'react'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import type { Bench } from './bench.ts'
import { differing, recordsOf, sameEnds, talksOf, type Talk } from './talks.ts'
import css from './Bench.module.css'

export interface TwinsGiven {
  readonly id: string
  readonly worlds: readonly { readonly id: string; readonly short: string }[]
}
interface Chosen {
  readonly talk: Talk
  readonly records: readonly string[]
}

/** Two talks that AWS cannot tell apart are looked for: what each leaves in the flow log is walked. */
export function TwinsBench({ given: { id, worlds } }: Bench<TwinsGiven>) {
  const [world, setWorld] = useState(worlds[0]!.id)
  const [talks, setTalks] = useState<readonly Talk[]>([])
  const [chosen, setChosen] = useState<readonly (Chosen | null)[]>([null, null])
  useEffect(() => {
    let wanted = true
    void talksOf(world).then((all) => wanted && setTalks(all))
    return () => {
      wanted = false
    }
  }, [world])
  const says = words().twins
  const choose = async (at: number, of: string): Promise<void> => {
    const talk = talks.find((t) => t.id === of)
    const now = talk === undefined ? null : { talk, records: await recordsOf(world, talk) }
    const all = chosen.with(at, now)
    setChosen(all)
    if (verdictOf(all) === 'found') keep(id, 'right')
  }
  return (
    <div role="group" aria-label={says.asks} data-found={verdictOf(chosen) === 'found'}>
      <p>
        <b>{says.asks}</b>
      </p>
      <div className={css.ask}>
        <label>
          {says.network}
          <select
            value={world}
            onChange={(e) => {
              setWorld(e.currentTarget.value)
              setChosen([null, null])
            }}
          >
            {worlds.map((w) => (
              <option key={w.id} value={w.id}>
                {w.short}
              </option>
            ))}
          </select>
        </label>
        {[says.first, says.second].map((name, at) => (
          <label key={name}>
            {name}
            <select
              value={chosen[at]?.talk.id ?? ''}
              onChange={(e) => void choose(at, e.currentTarget.value)}
            >
              <option value="">{words().guess}</option>
              {talks.map((t) => (
                <option key={t.id} value={t.id}>
                  {t.says}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {chosen.map((c, at) => c !== null && <Records key={at} of={c} />)}
      <p role="status">
        <Verdict of={chosen} />
      </p>
    </div>
  )
}

function Records({ of: { talk, records } }: { readonly of: Chosen }) {
  const says = words().twins
  return (
    <ul className={css.line} aria-label={`${says.records}: ${talk.says}`}>
      {records.length === 0 ? <li>{says.nothing}</li> : records.map((r) => <li key={r}>{r}</li>)}
    </ul>
  )
}

type Told = 'open' | 'one' | 'differ' | 'mine' | 'nothing' | 'found'

function verdictOf([a = null, b = null]: readonly (Chosen | null)[]): Told {
  if (a === null || b === null) return 'open'
  if (a.talk.id === b.talk.id) return 'one'
  if (a.records.length === 0 || b.records.length === 0) return 'nothing'
  if (differing(a.records, b.records).length > 0) return 'differ'
  return sameEnds(a.talk, b.talk) ? 'mine' : 'found'
}

function Verdict({ of }: { readonly of: readonly (Chosen | null)[] }) {
  const says = words().twins
  const told = verdictOf(of)
  const [a, b] = of
  if (told === 'open' || a == null || b == null) return null
  if (told === 'one') return says.one
  if (told === 'nothing') return says.nothing
  if (told === 'differ') return says.differ(differing(a.records, b.records).join(', '))
  return (
    <>
      {says.same} <b data-good={told === 'found'}>{told === 'found' ? says.found : says.mine}</b>
    </>
  )
}
