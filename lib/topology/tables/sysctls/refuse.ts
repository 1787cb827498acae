import type { Refuse } from '../../refuse.ts'

export const sysctls: Refuse<'sysctls'> = {
  one: (_, x) => `value of ${x.key}`,
  replaces: true,
}
