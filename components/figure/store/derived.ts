/** What follows from a state. */
export type Get<S, T> = (s: S) => T

type Derive<S> = <V extends readonly unknown[], T>(
  from: readonly [...{ [K in keyof V]: Get<S, V[K]> }],
  make: (...values: V) => T,
) => Get<S, T>

/** Makes what follows from other things that do: made anew only when one of them has changed. Each remembers one state, so it belongs to one store. */
export function deriving<S>(): Derive<S> {
  return function derived<V extends readonly unknown[], T>(
    from: readonly [...{ [K in keyof V]: Get<S, V[K]> }],
    make: (...values: V) => T,
  ): Get<S, T> {
    let last: { of: S; values: V; made: T } | null = null
    return (s) => {
      // Most who ask, ask of the state that was asked of before.
      if (last !== null && last.of === s) return last.made
      const values = from.map((get) => get(s)) as unknown as V
      if (last === null || values.some((x, i) => x !== last?.values[i]))
        last = { of: s, values, made: make(...values) }
      else last.of = s
      return last.made
    }
  }
}
