import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { main } from '#lib/cli/main.ts'

export const bin = fileURLToPath(new URL('../../lib/cli/packet-walk.mjs', import.meta.url))
export const top = fileURLToPath(new URL('../..', import.meta.url))
export interface Ran { readonly status: number | null; readonly out: string; readonly err: string }

/** The command in a process of its own. */
export function spawned(cwd: string, ...args: readonly string[]): Ran {
  const r = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' })
  return { status: r.status, out: r.stdout, err: r.stderr }
}

/** The command in this process: what it would write is kept. */
export async function ran(...args: readonly string[]): Promise<Ran> {
  const kept = { out: '', err: '' }
  const [out, err] = [process.stdout.write, process.stderr.write]
  process.stdout.write = (s: string | Uint8Array): boolean => { kept.out += String(s); return true }
  process.stderr.write = (s: string | Uint8Array): boolean => { kept.err += String(s); return true }
  try {
    const status = await main(args)
    return { status, ...kept }
  } finally {
    process.stdout.write = out
    process.stderr.write = err
  }
}
