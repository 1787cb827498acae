import { inCidr } from '#lib/wire/addr.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type {
  Conntrack,
  Daemon,
  FdbEntry,
  Lease,
  Neigh,
  NfChain,
  NfRule,
  OutsideHost,
  Route,
  Rule,
  Socket,
  Sysctl,
  Tuple,
  AclRule,
  Eni,
  SgFlow,
  SgRule,
  VpcRoute,
} from '#lib/topology/rows.ts'
import { rowAt, space, type Ref, type TableName, type Tables } from '#lib/topology/topology.ts'
import { explain } from '#lib/words/index.ts'
import { marksOf, refsOf } from '#lib/analysis/read/refs.ts'
import { tupleOf } from '#lib/nf/tuple.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'

const same = (a: Tuple, b: Tuple): boolean =>
  a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport
const turned = (t: Tuple): Tuple => ({ src: t.dst, dst: t.src, sport: t.dport, dport: t.sport })

/** The tuple that a packet, or what an ICMP error quotes, has; both ways round. */
function tuples(s: Step): readonly Tuple[] {
  const at = s.packet.headers[0]?.kind === 'ethernet' ? 2 : 1
  const icmp = s.packet.headers[at]
  const quoted =
    icmp?.kind === 'icmp' && [3, 5, 11, 12].includes(icmp.type)
      ? tupleOf(parseQuote(s.packet.payload))
      : tupleOf(s.packet)
  return quoted === null ? [] : [quoted.tuple, turned(quoted.tuple)]
}

/** Is the row the one that the step's sentence speaks of? Null: it is; else what it ought to be. */
function wrong(w: Walk, s: Step, ref: Ref, row: Tables[TableName]): string | null {
  const d = s.decision
  const is = (ok: boolean, what: string): string | null => (ok ? null : what)
  switch (ref.table) {
    case 'neigh': {
      const r = row as Neigh
      return d.kind === 'neigh'
        ? is(r.ip === d.ip && r.dev === s.dev, `the neighbour ${d.ip} on ${s.dev}`)
        : 'no neighbour'
    }
    case 'fdb': {
      const r = row as FdbEntry
      if (d.kind !== 'fdb') return 'no FDB entry'
      return s.stage === 'tunnel'
        ? is(
            (r.mac === d.mac || r.mac === '00:00:00:00:00:00') &&
              r.dev === s.dev &&
              r.dst === d.ports[0],
            `${d.mac} on ${s.dev} to ${d.ports[0]}`,
          )
        : is(
            r.mac === d.mac &&
              r.master === s.dev &&
              (d.ports.length === 0 || explain(s, w.after).includes(d.ports[0]!)),
            `${d.mac} of the bridge ${s.dev}, behind ${d.ports[0]}`,
          )
    }
    case 'conntrack': {
      const r = row as Conntrack
      return is(
        tuples(s).some((t) => same(t, r.original) || same(t, r.reply)) ||
          tuples(s).some((t) => same(t, turned(r.original)) || same(t, turned(r.reply))),
        `the connection of ${JSON.stringify(tuples(s)[0])}`,
      )
    }
    case 'routes': {
      const r = row as Route
      const asked = d.kind === 'source-check' ? d.src : d.kind === 'route' ? d.dst : null
      return asked === null ? 'no route' : is(inCidr(asked, r.dst), `a route to ${asked}`)
    }
    case 'rules': {
      const r = row as Rule
      return d.kind === 'route'
        ? is(r.not === true || r.to === undefined || inCidr(d.dst, r.to), `a rule for ${d.dst}`)
        : 'no rule'
    }
    case 'devs': {
      const r = row as Dev
      if (d.kind === 'route')
        return is(
          r.addrs.some((a) => inCidr(d.dst, a)) ||
            (r.kind === 'loopback' && d.dst.startsWith('127.')),
          `the owner of ${d.dst}`,
        )
      const gone = s.drop !== null && 'dev' in s.drop ? [s.drop.dev] : []
      return d.kind === 'device'
        ? is([s.dev, ...gone].includes(r.name), `the device ${s.dev}`)
        : 'no device'
    }
    case 'netfilter':
      return d.kind === 'hook'
        ? is((row as NfRule).table === d.table, `a rule of ${d.table}`)
        : 'no firewall rule'
    case 'chains':
      return d.kind === 'hook'
        ? is((row as NfChain).table === d.table, `a chain of ${d.table}`)
        : 'no chain'
    case 'sockets':
      return d.kind === 'socket'
        ? is(
            (row as Socket).port === d.port && (row as Socket).proto === d.proto,
            `a listener on ${d.proto} ${d.port}`,
          )
        : 'no socket'
    case 'sysctls':
      return d.kind === 'sysctl'
        ? is(
            (row as Sysctl).key === d.key && (row as Sysctl).value === d.value,
            `${d.key} = ${d.value}`,
          )
        : 'no sysctl'
    case 'leases': {
      const r = row as Lease
      return d.kind === 'lease'
        ? is(
            r.daemon === d.daemon && (ref !== d.matched || inCidr(d.dst, r.subnet)),
            `a lease that holds ${d.dst}`,
          )
        : 'no lease'
    }
    case 'daemons':
      return is((row as Daemon).tun === s.dev, `the daemon of ${s.dev}`)
    case 'enis': {
      const r = row as Eni
      return d.kind === 'source-dest-check'
        ? is(r.id === s.dev, `the interface ${s.dev}`)
        : d.kind === 'vpc-mapping'
          ? null
          : is(r.id === s.dev, 'no interface')
    }
    case 'outside':
      return d.kind === 'vpc-mapping'
        ? is((row as OutsideHost).ip === d.dst, `the host ${d.dst}`)
        : 'no host outside'
    case 'vpcRoutes':
      return d.kind === 'vpc-route'
        ? is(
            inCidr(d.dst, (row as VpcRoute).dst) &&
              (ref !== d.matched || (row as VpcRoute).target === d.target),
            `a route to ${d.dst}`,
          )
        : 'no route'
    case 'sgRules':
      return d.kind === 'security-group'
        ? is((row as SgRule).direction === d.direction, `a rule for ${d.direction}`)
        : 'no rule of a group'
    case 'aclRules':
      return d.kind === 'network-acl'
        ? is(
            (row as AclRule).direction === d.direction && (row as AclRule).subnet === d.subnet,
            `a rule of the ACL of ${d.subnet}`,
          )
        : 'no rule of an ACL'
    case 'sgFlows': {
      const r = row as SgFlow
      return d.kind === 'security-group'
        ? is(
            (r.eni === d.eni && tuples(s).some((t) => same(t, r))) ||
              [tupleOf(s.packet)?.tuple].some(
                (t) => t !== undefined && (same(t, r) || same(turned(t), r)),
              ),
            `the flow of ${JSON.stringify(tuples(s)[0])} at ${d.eni}`,
          )
        : 'no flow'
    }
    default:
      return `no row of ${ref.table}`
  }
}

