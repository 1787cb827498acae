import { useEffect, useState } from 'react'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import type { Bench } from './bench.ts'
import { recordsOf, talksOf, verdictOf, type Chosen, type Talk } from './talks.ts'
import { Records, Verdict } from './Verdict.tsx'
import css from './Bench.module.css'

export interface TwinsGiven {
  readonly id: string
  readonly worlds: readonly { readonly id: string; readonly short: string }[]
}
/** Two talks that AWS cannot tell apart are looked for: what each leaves in the flow log is walked. */
export function TwinsBench({ given: { id, worlds } }: Bench<TwinsGiven>) {
  const [world, setWorld] = useState(worlds[0]!.id)
  const [talks, setTalks] = useState<readonly Talk[]>([])
  const [names, setNames] = useState<readonly string[]>(['', ''])
  const [known, setKnown] = useState<ReadonlyMap<string, readonly string[]>>(new Map())
  useEffect(() => {
    let wanted = true
    void talksOf(world).then((all) => wanted && setTalks(all))
    return () => {
      wanted = false
    }
  }, [world])
  const says = words().twins
  const chosen = names.map((name): Chosen | null => {
    const talk = talks.find((t) => t.id === name)
    const records = known.get(`${world} ${name}`)
    return talk === undefined || records === undefined ? null : { talk, records }
  })
  const found = verdictOf(chosen) === 'found'
  useEffect(() => {
    if (found) keep(id, 'right')
  }, [found, id])
  const choose = async (at: number, name: string): Promise<void> => {
    setNames(names.with(at, name))
    const talk = talks.find((t) => t.id === name)
    if (talk === undefined) return
    const records = await recordsOf(world, talk)
    setKnown((before) => new Map(before).set(`${world} ${name}`, records))
  }
  return (
    <div role="group" aria-label={says.asks} data-found={found}>
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
              setNames(['', ''])
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
            <select value={names[at]} onChange={(e) => void choose(at, e.currentTarget.value)}>
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
