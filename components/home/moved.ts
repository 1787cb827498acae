import { BASE } from '#components/site/base.ts'

/** The figure that this page had: its links lead to the first one of the first chapter, which begins as it did. */
export function moved(hash: string): string | null {
  const view = hash
    .slice(1)
    .split('&')
    .filter((p) => /^seed[.=]/.test(p))
    .map((p) => p.replace('seed', 'f1'))
  return view.length === 0 ? null : `${BASE}/flannel/#${view.join('&')}`
}