/** What makes a row of a table that the kernel or the VPC writes itself the same as another. */
const KEYS: { readonly [T in TableName]?: (row: never) => string | null } = {
  neigh: (r: Neigh) => `${r.dev} ${r.ip}`,
  fdb: (r: FdbEntry) => `${r.master ?? r.dev} ${r.mac} ${r.dst ?? ''}`,
  conntrack: (r: Conntrack) =>
    r.gone === true ? null : `${r.proto} ${JSON.stringify(r.original)}`,
  routes: (r: Route) => (r.table === 'cache' ? r.dst : null),
  sgFlows: (r: SgFlow) => `${r.eni} ${r.proto} ${r.src} ${r.sport} ${r.dst} ${r.dport}`,
}

/** Where a walk breaks the law that what is learned is one row, and that each reference points at the row its sentence speaks of. */
export function refs(w: Walk): readonly string[] {
  const broken: string[] = []
  for (const s of w.steps) {
    const { matched, rejected } = refsOf(s.decision)
    const rule =
      s.decision.kind === 'route' && s.decision.rule !== null && s.decision.rule !== matched
        ? [s.decision.rule]
        : []
    for (const ref of marksOf(s.decision))
      if (
        !['MARK', 'CONNMARK'].includes(
          (rowAt(w.after, ref) as NfRule | undefined)?.target.type ?? '',
        )
      )
        broken.push(`step ${s.n}: ${ref.in}.${ref.table}[${ref.row}] marks nothing`)
    for (const ref of [...(matched === null ? [] : [matched]), ...rule, ...rejected]) {
      const row = rowAt(w.after, ref)
      const ought = row === undefined ? 'there' : wrong(w, s, ref, row)
      if (ought !== null)
        broken.push(
          `step ${s.n}, ${s.in}/${s.dev ?? ''} ${s.stage}: ${ref.in}.${ref.table}[${ref.row}] ${JSON.stringify(row)} is not ${ought}`,
        )
    }
  }
  const written = new Set(w.steps.flatMap((s) => s.writes.map((e) => `${e.in}|${e.table}`)))
  for (const where of written) {
    const [name, table] = where.split('|') as [string, TableName]
    const key = KEYS[table] as ((row: unknown) => string | null) | undefined
    const before = (
      space(w.before, name) as unknown as Readonly<Record<string, readonly unknown[]>>
    )[table]!.length
    const seen = new Set<string>()
    const rows = (space(w.after, name) as unknown as Readonly<Record<string, readonly unknown[]>>)[
      table
    ]!
    rows.forEach((row, i) => {
      const k = key?.(row) ?? null
      // Two rows that somebody wrote alike are his.
      if (k !== null && seen.has(k) && i >= before) broken.push(`${name}.${table}: ${k} twice`)
      if (k !== null) seen.add(k)
    })
  }
  return broken
}
