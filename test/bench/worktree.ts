/** A checkout of another revision beside this one, for as long as it is needed. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const TOP = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What git says, without the line's end; null if it says no. */
function git(...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', args, { cwd: TOP, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** The commit that a name stands for; null if there is none. */
export function commit(rev: string): string | null {
  return git('rev-parse', '--verify', '--quiet', `${rev}^{commit}`)
}

/**
 * What a change is compared with: where it left the main branch; on that branch the last commit if files are changed, else the one
 * before. Null where there is no history (no repository, a shallow checkout).
 */
export function mergeBase(): string | null {
  const head = commit('HEAD')
  if (head === null) return null
  for (const main of ['origin/main', 'main']) {
    const base = commit(main) === null ? null : git('merge-base', 'HEAD', main)
    if (base !== null && base !== head) return base
  }
  return git('status', '--porcelain', '--', 'lib') === '' ? commit('HEAD~1') : head
}

/** Is lib/ as it was there? */
export function unchanged(rev: string): boolean {
  return (
    git('diff', '--quiet', rev, '--', 'lib') !== null &&
    git('status', '--porcelain', '--', 'lib') === ''
  )
}

/** Checks the commit out into a temporary folder and does something there; the folder is gone afterwards, also after Ctrl-C. */
export async function inWorktree<T>(rev: string, job: (root: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'packet-walk-bench-'))
  const root = join(folder, 'base')
  const clean = (): void => {
    git('worktree', 'remove', '--force', root)
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = (): void => process.exit(130)
  process.on('exit', clean)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)
  try {
    if (git('worktree', 'add', '--detach', '--quiet', root, rev) === null)
      throw new Error(`git worktree add ${root} ${rev} failed`)
    symlinkSync(join(TOP, 'node_modules'), join(root, 'node_modules'))
    return await job(root)
  } finally {
    clean()
    process.off('exit', clean)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, interrupted)
  }
}
