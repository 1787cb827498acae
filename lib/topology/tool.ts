import type { Edit } from './edit.ts'
import { typed } from './shell.ts'
import type { LinuxTables, Netns, TableName, Tables, Vpc } from './topology.ts'

/* What `tool.ts` of a table's folder holds: what one types to change a row, and what a tool prints of the rows. */

/** An edit of one table with its row filled in as far as it is known: before (null for add) and after (null for del), texts as a shell takes them. `nth` is a firewall rule's number in its chain, 0 if it is not known; `raw` is the row as it is. */
export interface Change<T extends TableName> {
  readonly op: Edit['op']
  readonly in: string
  readonly before: Tables[T] | null
  readonly after: Tables[T] | null
  readonly to: Readonly<Partial<Tables[T]>>
  readonly nth: number
  readonly raw: Tables[T]
  /** All rows of the table, as they were. */
  readonly rows: readonly Tables[T][]
}

/** A line of output, and the row it came from. */
export interface ToolLine {
  readonly text: string
  readonly row: number | null
}
/** `note`: how the lines differ from what the tool prints; none, and they are what it prints. */
export interface ToolOutput {
  readonly command: string
  readonly lines: readonly ToolLine[]
  readonly note?: string
}

export type SpaceOf<T extends TableName> = T extends keyof LinuxTables ? Netns : Vpc
export interface Tool<T extends TableName> {
  /** Commands joined by &&, and what no command says, as a comment behind them. */
  readonly command: (c: Change<T>) => string
  /** The rows as the tool that lists them prints them. */
  readonly print: (s: SpaceOf<T>) => ToolOutput
  /** Its place among the tables one looks at where a packet is; none: it decides nothing there. */
  readonly readAt?: number
  /** Its place among the tables one changes; none: nobody types its rows, or seldom. */
  readonly editAt?: number
}

/** Two states of a row, one of which there is. */
type States<T> = { readonly before: T | null; readonly after: T | null }

/** The row as it is afterwards, or as it was. */
export const row = <T>(c: States<T>): T => (c.after ?? c.before)!

/** Do any of these keys change? */
export const sets = (c: { readonly to: object }, ...keys: readonly string[]): boolean =>
  keys.some((k) => k in c.to)

/** How rows of a table are put in, taken out and replaced; `keys` are those that find a row: where one of them changes, it is taken out and put in. */
export interface Verbs<T> {
  readonly keys: readonly string[]
  readonly add: (row: T) => string
  readonly del: (row: T) => string
  readonly replace: (row: T) => string
}
export function byVerb<T>(
  c: States<T> & { readonly op: Edit['op']; readonly to: object },
  v: Verbs<T>,
): string {
  if (c.op === 'del') return v.del(c.before!)
  if (c.op === 'add') return v.add(c.after!)
  return sets(c, ...v.keys)
    ? typed({ commands: [v.del(c.before!), v.add(c.after!)] })
    : v.replace(c.after!)
}

/** A program is started, stopped or started again, and what it then has. */
export const service = (c: { readonly op: Edit['op'] }, unit: string, has: string): string =>
  typed({
    commands: [`systemctl ${{ del: 'stop', add: 'start', set: 'restart' }[c.op]} ${unit}`],
    notes: c.op === 'del' ? [] : [has],
  })

/** A line for each row, in their order. */
export const numbered = <T>(rows: readonly T[], text: (row: T) => string): ToolLine[] =>
  rows.map((r, n) => ({ text: text(r), row: n }))

/** A line for each row, in an order of the tool's. */
export const sorted = <T>(
  rows: readonly T[],
  order: (a: T, b: T) => number,
  text: (row: T) => string,
): ToolLine[] =>
  rows
    .map((r, n) => ({ r, row: n }))
    .toSorted((a, b) => order(a.r, b.r))
    .map(({ r, row: at }) => ({ text: text(r), row: at }))
