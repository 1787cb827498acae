/* What CNI plugins were asked and what they wrote, as content/hands keeps it. test/cni/hands.test.ts runs the plugins and compares. */

/** Who writes: a plugin, or what calls one. */
export type Hand = 'runtime' | 'flannel' | 'bridge' | 'host-local' | 'portmap'

/** A row as it is printed, and the namespace or machine that has it. `gone` is one that was taken away. */
export interface Row {
  readonly in: string
  readonly table: 'devices' | 'addresses' | 'routes' | 'rules' | 'sysctls' | 'files'
  readonly text: string
  readonly gone?: true
}

/** From one moment to the next the same hand writes. A plugin that calls another has two acts, before and after: the first has what it was handed, the last what it said. */
export interface Act {
  readonly hand: Hand
  readonly verb: 'ADD' | 'DEL'
  /** Whether a run showed it, or only the plugin's source says so. */
  readonly from: 'run' | 'source'
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: unknown
  /** Null where it said nothing. */
  readonly stdout?: unknown
  readonly rows: readonly Row[]
}

/** What a plugin answered to a verb: its exit code, and what stood on its standard output. */
export interface Answered {
  readonly verb: 'VERSION' | 'CHECK' | 'STATUS' | 'GC'
  readonly cniVersion: string
  readonly exit: number
  readonly stdout: unknown
}

/** Everything that was recorded of one pod on one node. */
export interface Recorded {
  /** Debian's package of the plugins, its version. */
  readonly plugins: string
  readonly node: string
  readonly pod: string
  /** The configuration that the runtime has read. */
  readonly conflist: unknown
  readonly acts: readonly Act[]
  /** host-local: addresses in the order in which they were given, the one that was given back, and which came next. */
  readonly leases: {
    readonly given: readonly string[]
    readonly back: string
    readonly next: string
  }
  /** Of the bridge plugin. */
  readonly answers: readonly Answered[]
}

/** What a row is about, whatever it says of it: a device, a setting, a file; of others the whole row. */
const subject = ({ in: where, table, text }: Row): string =>
  `${where} ${table} ${table === 'rules' ? text : text.replace(/(?:: | = ).*$/, '')}`

/** A row that is left, and whose it is. */
export interface Left {
  readonly hand: Hand
  readonly row: Row
}

/** What acts wrote and none of them took away, in the order of its writing. Who changes a row is not whose it is. */
export function leftBy(acts: readonly Act[]): readonly Left[] {
  const left = new Map<string, Left>()
  for (const { hand, rows } of acts) {
    const before = new Map(left)
    for (const row of rows.filter((r) => r.gone)) left.delete(subject(row))
    for (const row of rows.filter((r) => !r.gone)) {
      const id = subject(row)
      left.set(id, { hand: before.get(id)?.hand ?? hand, row })
    }
  }
  return [...left.values()]
}

/** What has the same key, together, in the order of the first of each. */
export function grouped<T>(
  all: readonly T[],
  key: (x: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  return [...new Set(all.map(key))].map((k) => [k, all.filter((x) => key(x) === k)])
}

/** A row of which one is asked whether it is left. */
export interface Candidate extends Left {
  readonly stays: boolean
}

/** Pairs to tell apart: of each hand and each of the node's tables that has both, the first that stays and the first that goes. */
export function candidates(acts: readonly Act[], node: string): readonly Candidate[] {
  const stays = new Set(leftBy(acts).map(({ row }) => subject(row)))
  const written = acts
    .filter((a) => a.verb === 'ADD')
    .flatMap(({ hand, rows }) =>
      rows
        .filter((r) => !r.gone && r.in === node)
        .map((row): Candidate => ({ hand, row, stays: stays.has(subject(row)) })),
    )
  return grouped(written, ({ hand, row }) => `${hand} ${row.table}`)
    .flatMap(([, all]) => {
      const [kept, gone] = [all.find((c) => c.stays), all.find((c) => !c.stays)]
      return kept === undefined || gone === undefined ? [] : [gone, kept]
    })
    .toSorted((a, b) => (a.row.text < b.row.text ? -1 : 1))
}

/** What an act did to a row. */
export type Deed = 'new' | 'changed' | 'gone'

/** The rows of an act as they are read: what only changed is one row, and of rules those that translate come first. */
export function deeds(rows: readonly Row[]): readonly (readonly [Row, Deed])[] {
  const now = new Set(rows.filter((r) => !r.gone).map(subject))
  const was = new Set(rows.filter((r) => r.gone).map(subject))
  const translates = ({ text }: Row): number => (/-j (?:DNAT|SNAT|MASQUERADE)/.test(text) ? 0 : 1)
  return rows
    .filter((r) => !(r.gone === true && now.has(subject(r))))
    .map((r): readonly [Row, Deed] => [
      r,
      r.gone === true ? 'gone' : was.has(subject(r)) ? 'changed' : 'new',
    ])
    .toSorted(([a], [b]) =>
      a.table === 'rules' && b.table === 'rules' ? translates(a) - translates(b) : 0,
    )
}
