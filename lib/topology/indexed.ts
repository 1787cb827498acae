import { descentOf, goneRows, keptRows, movedRows, type Descent } from './descent.ts'

/** How many tables' results are at hand. A walk asks the same few namespaces in turns, and a WeakMap is several times slower. */
const AT_HAND = 8

/**
 * What is computed once from a rows array and kept as long as the array lives. Tables are immutable, an edit makes a new
 * array, so the array itself is the key and a stale answer cannot happen.
 * `patch`: the same for a table that came from another one by a few edits, out of what is known of that. It is quick, so only
 * the last few of those are kept: who holds a thousand edits for undo does not hold a thousand indexes.
 */
export function indexed<R extends readonly object[], V>(
  build: (rows: R) => V,
  patch?: (known: V, descent: Descent, rows: R) => V,
): (rows: R) => V {
  const kept = new WeakMap<R, V>()
  const recentRows: (R | null)[] = Array.from({ length: AT_HAND }, () => null)
  const recent: (V | null)[] = Array.from({ length: AT_HAND }, () => null)
  let oldest = 0
  let lastRows: R | null = null
  let last: V | null = null
  const built = (rows: R): V => {
    let value = kept.get(rows)
    if (value === undefined) kept.set(rows, (value = build(rows)))
    return value
  }
  const patched = (rows: R): V | undefined => {
    const descent = patch === undefined || kept.has(rows) ? undefined : descentOf(rows)
    if (descent === undefined) return undefined
    let known: V
    try {
      known = built(descent.base as R)
    } catch {
      // What is wrong in that table may have been put right in this one.
      return undefined
    }
    return patch!(known, descent, rows)
  }
  return (rows) => {
    if (rows === lastRows) return last as V
    let at = recentRows.indexOf(rows)
    if (at < 0) {
      const value = patched(rows) ?? built(rows)
      at = oldest
      oldest = (oldest + 1) % AT_HAND
      recentRows[at] = rows
      recent[at] = value
    }
    lastRows = rows
    last = recent[at]!
    return last
  }
}

/** Row numbers by key, in the order in which they count; as a Map gives them. */
export interface RowsBy<K> {
  get(key: K): readonly number[] | undefined
}

/** An index over another one: the keys whose rows changed, and all other rows moved up by what was taken out before them. */
class Layer<K> implements RowsBy<K> {
  readonly #base: RowsBy<K> | undefined
  readonly #changed: ReadonlyMap<K, readonly number[]>
  readonly #deleted: readonly number[]
  constructor(
    base: RowsBy<K> | undefined,
    changed: ReadonlyMap<K, readonly number[]>,
    deleted: readonly number[],
  ) {
    this.#base = base
    this.#changed = changed
    this.#deleted = deleted
  }
  get(key: K): readonly number[] | undefined {
    const own = this.#changed.get(key)
    if (own !== undefined) return own.length === 0 ? undefined : own
    const rows = this.#base?.get(key)
    return rows === undefined || this.#deleted.length === 0 ? rows : movedRows(this.#deleted, rows)
  }
}

/** Where rows are found: each says so for itself, perhaps in several places. */
export type Places<Row, G, K> = (row: Row, put: (group: G, key: K) => void) => void
/** Which of two rows with the same key counts first. */
export type Order<Row> = (a: Row, b: Row) => number
export type Groups<G, K> = ReadonlyMap<G, RowsBy<K>>

/** Row numbers by group and key: of rows with the same ones the first counts first, unless `order` says otherwise. */
export function grouped<Row extends object, G, K>(
  places: Places<Row, G, K>,
  order?: Order<Row>,
): (rows: readonly Row[]) => Groups<G, K> {
  const sort = (list: number[], rows: readonly Row[]): number[] =>
    list.sort((a, b) => order?.(rows[a]!, rows[b]!) || a - b)
  const build = (rows: readonly Row[]): Groups<G, K> => {
    const groups = new Map<G, Map<K, number[]>>()
    const several = new Set<number[]>()
    let row = 0
    const put = (group: G, key: K): void => {
      let keys = groups.get(group)
      if (keys === undefined) groups.set(group, (keys = new Map<K, number[]>()))
      const list = keys.get(key)
      if (list === undefined) keys.set(key, [row])
      else {
        list.push(row)
        several.add(list)
      }
    }
    for (; row < rows.length; row += 1) places(rows[row]!, put)
    if (order !== undefined) for (const list of several) sort(list, rows)
    return groups
  }
  const patch = (known: Groups<G, K>, descent: Descent, rows: readonly Row[]): Groups<G, K> => {
    const { base, deleted, fresh } = descent
    const changed = new Map<G, Map<K, number[]>>()
    const list = (group: G, key: K): number[] => {
      let keys = changed.get(group)
      if (keys === undefined) changed.set(group, (keys = new Map<K, number[]>()))
      let found = keys.get(key)
      if (found === undefined)
        keys.set(key, (found = keptRows(descent, known.get(group)?.get(key) ?? [])))
      return found
    }
    for (const row of goneRows(descent)) places(base[row] as Row, list)
    for (const row of fresh) places(rows[row]!, (group, key) => list(group, key).push(row))
    for (const keys of changed.values()) for (const found of keys.values()) sort(found, rows)
    const groups = new Map(known)
    const none: ReadonlyMap<K, readonly number[]> = new Map()
    for (const group of deleted.length > 0 ? known.keys() : changed.keys())
      groups.set(group, new Layer(known.get(group), changed.get(group) ?? none, deleted))
    for (const [group, keys] of changed)
      if (!known.has(group)) groups.set(group, new Layer(undefined, keys, deleted))
    return groups
  }
  return indexed(build, patch)
}
