/** What a table is. Its folder has it in `row.ts`, with what a row may hold beside it (`check.ts`), what one types and what a tool prints of it (`tool.ts`), and what the kernel refuses (`refuse.ts`, where it does). */
export interface Table<Row, In extends 'netns' | 'vpc'> {
  /** Which spaces have it. */
  readonly in: In
  /** What stands in it in a new space. */
  readonly born: readonly Row[]
  /** The field in which rows mostly differ: long tables are searched by it. */
  readonly key?: keyof Row
  /** A row as one line, in the words of the tool that lists it. */
  readonly text: (row: Row) => string
}
