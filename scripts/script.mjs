// The lines of package.json, for who runs one otherwise than by npm.
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** The words behind the program of a script. Throws Error for one of several programs, or with words that only a shell reads. */
export function wordsOf(name, line = scripts[name] ?? '') {
  const words = line.match(/'[^']*'|[^\s']+/g) ?? []
  const text = (word) => (word.startsWith("'") ? word.slice(1, -1) : word)
  if (words.length === 0 || words.some((w) => !w.startsWith("'") && /[&|;<>$*"`\\]/.test(w)))
    throw new Error(`${name}: package.json has no script of that name that is one program`)
  return words.slice(1).map(text)
}
