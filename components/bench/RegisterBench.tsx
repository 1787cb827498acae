import { useState } from 'react'
import { keep } from '#components/predict/kept.ts'
import { bench as words } from '#components/words/bench.ts'
import { loadRegister, type RegisterEvent, type RegisterLine } from '#lib/index.ts'
import type { Bench } from './bench.ts'
import { Lines } from './Lines.tsx'
import { after, reaches } from './registers.ts'
import css from './Bench.module.css'

export interface RegisterGiven {
  readonly id: string
  readonly week: readonly RegisterEvent[]
  readonly hosts: readonly string[]
  readonly numbers: readonly number[]
}

/** The reader keeps the register: each event wants a line, and numbers that are taken bounce. */
export function RegisterBench({ given: { id, week, hosts, numbers } }: Bench<RegisterGiven>) {
  const [at, setAt] = useState(0)
  const [lines, setLines] = useState<readonly RegisterLine[]>([])
  const [callers, setCallers] = useState(0)
  const [wants, setWants] = useState({ node: hosts[0]!, number: numbers[0]! })
  const [told, setTold] = useState<string>('')
  const says = words().register
  const event = week[at]
  const write = async (): Promise<void> => {
    if (event === undefined) return
    const own = lines.find((l) => l.team === event.team)
    const left = event.does === 'moves' && own?.node === wants.node
    const taken = (await loadRegister()).takenBy(lines, wants)
    if (event.does !== 'crashes' && left) return setTold(says.not(wants.node))
    if (event.does !== 'crashes' && taken !== null)
      return setTold(says.taken(wants.node, wants.number, taken.team))
    const now = after(lines, event, wants)
    setLines(now.lines)
    setCallers(callers + now.callers)
    setAt(at + 1)
    if (at + 1 === week.length) keep(id, 'right')
    const line = now.lines.at(-1)!
    setTold(
      event.does === 'crashes' ? says.kept : says.reach(line.team, await reaches(now.lines, line)),
    )
  }
  return (
    <div role="group" aria-label={says.register} data-event={at}>
      <p>
        <b>
          {event === undefined ? says.done(lines.length, callers) : says.asks(at + 1, week.length)}
        </b>{' '}
        {event !== undefined && says.event(event.does, event.team)}
      </p>
      {event !== undefined && (
        <div className={css.ask}>
          {event.does !== 'crashes' && (
            <>
              <label>
                {says.node}
                <select
                  value={wants.node}
                  onChange={(e) => setWants({ ...wants, node: e.currentTarget.value })}
                >
                  {hosts.map((h) => (
                    <option key={h}>{h}</option>
                  ))}
                </select>
              </label>
              <label>
                {says.number}
                <select
                  value={wants.number}
                  onChange={(e) => setWants({ ...wants, number: Number(e.currentTarget.value) })}
                >
                  {numbers.map((n) => (
                    <option key={n}>{n}</option>
                  ))}
                </select>
              </label>
            </>
          )}
          <button type="button" className={css.go} onClick={() => void write()}>
            {event.does === 'crashes' ? says.on : says.write}
          </button>
        </div>
      )}
      <p role="status">{told}</p>
      <Lines lines={lines} callers={callers} />
    </div>
  )
}
