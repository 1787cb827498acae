import { afterEach, describe, expect, it } from 'vitest'
import { languageOf } from '#lib/cli/language.ts'
import { speak, spokenTag } from '#lib/words/language/index.ts'
import { ran } from './run.ts'

afterEach(() => speak(null))

describe('the language of the command', () => {
  it.each<readonly [Readonly<Record<string, string>>, string]>([
    [{}, 'en'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{ LANG: 'xx_XX.UTF-8' }, 'en'],
    [{ LANG: 'constructor' }, 'en'],
    [{ LANG: 'pseudo.UTF-8' }, 'en-x-pseudo'],
    [{ LANG: 'pseudo', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en', LC_MESSAGES: 'en', LC_ALL: 'pseudo' }, 'en-x-pseudo'],
    [{ LANG: 'pseudo', LC_ALL: '' }, 'en-x-pseudo'],
  ])('%j is %s', async (env, tag) => {
    expect(await languageOf(['list'], env)).toEqual(['list'])
    expect(spokenTag()).toBe(tag)
  })
  it.each([
    [['--lang', 'en', 'list', '--json']],
    [['list', '--lang=en', '--json']],
    [['list', '--json', '--lang', 'en']],
  ])('the line without it: %j', async (argv) => {
    expect(await languageOf(argv, { LANG: 'pseudo' })).toEqual(['list', '--json'])
    expect(spokenTag()).toBe('en')
  })
  it.each([
    [['--lang', 'xx', 'list'], '--lang xx: no such language; there are en'],
    [['list', '--lang'], '--lang: its value is missing; write --lang NAME'],
    [['list', '--lang='], '--lang: its value is missing; write --lang NAME'],
    [['list', '--lang', 'toString'], '--lang toString: no such language; there are en'],
  ])('%j is refused', async (argv, line) => {
    expect(await ran(...argv)).toEqual({ status: 2, out: '', err: `packet-walk: ${line}\n` })
  })
  it('tells a walk, helps and refuses in it', async () => {
    const ping = ['trace', 'flannel-vxlan', '--flow', 'ping']
    const [english, other] = [await ran(...ping), await ran(...ping, '--lang', 'pseudo')]
    expect(english.out).toContain('The longest prefix that holds 10.1.20.3')
    expect(other.status).toBe(0)
    expect(other.out).not.toContain('longest prefix')
    expect(other.out).toContain('10.1.20.3')
    expect((await ran('--lang', 'pseudo', 'trace', '--help')).out).toMatch(/wààlk àà pààckéét/)
    expect((await ran('--lang', 'pseudo', 'trcae')).err).toMatch(/nöö süüch cöömmàànd/)
  })
})
