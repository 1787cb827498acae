import { speak } from '#lib/words/language/index.ts'
import { LANGUAGES } from '#lib/words/languages.ts'
import type { CliWords } from '#lib/words/words.ts'
import { instead, shown } from './near.ts'
import { UsageError } from './usage.ts'
import { cli } from './words.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * Speaks the language of `--lang`, which may stand anywhere on the line; without it that of the environment (POSIX, in this
 * order: LC_ALL, LC_MESSAGES, LANG), if it is one there is; else English. Returns the line without the option. Throws UsageError
 * for a language that was asked for and is none.
 */
export async function languageOf(argv: readonly string[], env: Env): Promise<readonly string[]> {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  if (at < 0) {
    await speakIn(inEnvironment(env))
    return argv
  }
  const [, ...inline] = argv[at]!.split('=')
  const tag = inline.length > 0 ? inline.join('=') : argv[at + 1]
  if (tag === undefined || tag === '') throw new UsageError(cli().valueMissing('--lang', 'NAME'))
  if (!Object.hasOwn(LANGUAGES, tag))
    throw new UsageError(cli().noLanguage(shown(tag), instead(tag, offered())))
  await speakIn(tag)
  return argv.toSpliced(at, inline.length > 0 ? 1 : 2)
}

const offered = (): string[] => Object.keys(LANGUAGES).filter((tag) => !LANGUAGES[tag]!.hidden)

/** `de` of `de_DE.UTF-8`; of `C` and of what we do not speak, English. */
function inEnvironment(env: Env): string {
  const set = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (x) => x !== undefined && x !== '',
  )
  const tag = /^[A-Za-z]+/.exec(set ?? '')?.[0] ?? 'en'
  return Object.hasOwn(LANGUAGES, tag) ? tag : 'en'
}

async function speakIn(tag: string): Promise<void> {
  const entry = LANGUAGES[tag]!
  if (entry.load === null) {
    speak(null)
    return
  }
  const [lib, command] = await Promise.all([
    entry.load(),
    import(`../words/${tag}/cli.ts`) as Promise<{ readonly words: CliWords }>,
  ])
  speak({ tag: entry.tag, parts: { ...lib.words, ...command.words } })
}
