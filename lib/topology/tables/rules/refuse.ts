import type { Refuse } from '../../refuse.ts'
import { ruleSelector } from './row.ts'

/** fib_rules.c: rule_exists(). */
export const rules: Refuse<'rules'> = {
  one: (_, r) => `rule ${r.priority}: ${ruleSelector(r)}`,
}
