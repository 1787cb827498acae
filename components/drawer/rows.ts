import {
  provenance,
  space,
  tableAsTool,
  tablesToRead,
  topologyAt,
  type Space,
  type TableName,
  type Topology,
  type Walk,
} from '#lib/index.ts'

/** Whom a row is by: whoever wrote it into the world and after what, a person at this page, or the walk itself, by the table. */
export type Writer =
  | { readonly who: string; readonly after: string }
  | 'you'
  /** A line that is no row: it follows from rows of other tables. */
  | 'derived'
  | { readonly walk: TableName }

/** A row against what stood there: `+` and `-` on the way to this step, or by the reader; `±` by the reader in the place of another; `earlier` by an earlier step of this walk. */
export type Change = '+' | '-' | '±' | 'earlier'

export interface Line {
  readonly text: string
  readonly row: number | null
  readonly change: Change | null
  readonly writer: Writer | null
}
export interface Printed {
  readonly table: TableName
  readonly command: string
  readonly note: string | undefined
  readonly lines: readonly Line[]
  /** How many rows were written and taken away. */
  readonly plus: number
  readonly minus: number
}

/** The tables of a space at four moments: as the world has them, as what-ifs made them, at the stop before, right after the step. */
interface Moments {
  readonly own: Topology
  readonly begun: Topology
  readonly before: Topology
  readonly now: Topology
}

const rowsOf = (s: Space | undefined, table: TableName): readonly object[] =>
  (s as unknown as Readonly<Record<string, readonly object[]>> | undefined)?.[table] ?? []

/** Tables whose tool lists what is no row of them: a device's own MACs and groups, the sockets of daemons and tunnels. */
const DERIVES: readonly TableName[] = ['fdb', 'sockets']

/** Which rows of a table are not in the other one, by what they say; a row twice is there twice. */
function without(rows: readonly object[], others: readonly object[]): ReadonlySet<number> {
  if (rows === others) return new Set()
  const left = new Map<string, number>()
  for (const r of others) {
    const text = JSON.stringify(r)
    left.set(text, (left.get(text) ?? 0) + 1)
  }
  return new Set(
    rows.flatMap((r, i) => {
      const text = JSON.stringify(r)
      const many = left.get(text) ?? 0
      if (many > 0) left.set(text, many - 1)
      return many > 0 ? [] : [i]
    }),
  )
}

/** What is looked at: a step, the one that was looked at before it (-1: none), and the world's tables before any change of the reader. */
export interface Shown {
  readonly walk: Walk
  readonly step: number
  readonly since: number
  readonly own: Topology
}

/** The tables of a space that have rows, as their tools print them: each row with who wrote it, marked where the walk since then or a what-if wrote it or took it away. */
export function tablesOf(name: string, { walk, step, since, own }: Shown): readonly Printed[] {
  const moments: Moments = {
    own,
    begun: walk.before,
    before: topologyAt(walk, since),
    now: topologyAt(walk, step),
  }
  const s = space(moments.now, name)
  if (s === undefined) return []
  return tablesToRead(s)
    .map((table) => printed(name, table, moments))
    .filter((t) => t.lines.length > 0)
}

/** One table of a network as it is, each row that a reader has added, changed or taken away marked as such. */
export function yours(
  name: string,
  table: TableName,
  { own, now }: { readonly own: Topology; readonly now: Topology },
): Printed {
  return printed(name, table, { own, begun: now, before: now, now })
}

/** Of rows that are new, those that stand where others stood: as far as there are as many. */
function replaced(
  own: readonly object[],
  now: readonly object[],
  yours: ReadonlySet<number>,
): ReadonlySet<number> {
  const gone = without(own, now)
  const found = new Set<number>()
  let at = 0
  now.forEach((_, i) => {
    if (!yours.has(i)) {
      // The row that stayed stands behind all that went before it.
      while (gone.has(at)) at += 1
      at += 1
    } else if (gone.has(at)) {
      found.add(i)
      at += 1
    }
  })
  return found
}

function printed(name: string, table: TableName, m: Moments): Printed {
  const at = (t: Topology): Space | undefined => space(t, name)
  const [own, begun, before, now] = [m.own, m.begun, m.before, m.now].map((t) =>
    rowsOf(at(t), table),
  )
  const fresh = without(now!, before!)
  const walked = without(now!, begun!)
  const mine = without(now!, own!)
  const changed = replaced(own!, now!, mine)
  const { command, lines, note } = tableAsTool(at(m.now)!, table)
  const writer = (row: number): Writer | null =>
    walked.has(row)
      ? { walk: table }
      : mine.has(row)
        ? 'you'
        : provenance(m.now, { in: name, table, row })
  const change = (row: number): Change | null =>
    fresh.has(row)
      ? '+'
      : walked.has(row)
        ? 'earlier'
        : mine.has(row)
          ? changed.has(row)
            ? '±'
            : '+'
          : null
  const there = lines.map((l): Line => ({
    ...l,
    change: l.row === null ? null : change(l.row),
    writer: l.row !== null ? writer(l.row) : DERIVES.includes(table) ? 'derived' : null,
  }))
  const gone = [
    ...ghosts(at(m.before), table, { rows: without(before!, now!), writer: { walk: table } }),
    ...ghosts(at(m.own), table, { rows: without(own!, begun!), writer: 'you' }),
  ]
  const seen = new Set(
    there.flatMap((l) => ((l.change === '+' || l.change === '±') && l.row !== null ? [l.row] : [])),
  )
  return {
    table,
    command,
    note,
    lines: placed(there, gone),
    plus: seen.size,
    minus: new Set(gone.map((g) => g.key)).size,
  }
}

/** A line that is no more, and behind which line it stood. */
interface Ghost {
  readonly key: string
  readonly behind: string | null
  readonly line: Line
}

function ghosts(
  s: Space | undefined,
  table: TableName,
  { rows, writer }: { readonly rows: ReadonlySet<number>; readonly writer: Writer },
): readonly Ghost[] {
  if (s === undefined || rows.size === 0) return []
  const { lines } = tableAsTool(s, table)
  return lines.flatMap((l, i): readonly Ghost[] =>
    l.row === null || !rows.has(l.row)
      ? []
      : [
          {
            key: `${JSON.stringify(writer)} ${l.row}`,
            behind:
              lines.slice(0, i).findLast((x) => x.row === null || !rows.has(x.row))?.text ?? null,
            line: { text: l.text, row: null, change: '-', writer },
          },
        ],
  )
}

/** Each ghost where it stood. */
function placed(there: readonly Line[], gone: readonly Ghost[]): readonly Line[] {
  if (gone.length === 0) return there
  const after = (behind: string | null): readonly Line[] =>
    gone.filter((g) => g.behind === behind).map((g) => g.line)
  const known = new Set(there.map((l) => l.text))
  return [
    ...gone.filter((g) => g.behind === null || !known.has(g.behind)).map((g) => g.line),
    ...there.flatMap((l, i) =>
      there.findIndex((x) => x.text === l.text) === i ? [l, ...after(l.text)] : [l],
    ),
  ]
}
