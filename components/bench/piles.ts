import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/* Statements of which one asks who says so, as content/piles keeps them. */

export interface Statement {
  readonly say: string
  readonly pile: string
  /** Who says so, or that nobody does. */
  readonly source: string
  readonly link?: string
}
export interface Piles {
  /** What the piles are called, by their names. */
  readonly piles: Readonly<Record<string, string>>
  readonly statements: readonly Statement[]
}

/** A file of content/piles; read when pages are built. RangeError where it is not there, a statement is on no pile, or one has no source. */
export function pilesOf(name: string): Piles {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new RangeError(`${name || '""'} is no name of a file; write a-z, 0-9 and -`)
  let read: Piles
  try {
    read = JSON.parse(
      readFileSync(join(process.cwd(), 'content', 'piles', `${name}.json`), 'utf8'),
    ) as Piles
  } catch {
    throw new RangeError(`there is no content/piles/${name}.json`)
  }
  for (const { say, pile, source } of read.statements) {
    if (!(pile in read.piles))
      throw new RangeError(
        `content/piles/${name}.json: “${say}” is on ${pile}; there are ${Object.keys(read.piles).join(', ')}`,
      )
    if (source.trim() === '')
      throw new RangeError(`content/piles/${name}.json: “${say}” has no source`)
  }
  return read
}
