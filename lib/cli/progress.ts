import { Worker } from 'node:worker_threads'
import { cli } from './words.ts'

/** What takes long says so on a terminal: one line, rewritten, gone at the end. */
export interface Progress {
  readonly say: (what: string) => void
  readonly end: () => void
}

const AFTER = 2000
const EVERY = 200
/** What the shared word says: nobody writes, somebody does, the line is no longer wanted. */
const [FREE, BUSY, OVER] = [0, 1, 2]

/** The work is done in one go, so the line is written by a thread beside it. */
const LINE = `
const { parentPort, workerData: { shared, began, after, every, columns, line } } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const state = new Int32Array(shared)
let what = ''
parentPort.on('message', (text) => { what = text })
setInterval(() => {
  const ms = Date.now() - began
  if (ms < after || what === '' || Atomics.compareExchange(state, 0, ${FREE}, ${BUSY}) !== ${FREE}) return
  try { writeSync(2, '\\r\\x1b[K' + line.replace(/WHAT|SECONDS/g, (x) => x === 'WHAT' ? what : String(Math.floor(ms / 1000))).slice(0, columns - 1)) } catch {}
  state[1] = 1
  Atomics.store(state, 0, ${FREE})
  Atomics.notify(state, 0)
}, every)
`

const SILENT: Progress = { say: () => {}, end: () => {} }

/** Does the work of a command and tells a person who looks on what it is at, if it takes long; nothing is told where the output is for a program. */
export async function during<T>(
  quiet: boolean,
  work: (say: (what: string) => void) => Promise<T>,
): Promise<T> {
  const p = progress(process.stderr, quiet)
  try {
    return await work(p.say)
  } finally {
    p.end()
  }
}

/** Progress for a command: only where a person looks on (`quiet`: what is printed is for a program). */
export function progress(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(s: string): unknown },
  quiet: boolean,
  after = AFTER,
): Progress {
  if (stream.isTTY !== true || quiet) return SILENT
  const shared = new SharedArrayBuffer(8)
  const state = new Int32Array(shared)
  const worker = new Worker(LINE, {
    eval: true,
    execArgv: [],
    workerData: {
      shared,
      began: Date.now(),
      after,
      every: Math.min(EVERY, after),
      columns: stream.columns || 80,
      line: cli().progress('WHAT', 'SECONDS'),
    },
  })
  worker.unref()
  return {
    say: (what) => worker.postMessage(what),
    end: () => {
      while (Atomics.compareExchange(state, 0, FREE, OVER) === BUSY)
        Atomics.wait(state, 0, BUSY, EVERY)
      if (state[1] === 1) stream.write('\r\u001b[K')
      state[1] = 0
      void worker.terminate()
    },
  }
}
