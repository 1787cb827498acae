// `npm run api`: what lib/index.ts gives away, as the compiler declares it, into test/api/report.md.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('..', import.meta.url))
const path = join(top, 'test/api/report.md')

/** The names in braces of an export, without `type`; the name outside where it was renamed. */
const namesIn = (list) =>
  list
    .split(',')
    .map((n) => n.trim().replace(/^type /, ''))
    .filter((n) => n !== '')
    .map((n) => {
      const [inside, outside = inside] = n.split(' as ')
      return { inside, outside }
    })

/** What lib/index.ts exports: by name, each with the file it names. Throws where it says `*`. */
export function publicNames() {
  const source = readFileSync(join(top, 'lib/index.ts'), 'utf8')
  const star = /^export (?:type )?\*.*/m.exec(source)
  if (star !== null) throw new Error(`lib/index.ts: ${star[0]}; name what is public`)
  return [...source.matchAll(/^export (?:type )?\{([^}]*)\} from '\.\/([^']+)'/gm)].flatMap((m) =>
    namesIn(m[1]).map(({ inside, outside }) => ({ name: outside, inside, file: m[2] })),
  )
}

/** The compiler's declarations of all that lib/index.ts leads to: the text of each file of lib, by its name without .ts. */
function declared() {
  const dir = mkdtempSync(join(tmpdir(), 'packet-walk-api-'))
  try {
    const config = {
      extends: join(top, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        incremental: false,
        plugins: [],
        types: [],
        rootDir: top,
        outDir: dir,
      },
      files: [join(top, 'lib/index.ts')],
      include: [],
    }
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(top, 'node_modules/typescript/bin/tsc')
    const done = spawnSync(process.execPath, [tsc, '-p', dir], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`tsc: ${done.stdout}${done.stderr}`)
    const texts = new Map()
    const textOf = (file) => {
      const known = texts.get(file)
      if (known !== undefined) return known
      const text = readFileSync(join(dir, 'lib', file.replace(/\.ts$/, '.d.ts')), 'utf8')
      texts.set(file, text)
      return text
    }
    return publicNames().map((p) => declarationOf(p, textOf))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** One name's declaration and the comment before it; followed where a file hands on another's. */
function declarationOf({ name, inside, file }, textOf) {
  const lines = textOf(file).split('\n')
  const begins = new RegExp(
    `^export (?:declare )?(?:(?:function|class|interface|type|enum) ${inside}\\b|const (?:.*, )?${inside}\\b(?=[:, =]))`,
  )
  const at = lines.findIndex((l) => begins.test(l))
  if (at < 0) {
    const handedOn = new RegExp(
      `^(?:import|export) (?:type )?\\{[^}]*\\b${inside}\\b[^}]*\\} from '([^']+)'`,
      'm',
    ).exec(textOf(file))
    if (handedOn === null) throw new Error(`lib/${file}: no declaration of ${inside} was found`)
    const to = handedOn[1].startsWith('#lib/')
      ? handedOn[1].slice('#lib/'.length)
      : posix.join(dirname(file), handedOn[1])
    return declarationOf({ name, inside, file: to }, textOf)
  }
  // What follows on lines that are indented, or close what was opened, belongs to it.
  let end = at + 1
  while (end < lines.length && /^(?:\s|[})\]])/.test(lines[end])) end += 1
  let first = at
  if (lines[at - 1]?.trimEnd().endsWith('*/'))
    do first -= 1
    while (!lines[first].startsWith('/**'))
  const text = lines.slice(at, end).join('\n')
  return { name, file, doc: lines.slice(first, at).join('\n'), text }
}

/** Every public name: where it is declared, its docstring ('' if it has none), its declaration without comments. */
export function api() {
  return declared().map((d) => ({
    ...d,
    text: d.text
      .replaceAll(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '')
      .replaceAll(/ *\/\*\*.*?\*\//g, '')
      .trimEnd(),
  }))
}

/** The report as it should be. */
export function report(all = api()) {
  const files = [...new Set(all.map((d) => d.file))]
  const parts = files.map((file) => {
    const texts = new Set(all.filter((d) => d.file === file).map((d) => d.text))
    return `## lib/${file}\n\n\`\`\`ts\n${[...texts].join('\n')}\n\`\`\`\n`
  })
  return `# What lib/index.ts gives away\n\nWritten by \`npm run api\`; a test holds it to the code. What changes here changes for everybody who imports it.\n\n${parts.join('\n')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = api()
  writeFileSync(path, report(all))
  process.stdout.write(`test/api/report.md: ${all.length} names\n`)
}
