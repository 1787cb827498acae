import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { main } from '#lib/cli/main.ts'

export const bin = fileURLToPath(new URL('../../lib/cli/packet-walk.mjs', import.meta.url))
export const top = fileURLToPath(new URL('../..', import.meta.url))
export interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The command in a process of its own. */
export function spawned(cwd: string, ...args: readonly string[]): Ran {
  const r = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' })
  return { status: r.status, out: r.stdout, err: r.stderr }
}

/** The command in this process: what it would write is kept. */
export async function ran(...args: readonly string[]): Promise<Ran> {
  const kept = { out: '', err: '' }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((s) => {
    kept.out += String(s)
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((s) => {
    kept.err += String(s)
    return true
  })
  try {
    const status = await main(args)
    return { status, ...kept }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}
