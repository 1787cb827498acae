import type { TableName, Tables } from './topology.ts'

/** One row changed: by an author, by a reader's what-if, or by the kernel itself (ARP, FDB learning, conntrack). `where` names fields that must be equal. */
export type Edit = { [T in TableName]:
  | { readonly op: 'add'; readonly in: string; readonly table: T; readonly row: Tables[T] }
  | { readonly op: 'del'; readonly in: string; readonly table: T; readonly where: Readonly<Record<string, unknown>> }
  | { readonly op: 'set'; readonly in: string; readonly table: T; readonly where: Readonly<Record<string, unknown>>; readonly to: Readonly<Partial<Tables[T]>> } }[TableName]
