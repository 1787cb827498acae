import type { ThemeName } from '#components/words/en/site.ts'

/* Which colours a page has: what it was given before it was painted (app/layout.tsx), or was told since. */

export const THEMES = [
  'system',
  'light',
  'dark',
  'projector',
] as const satisfies readonly ThemeName[]

export function coloursNow(): ThemeName {
  const t = document.documentElement.dataset['theme']
  return THEMES.find((name) => name === t) ?? 'system'
}

const watchers = new Set<() => void>()
export function watchColours(changed: () => void): () => void {
  watchers.add(changed)
  return () => {
    watchers.delete(changed)
  }
}

export function wear(name: ThemeName): void {
  if (name === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = name
  for (const f of watchers) f()
}
