import type { KindChange } from '../change.ts'
import { remade, twinOf } from '../gre/change.ts'

export const gretap: KindChange<'gretap'> = { refused: (n, _, d) => twinOf(n, d), remade }
