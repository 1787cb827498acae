import type { Refuse } from '../../refuse.ts'
import { ruleSelector } from './row.ts'

/** fib_rules.c: rule_exists(), which does not ask whether a rule is inverted. */
export const rules: Refuse<'rules'> = {
  one: (_, r) => `rule ${r.priority}: ${ruleSelector({ ...r, not: false })}`,
}
