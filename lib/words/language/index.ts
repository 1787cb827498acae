/*
 * Words are kept apart from what they are about. A part is one file of them, such as `lib/words/en/explain.ts`: an object of
 * strings, and of functions that make a string of a code and its arguments. English is compiled in, part by part, so that a
 * page or a command loads only the parts it says. Another language is one object with all parts, typed by the English ones, so
 * that one that lacks a message is no program. It is spoken from the moment that speak() is told it: once, when a page or a
 * command begins.
 */

/** A BCP 47 tag, and the parts by their names. */
export interface Language {
  readonly tag: string
  readonly parts: Readonly<Record<string, unknown>>
}

const ENGLISH: Language = { tag: 'en', parts: {} }
let spoken = ENGLISH

/** The words of one part in the language that is spoken. It is asked each time something is said, never kept. */
export function part<Part extends object>(name: string, english: Part): () => Part {
  return () => (spoken.parts[name] as Part | undefined) ?? english
}

/** From now on this language is spoken; null: English. */
export function speak(language: Language | null): void {
  spoken = language ?? ENGLISH
}

/** The tag of the language that is spoken. */
export function spokenTag(): string {
  return spoken.tag
}

const RULES = new Map<string, Intl.PluralRules>()

/** The form that a number takes in a language. `other` is for every number that has no form of its own. Source: CLDR plural rules. */
export function plural<Text>(
  tag: string,
  count: number,
  forms: { readonly [form in Intl.LDMLPluralRule]?: Text } & { readonly other: Text },
): Text {
  const rules = RULES.get(tag) ?? new Intl.PluralRules(tag)
  RULES.set(tag, rules)
  return forms[rules.select(count)] ?? forms.other
}
