/* A language that nobody speaks, made of English: what stays English on a page was not asked of the words, and what its longer words break would break in German. */

/** Looks as its letter does, and is none of English. */
const ACCENTED: Readonly<Record<string, string>> = {
  a: 'à',
  e: 'é',
  i: 'ï',
  o: 'ö',
  u: 'ü',
  y: 'ý',
  A: 'À',
  E: 'É',
  I: 'Ï',
  O: 'Ö',
  U: 'Ü',
  Y: 'Ý',
}
/** By how much a text grows, of its length. */
const LONGER = 0.4
/** A word that means something: no name (`web-1`), no address, no unit, no abbreviation. Code between backticks and where a link leads stay. */
const WORD = /`[^`]*`|\]\([^)]*\)|[^\s[\]()“”]*[\d_=<>@#&][^\s[\]()“”]*|[A-Za-z’]+/g

/** One text, accented and at least 40 % longer. */
export function pseudoText(text: string): string {
  let grown = 0
  const wanted = Math.ceil(text.length * LONGER)
  const said = text.replace(WORD, (word) => {
    if (!/^[A-Za-z’]+$/.test(word) || (word.length > 1 && word === word.toUpperCase())) return word
    return word.replace(/[aeiouy]/gi, (letter) => {
      const accented = ACCENTED[letter]!
      if (grown >= wanted) return accented
      grown += 1
      return accented + accented.toLowerCase()
    })
  })
  if (said === text) return text
  // What has few vowels is filled up, in words that a line may break between.
  const missing = Math.max(0, wanted - grown)
  return (
    said +
    '~'.repeat(Math.min(missing, 3)) +
    ' ~~~~'.repeat(Math.ceil(Math.max(0, missing - 3) / 5))
  )
}

/** Words of English in this language: every text, and whatever a function returns. */
export function pseudo<Words>(english: Words): Words {
  if (typeof english === 'string') return pseudoText(english) as Words
  if (typeof english === 'function') {
    const say = english as unknown as (...args: readonly unknown[]) => unknown
    return ((...args: readonly unknown[]) => pseudo(say(...args))) as Words
  }
  if (Array.isArray(english)) return english.map((x: unknown) => pseudo(x)) as Words
  if (typeof english === 'object' && english !== null)
    return Object.fromEntries(Object.entries(english).map(([k, x]) => [k, pseudo(x)])) as Words
  return english
}
