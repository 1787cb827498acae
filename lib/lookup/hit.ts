import type { TableName, Tables } from '#lib/topology/topology.ts'

/** A row that answered a question, and where it stands: `index` counts from 0 in its table, as a Ref does. */
export interface Hit<T extends TableName> { readonly row: Tables[T]; readonly index: number }
