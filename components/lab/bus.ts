/** What figures and prose on a page tell each other: a figure its step, a phrase where to go. In the page only. */
type Listener = (value: unknown) => void
const listeners = new Map<string, Set<Listener>>()
const last = new Map<string, unknown>()

export interface Position { readonly key: string; readonly keys: readonly string[]; readonly current: number }

/** Where a phrase asks a figure to go, and the phrase, to come back to. */
export interface Asked { readonly step: string; readonly from: HTMLElement }

export function subscribe(topic: string, f: Listener): () => void {
  const set = listeners.get(topic) ?? new Set()
  listeners.set(topic, set)
  set.add(f)
  return () => { set.delete(f) }
}

export function tell(topic: string, value: unknown): void {
  last.set(topic, value)
  for (const f of listeners.get(topic) ?? []) f(value)
}

/** A figure says where it stands. */
export function announce(id: string, p: Position): void {
  tell(`at:${id}`, p)
}

export function latest(id: string): Position | undefined {
  return last.get(`at:${id}`) as Position | undefined
}
