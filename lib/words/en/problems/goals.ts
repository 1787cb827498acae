import { ofFile, says } from './sentence.ts'

/** A file of goals. */
export const GOALS = {
  'no-goals': ofFile(
    () => 'there is no goal here',
    () => 'begin with packet-walk-goals: 1 and goals: [kubernetes-2]',
  ),
  'expects-nothing': says(
    (_keys: string) => 'nothing is expected, so it would always hold',
    (keys) => `write one or more of ${keys}`,
  ),
} as const
