import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Act, Recorded } from './hands.ts'

/** What was recorded under a name in content/hands; read when pages are built. RangeError where there is nothing. */
export function recorded(name: string): Recorded {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new RangeError(`${name || '""'} is no name of a file; write a-z, 0-9 and -`)
  try {
    return JSON.parse(
      readFileSync(join(process.cwd(), 'content', 'hands', `${name}.json`), 'utf8'),
    ) as Recorded
  } catch {
    throw new RangeError(`there is no content/hands/${name}.json`)
  }
}

/** Elements of a chapter name it. */
interface Asked {
  readonly of: string
  readonly verb?: string
}

/** The acts of a verb that an element names. RangeError where there are none. */
export function actsOf({ of, verb }: Asked): readonly Act[] {
  const mine = recorded(of).acts.filter((a) => a.verb === verb)
  if (mine.length === 0) throw new RangeError(`${of} has no ${verb}; write ADD or DEL`)
  return mine
}
