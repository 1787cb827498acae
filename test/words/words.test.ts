import { describe, expect, it } from 'vitest'
import { agree } from '#lib/words/en/agree.ts'
import { cli } from '#lib/words/en/cli.ts'
import { edits } from '#lib/words/en/problems/made.ts'
import { filesIn, jsxText, literals, source } from './literals.ts'

/* What a person reads stands in lib/words and components/words. What is looked for is no grammar, only the look of a sentence: it finds what somebody wrote in passing. */

/** Three words in a row, of letters that are mostly small. */
const SENTENCE = /\b[A-Za-z’]{2,},? [a-z’]{2,},? [a-z’]{2,}\b/
/** Literals that are no words of ours, by the look of their files, and why. */
const OTHERS: readonly (readonly [file: RegExp, why: string])[] = [
  [/\/words\//, 'they are here'],
  [/^components\/figure\/messages\.ts$/, 'the script of the page around an embed reads it'],
  [/^lib\/topology\/(devs\/|(devs|tables)\/\w+\/)tool\.ts$/, 'tools print it'],
  [
    /^lib\/topology\/(iptables|tables\/netfilter\/read-\w+)\.ts$/,
    'a mistake of whoever calls it: RangeErrors',
  ],
  [/^lib\/analysis\/print\/tcpdump(-ports)?\.ts$/, 'tcpdump prints it'],
  [
    /^lib\/topology\/(script|tables\/(netfilter|ipsets)\/saved|devs\/(\w+\/)?script)\.ts$/,
    'commands',
  ],
  [
    /^lib\/topology\/(devs\/\w+\/change|tables\/\w+\/refuse|refused|consequences|standing)\.ts$/,
    'the kernel and iproute2 say it, and what would be right stands behind it',
  ],
  [
    /^lib\/worlds\/[\w-]+\/(card|entry|asks|cni|firewall)\.ts$|^lib\/worlds\/(titles|cni\/[\w-]+)\.ts$/,
    'a world’s English is in its folder; rules as plugins write them',
  ],
  [/^lib\/trace\/drop(s|-sources)\.ts$/, 'commands, and files of the kernel'],
  [
    /^lib\/analysis\/kernel\/(lab|lab-shell|python\/\w+|kernels)\.ts$/,
    'lab scripts, and what is noted of kernels for those who read them',
  ],
  [
    /^lib\/cli\/(completion|kernel-lab|progress|uml|agent-talk|options)\.ts$/,
    'scripts, and examples of command lines',
  ],
  [
    /^components\/(chapter\/(check|told)|glossary\/glossary)\.ts$/,
    'what an author is told whose chapter cannot be built',
  ],
  [/^lib\/worlds\/cluster\/unmodelled\.ts$/, 'words of Docker’s, Kubernetes’s and iptables’ files'],
]
/** Commands, fields by the names that AWS gives them, and words of the YAML parser's own. */
const NO_WORDS = /^((npx )?packet-walk |interface-id |Excessive alias count)/
const ours = (file: string): boolean => !OTHERS.some(([name]) => name.test(file))
/** A mistake of whoever calls a function, or writes a chapter: it reaches no reader. */
const forCallers = (code: string, line: number): boolean =>
  /\b(Range|Type|Syntax)?Error\(/.test(
    code
      .split('\n')
      .slice(Math.max(0, line - 3), line)
      .join('\n'),
  )

/** What of a file looks as if a person should read it. */
function found(file: string): string[] {
  const code = source(file)
  const said = literals(code)
    .filter(
      ({ text, line }) => SENTENCE.test(text) && !NO_WORDS.test(text) && !forCallers(code, line),
    )
    .map(({ text, line }) => `${file}:${line}: ${text.slice(0, 60)}`)
  return file.endsWith('.tsx') ? [...said, ...jsxText(code).map((x) => `${file}: ${x}`)] : said
}

describe('words', () => {
  const files = ['lib', 'components', 'app'].flatMap(filesIn).filter(ours)
  it('stand in lib/words and components/words only', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(files.flatMap(found)).toEqual([])
  })
  it.each([
    ["const x = 'there is no route here'", true],
    ['const x = `no route of ${node} holds it`', true],
    ['const x = `${a(`it is not there`)} b`', true],
    ["// 'there is no route here'", false],
    ["/* `there is no route here` */ const x = 'a b'", false],
    ["const x = /it isn't there/.test(y) // 'no more than that'", false],
    ["const a = 'ip route'", false],
  ])('%s', (code, is) => {
    expect(literals(code).some((x) => SENTENCE.test(x.text))).toBe(is)
  })
  it.each([
    ['<p>Nothing yet.</p>', ['Nothing yet.']],
    ['<p><b>{x}</b> bytes</p>', ['bytes']],
    ['<button aria-label="Zoom in">+</button>', ['Zoom in']],
    ['<input placeholder={`type here`} title="A box" />', ['A box']],
    ['<a className="site brand">{words.name}</a>', []],
    ['const f = <T,>(x: T): T => (a < b && c > d ? x : x)', []],
    ['<span>{/* not shown */}·</span>', []],
  ])('%s', (code, texts) => {
    expect(jsxText(code)).toEqual(texts)
  })
})

describe('one of a thing', () => {
  const verdict = {
    world: 'w',
    flow: 'f',
    verdict: 'agrees',
    beyond: 0,
    twice: false,
    kernel: '6',
  } as const
  it.each([
    [cli.verdict({ ...verdict, frames: 1 }), 'w, f: agrees, 1 frame compared (Linux 6)'],
    [cli.verdict({ ...verdict, frames: 2 }), 'w, f: agrees, 2 frames compared (Linux 6)'],
    [agree.lost(1), 'the capture lost 1 frame'],
    [agree.lost(2), 'the capture lost 2 frames'],
    [edits.noMatch('{}', 1, ['{"a":1}']), 'no row matches {} (1 row); closest: {"a":1}'],
    [edits.noMatch('{}', 2, ['{"a":1}']), 'no row matches {} (2 rows); closest: {"a":1}'],
  ])('is said as one: %s', (said, right) => expect(said).toBe(right))
})
