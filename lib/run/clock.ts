import type { Due, Job, Run } from './run.ts'

/** A frame leaves the namespace: it waits its turn, or, from a system call, is worked off before the call goes on. */
export function cross(run: Run, job: Job): void {
  run.queue.push(job)
  if (run.context === 'process') drain(run)
}

/** net_rx_action(): work off what waits, and what comes of it. */
function drain(run: Run): void {
  const [was, nested] = [run.context, run.nested]
  run.context = 'softirq'
  // What waited is worked off once the call that sent it has come back.
  run.nested = 0
  while (run.head < run.queue.length) {
    const job = run.queue[run.head]!
    run.head += 1
    job()
  }
  run.queue.length = 0
  run.head = 0
  run.context = was
  run.nested = nested
}

/** local_bh_disable() until the outermost call returns: what it sends crosses only then. */
export function bottomHalvesOff(run: Run, job: Job): void {
  const was = run.context
  run.context = 'softirq'
  job()
  run.context = was
  if (was === 'process') drain(run)
}

/** Run as a program's system call. */
export function asProcess(run: Run, job: Job): void {
  const was = run.context
  run.context = 'process'
  job()
  run.context = was
}

/** Something happens after a while, if nothing happened before. Milliseconds of the model's own clock. */
export function later(run: Run, ms: number, job: Job): void {
  run.seq += 1
  run.timers.push({ at: run.now + ms, seq: run.seq, job })
}

/** How long a program takes to run after it was woken, in ticks; a wire carries on when its sender's softirqs are done. Kernels promise no order between processes; this is the one the labs showed:
 *  a daemon in its read loop is quicker than a program that has to be scheduled, two daemon hops are slower; one daemon's packets follow each other. */
const WAKE = { wire: 0, daemon: 2, program: 3, 'when quiet': 1000 } as const
const NEXT_PACKET = 2.5

/** A program is woken: it runs when the network is quiet and its turn has come. */
export function wake(run: Run, who: Exclude<keyof typeof WAKE, 'daemon'>, job: Job): void {
  plan(run, run.tick + WAKE[who], job)
}

/** A machine's daemon is woken; it does one thing after the other. */
export function wakeDaemon(run: Run, machine: string, job: Job): void {
  const free = run.busy.get(machine)
  const at =
    free !== undefined && free > run.tick
      ? free - WAKE.daemon + NEXT_PACKET
      : run.tick + WAKE.daemon
  run.busy.set(machine, at + WAKE.daemon)
  plan(run, at, job)
}

function plan(run: Run, at: number, job: Job): void {
  run.seq += 1
  run.woken.push({ at, seq: run.seq, job })
}

/** The entry that is due first; taken out. */
export function due(list: Due[]): Due | undefined {
  let next = 0
  list.forEach((x, i) => {
    const n = list[next]!
    if (x.at < n.at || (x.at === n.at && x.seq < n.seq)) next = i
  })
  return list.splice(next, 1)[0]
}

/** Frames first, then what programs do next, then what only time brings. */
export function settle(run: Run): void {
  for (;;) {
    drain(run)
    const program = due(run.woken)
    if (program !== undefined) {
      run.tick = program.at
      program.job()
      continue
    }
    const timer = due(run.timers)
    if (timer === undefined) return
    run.now = timer.at
    timer.job()
  }
}
