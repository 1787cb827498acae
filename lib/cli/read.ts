import { parseArgs } from 'node:util'
import { instead, shown } from './near.ts'
import {
  COMMANDS,
  OPTIONS,
  type Command,
  type CommandName,
  type Option,
  type OptionName,
} from './options.ts'
import { cli } from './words.ts'
import { UsageError } from './usage.ts'

/** A command's line, read: its words, its flags and its values. */
export interface Read {
  readonly words: readonly string[]
  has(name: OptionName): boolean
  one(name: OptionName): string | undefined
  all(name: OptionName): readonly string[]
}

/** Reads the arguments behind a command's name. Throws UsageError for the first that is not as the table has it, unless help or the version is asked for. */
export function read(name: CommandName, argv: readonly string[]): Read {
  const c: Command = COMMANDS[name]
  const known = new Map<string, Option>(c.options.map((o) => [o, OPTIONS[o]]))
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      [...known].map(([o, { short, value, many }]) => [
        o,
        {
          type: value === undefined ? 'boolean' : 'string',
          ...(short === undefined ? {} : { short }),
          multiple: many === true,
        },
      ]),
    ),
  })
  const words: string[] = []
  const given = new Map<string, string[]>()
  const wrong: string[] = []
  for (const t of tokens) {
    if (t.kind === 'positional') words.push(t.value)
    if (t.kind !== 'option') continue
    const bad = wrongIn({ name, c }, known.get(t.name), { t, before: given.get(t.name) })
    if (bad === null) given.set(t.name, [...(given.get(t.name) ?? []), t.value ?? ''])
    else wrong.push(bad)
  }
  const asks = given.has('help') || given.has('version')
  const most = c.word === null ? 0 : c.word === 'goals' ? Infinity : 1
  if (!asks && wrong[0] !== undefined) throw new UsageError(wrong[0])
  if (!asks && words.length > most) throw new UsageError(tooMany(name, c, words[most]!))
  return {
    words,
    has: (o) => given.has(o),
    one: (o) => given.get(o)?.[0],
    all: (o) => given.get(o) ?? [],
  }
}

interface Token {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function wrongIn(
  { name, c }: { readonly name: CommandName; readonly c: Command },
  o: Option | undefined,
  { t, before }: { readonly t: Token; readonly before: readonly string[] | undefined },
): string | null {
  if (o === undefined)
    return cli().noOption(
      shown(t.rawName),
      name,
      elsewhere(c, t) ??
        instead(
          t.rawName,
          c.options.map((x) => `--${x}`),
        ),
    )
  if (o.value === undefined)
    return t.value === undefined ? null : cli().noValueTaken(t.rawName, shown(t.value))
  // A number below 0 is a value, of which the range is told later.
  const option =
    t.inlineValue !== true &&
    /^-./.test(t.value ?? '') &&
    !(o.takes === 'number' && /^-\d/.test(t.value ?? ''))
  if (t.value === undefined || t.value === '' || option)
    return cli().valueMissing(t.rawName, o.value)
  if (o.many === true || before === undefined || before[0] === t.value) return null
  return cli().twice(t.rawName, shown(before[0]!), shown(t.value))
}

/** An option that only other commands have. */
function elsewhere(c: Command, t: Token): string | null {
  const others = Object.entries<Command>(COMMANDS)
    .filter(([, x]) => x.options.some((o) => o === t.name))
    .map(([n]) => n)
  return others.length === 0 || c.options.some((o) => o === t.name)
    ? null
    : cli().optionOfOthers(others)
}

function tooMany(name: CommandName, c: Command, word: string): string {
  return c.word === null
    ? cli().noWords(name, shown(word))
    : cli().oneWord(name, c.word, shown(word))
}
