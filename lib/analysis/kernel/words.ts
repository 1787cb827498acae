import { agree as english } from '#lib/words/en/agree.ts'
import { part } from '#lib/words/language/index.ts'

export const agree = part('agree', english)

/** What the stub of the VPC takes for granted, one line each. */
export function vpcAssumes(): readonly string[] {
  return agree().vpcAssumes
}
