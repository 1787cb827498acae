import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { keep, kernelVersion, shownIn, type Ran } from '#lib/analysis/kernel/keep.ts'
import { AGENT, plan, type KernelLab, type SendFlow } from '#lib/cli/agent-talk.ts'
import type { Ability } from '#lib/cli/kernel-lab.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { readOthers, SMALL, writeOther } from './kept-files.ts'

/*
 * What a slow kernel showed of small labs, kept: a lab built by the same commands, sent the same flow by the same agent, is not built again, and its frames are held against today's walk.
 * A walk that differs from what is kept is asked of the kernel itself, and so is whatever is not kept. SHOWN=ask asks all of it; SHOWN=keep writes down what had to be asked: to make a file anew, remove it first.
 */

const sha = (...texts: readonly string[]): string =>
  createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 24)
/** What runs in the lab decides what it shows. */
const agent = sha(readFileSync(AGENT, 'utf8'))

function keyOf(t: Topology, flow: SendFlow): string {
  const { prefix, script, setup } = plan(t)
  return sha(agent, script, setup.replaceAll(prefix, ''), JSON.stringify(flow))
}

/** `a`, and what it showed before; `name` is the file's in test/captures/shown. */
export function shownBefore(a: Ability, name: string, dir = SMALL): Ability {
  const how = process.env['SHOWN']
  const kept = readOthers(name, dir).find((k) => k.kernel === kernelVersion(a.kernel))
  const ran = new Map<string, Ran>()
  if (kept !== undefined)
    for (const [key, { '': run }] of Object.entries(kept.runs))
      if (run !== undefined && 'frames' in run)
        ran.set(key, { shown: shownIn(kept, run), gaps: [] })
  const played = new Set<string>()
  const write = (): void => writeOther(dir, keep(a.kernel, name, byKey(ran)))
  return {
    ...a,
    open: async (t) => {
      let lab: KernelLab | null = null
      return {
        send: async (flow) => {
          const key = keyOf(t, flow)
          const run = how === 'ask' || played.has(key) ? undefined : ran.get(key)
          // Asked for once more, it differed.
          played.add(key)
          if (run !== undefined && 'shown' in run) return run.shown
          lab ??= await a.open(t)
          const shown = await lab.send(flow)
          ran.set(key, { shown, gaps: [] })
          return shown
        },
        reset: async () => lab?.reset(),
        close: async () => {
          if (how === 'keep' && lab !== null) write()
          await lab?.close()
        },
      }
    },
  }
}

const byKey = (ran: ReadonlyMap<string, Ran>): Parameters<typeof keep>[2] =>
  Object.fromEntries(
    [...ran].toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([key, r]) => [key, { '': r }]),
  )
