import { says } from './sentence.ts'

/** Edits of a cluster file, or of a link. */
export const EDITS = {
  'edit-space': says(
    (name: string, _there: string) => `there is no namespace or VPC called ${name}`,
    (_, there) => `there are ${there}`,
  ),
  'edit-table': says(
    (table: string, _there: string) => `there is no table ${table}`,
    (_, there) => `there are ${there}`,
  ),
  'edit-foreign-table': says(
    (what: string, table: string, _there: string) => `a ${what} has no table ${table}`,
    (_what, _table, there) => `it has ${there}`,
  ),
  'edit-key': says(
    (table: string, _keys: string) => `${table} has no such field`,
    (_, keys) => `it has ${keys}`,
  ),
  'edit-where': says(
    () => 'where names nothing, so any row would be meant',
    () => 'write fields that name one row',
  ),
  'edit-to': says(
    () => 'to changes nothing',
    () => 'write the fields that change',
  ),
  'edit-misfit': says(
    (what: string, _remedy: string) => what,
    (_, remedy) => remedy,
  ),
} as const
