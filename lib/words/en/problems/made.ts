/* What is said of edits that are made one by one, apart from what is said of files: pages that change a network need only these. */

/** What is wrong with an edit. Values come as JSON, cut; names as they are. */
export const edits = {
  noSpace: (name: string, there: string): string =>
    `there is no namespace or VPC called ${name}; there are ${there}`,
  noTableOfVpc: (tables: readonly string[]): string =>
    `a VPC has no such table; it has ${tables.join(', ')}`,
  noTableOfNamespace: (tables: readonly string[]): string =>
    `a namespace has no such table; it has ${tables.join(', ')}`,
  noEdit: (value: string): string => `${value} is no edit; write { op, in, table, … }`,
  noPlace: 'an edit says where: write in, the name of a namespace or VPC, and table',
  noOp: 'op is add, del or set; write one of them',
  noRow: (key: string): string =>
    `${key} is missing or no object; write ${key}: { … } with the fields of a row`,
  manyRows: (count: number, where: string, rows: readonly string[]): string =>
    `${count} rows match ${where}, an edit changes one; add fields that tell them apart: ${rows.join(' or ')}`,
  noMatch: (where: string, count: number, closest: readonly string[]): string =>
    `no row matches ${where} (${count === 1 ? '1 row' : `${count} rows`}); closest: ${closest.join(' or ')}`,
  noMatchEmpty: (where: string): string => `no row matches ${where} (0 rows); the table is empty`,
  noJson: 'what is no JSON',
  undoneSince: (at: number): string =>
    `the rows at ${at} are not those that shall go; undo what was changed since, first`,
  noCuts: 'cuts is no list of stretches; write cuts: [{ at, out, put }]',
  /** A value that is none. */
  nothing: 'nothing',
  /** A list of names of which `more` are left out. */
  andMore: (shown: readonly string[], more: number): string =>
    `${shown.join(', ')} and ${more} more`,
}
