import { apply } from './apply.ts'
import type { Cut, Edit, Splice } from './edit.ts'
import { LINUX_TABLES, space, VPC_TABLES, type Space, type Topology } from './topology.ts'

/**
 * What takes an edit back: applied to `apply(t, e)` in its order it gives `t`, every row at its place. What an edit brings with it (a device
 * takes its routes along) is taken back too, so the inverse is the difference of the rows, not an edit that the kernel would answer with
 * consequences of its own. The inverse of a splice is made of splices, so what was undone can be done again.
 * Throws EditError where apply() does.
 */
export function invert(t: Topology, e: Edit | Splice): Splice[] {
  return difference(apply(t, e), t)
}

/** The rows in which one topology differs from another of the same source, as what makes the second of the first. */
export function difference(from: Topology, to: Topology): Splice[] {
  const names = new Set([...from.edited.keys(), ...to.edited.keys()])
  return [...names].flatMap((name) => {
    const [was, now] = [space(from, name), space(to, name)]
    return was === undefined || now === undefined || was === now ? [] : splices(was, now)
  })
}

function splices(was: Space, now: Space): Splice[] {
  const rowsOf = (s: Space) => s as unknown as Readonly<Record<string, readonly object[]>>
  return (was.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES).flatMap((table): Splice[] => {
    const [before, after] = [rowsOf(was)[table]!, rowsOf(now)[table]!]
    const found = before === after ? [] : cuts(before, after)
    return found.length === 0 ? [] : [{ op: 'splice', in: was.name, table, cuts: found }]
  })
}

/** Where two lists of rows differ. Rows that both have are the same object; where such a row changed its place, it goes and comes. */
function cuts(before: readonly object[], after: readonly object[]): Cut[] {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let [end, last] = [before.length, after.length]
  while (end > start && last > start && before[end - 1] === after[last - 1]) {
    end -= 1
    last -= 1
  }
  const [had, has] = [new Set(before.slice(start, end)), new Set(after.slice(start, last))]
  const found: Cut[] = []
  let [i, k] = [start, start]
  while (i < end || k < last) {
    if (i < end && k < last && before[i] === after[k]) {
      i += 1
      k += 1
      continue
    }
    const at = i
    const [out, put]: [object[], object[]] = [[], []]
    while ((i < end || k < last) && !(i < end && k < last && before[i] === after[k])) {
      const comes = k < last && (i === end || !had.has(after[k]!))
      const stays = i === end || (comes && has.has(before[i]!))
      if (stays) put.push(after[k++]!)
      else out.push(before[i++]!)
    }
    found.push({ at, out, put })
  }
  return found
}
