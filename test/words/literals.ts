import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const top = fileURLToPath(new URL('../..', import.meta.url))

export function filesIn(dir: string): string[] {
  return readdirSync(join(top, dir)).flatMap((name) => {
    const path = join(dir, name)
    return statSync(join(top, path)).isDirectory()
      ? filesIn(path)
      : /\.tsx?$/.test(name)
        ? [path]
        : []
  })
}
export const source = (path: string): string => readFileSync(join(top, path), 'utf8')

/** A text that stands in a file of code, and the line it begins at. */
export interface Literal {
  readonly text: string
  readonly line: number
}

/** The string literals of TypeScript, without comments; what a template puts in is cut out of it. No parser: a regular expression literal with a quote in it may hide what is behind it on its line. */
export function literals(code: string): Literal[] {
  const found: Literal[] = []
  let line = 1
  // What is open: a template, or what stands in braces within one.
  const open: { readonly kind: 'template' | 'brace'; text: string; readonly line: number }[] = []
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/(?![*/\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*(?=\s*[.,;)\]}]|\s*$)|`|\$\{|\{|\}|\n|\\[\s\S]|[\s\S]/gm
  for (const [t] of code.matchAll(token)) {
    const inside = open.at(-1)
    if (inside?.kind === 'template') {
      if (t === '`') {
        open.pop()
        found.push({ text: inside.text, line: inside.line })
      } else if (t === '${') {
        inside.text += ' \u0000 '
        open.push({ kind: 'brace', text: '', line })
      } else inside.text += t
    } else if (t === '`') open.push({ kind: 'template', text: '', line })
    else if (t === '{' || t === '${') open.push({ kind: 'brace', text: '', line })
    else if (t === '}') open.pop()
    else if (/^['"]/.test(t)) found.push({ text: t.slice(1, -1), line })
    line += t.split('\n').length - 1
  }
  return found
}

/** Texts of JSX that are written out: between tags, and in the attributes that are read to somebody. */
export function jsxText(code: string): string[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const attributes = [
    ...bare.matchAll(/\b(?:aria-label|aria-valuetext|title|placeholder|alt)="([^"]*)"/g),
  ].map((m) => m[1]!)
  // Behind a tag's end, or behind what is put in, up to the next tag: words, and nothing that only code has.
  const between = [...bare.matchAll(/(?:<\/?[a-zA-Z][^<>]*>|\})([^<>{}]*)(?=<\/?[a-zA-Z]|\{)/g)]
    .map((m) => m[1]!.trim())
    .filter(
      (text) =>
        /[A-Za-z]{2,}/.test(text) &&
        !/[=;()|]|=>|^\s*[,.?:]|\$$|\b(?:import|export|const|return|from|interface|catch)\b/.test(
          text,
        ),
    )
  return [
    ...attributes.filter((text) => /[A-Za-z]{2,}/.test(text) && !text.includes('${')),
    ...between,
  ]
}
