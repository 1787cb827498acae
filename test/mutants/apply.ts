import type { Mutant } from './mutants.ts'

/** The code without what a formatter decides (white space, a comma before what closes), and where in the code each of its characters stood. */
function bare(code: string): { readonly text: string; readonly at: readonly number[] } {
  let text = ''
  const at: number[] = []
  for (let i = 0; i < code.length; i += 1) {
    const c = code[i]!
    if (/\s/.test(c) || (c === ',' && /^,\s*[)\]}]/.test(code.slice(i, i + 200)))) continue
    text += c
    at.push(i)
  }
  return { text, at }
}

/** How often the line that a mutant changes stands in its file, however that is formatted. */
export function timesIn(code: string, mutant: Mutant): number {
  return bare(code).text.split(bare(mutant.was).text).length - 1
}

/** The code with that one line wrong. */
export function mutated(code: string, mutant: Mutant): string {
  const { text, at } = bare(code)
  const was = bare(mutant.was).text
  const from = text.indexOf(was)
  return from < 0
    ? code
    : `${code.slice(0, at[from])}${mutant.becomes}${code.slice(at[from + was.length - 1]! + 1)}`
}
