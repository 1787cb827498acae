/**
 * What is computed once from a rows array and kept as long as the array lives. Tables are immutable, an edit makes a new
 * array, so the array itself is the key and a stale answer cannot happen. A walk asks the same table many times in a row:
 * the last one is remembered beside the WeakMap, which is several times slower.
 */
export function indexed<K extends object, V>(build: (rows: K) => V): (rows: K) => V {
  const kept = new WeakMap<K, V>()
  let lastRows: K | null = null
  let last: V | null = null
  return (rows) => {
    if (rows === lastRows) return last as V
    let value = kept.get(rows)
    if (value === undefined) {
      value = build(rows)
      kept.set(rows, value)
    }
    lastRows = rows
    last = value
    return value
  }
}
