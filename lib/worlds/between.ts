import { same, type Edit } from '#lib/topology/edit.ts'
import type { LinuxTables } from '#lib/topology/topology.ts'

/** The tables that programs write anew when they are told something else. */
export type Rewritten = {
  readonly [
    T in 'rules' | 'netfilter' | 'chains' | 'sockets' | 'sysctls' | 'devs'
  ]?: readonly LinuxTables[T][]
}

/**
 * The edits of one namespace that make of some rows others, as a program does that is told something else: rules go before their
 * chains and come after them. A rule that must stand behind a new one is deleted and added again, since what is added stands last.
 */
export function editsBetween(space: string, before: Rewritten, after: Rewritten): readonly Edit[] {
  const del = (table: Edit['table']) => (row: object) =>
    ({ op: 'del', in: space, table, where: { ...row } }) as Edit
  const add = (table: Edit['table']) => (row: object) =>
    ({ op: 'add', in: space, table, row }) as Edit
  const rules = changedRules(before.netfilter ?? [], after.netfilter ?? [])
  const [policy, chains, sockets, sysctls] = (
    ['rules', 'chains', 'sockets', 'sysctls'] as const
  ).map((t) => ({
    gone: without<object>(before[t] ?? [], after[t] ?? []),
    come: without<object>(after[t] ?? [], before[t] ?? []),
  }))
  return [
    ...policy!.gone.map(del('rules')),
    ...policy!.come.map(add('rules')),
    ...sockets!.gone.map(del('sockets')),
    ...rules.gone.map(del('netfilter')),
    ...chains!.gone.map(del('chains')),
    ...chains!.come.map(add('chains')),
    ...rules.come.map(add('netfilter')),
    ...sockets!.come.map(add('sockets')),
    ...sysctls!.gone.map(del('sysctls')),
    ...sysctls!.come.map(add('sysctls')),
    ...changedDevs(space, before.devs ?? [], after.devs ?? []),
  ]
}

function without<T>(list: readonly T[], others: readonly T[]): readonly T[] {
  return list.filter((x) => !others.some((y) => same(x, y)))
}

type Rule = LinuxTables['netfilter']
const chainOf = (r: Rule): string => `${r.table} ${r.chain}`

/** What stays of a chain are the first rules of the later one that it has in their order. */
function changedRules(
  before: readonly Rule[],
  after: readonly Rule[],
): { readonly gone: readonly Rule[]; readonly come: readonly Rule[] } {
  const wanted = new Map<string, Rule[]>()
  for (const rule of after) wanted.set(chainOf(rule), [...(wanted.get(chainOf(rule)) ?? []), rule])
  const stay = new Map<string, number>()
  const gone = before.filter((rule) => {
    const n = stay.get(chainOf(rule)) ?? 0
    const next = wanted.get(chainOf(rule))?.[n]
    if (next === undefined || !same(rule, next)) return true
    stay.set(chainOf(rule), n + 1)
    return false
  })
  const seen = new Map<string, number>()
  const come = after.filter((rule) => {
    const n = seen.get(chainOf(rule)) ?? 0
    seen.set(chainOf(rule), n + 1)
    return n >= (stay.get(chainOf(rule)) ?? 0)
  })
  return { gone, come }
}

/** Devices that both have, with what is other in the later ones. */
function changedDevs(
  space: string,
  before: Rewritten['devs'] & object,
  after: Rewritten['devs'] & object,
): readonly Edit[] {
  return before.flatMap((d): Edit[] => {
    const later = after.find((x) => x.name === d.name)
    const to = Object.fromEntries(
      Object.entries(later ?? {}).filter(
        ([k, x]) => !same((d as unknown as Readonly<Record<string, unknown>>)[k], x),
      ),
    )
    return Object.keys(to).length === 0
      ? []
      : [{ op: 'set', in: space, table: 'devs', where: { name: d.name }, to }]
  })
}
