import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Writes the lists of what has a folder of its own: tables and kinds of devices. Each folder holds parts that load apart (what a row is,
 * how a file's is checked, what tools print of it), and a list of its own gathers each part. The order of a list is that of its first
 * part; a new folder comes last. `--check` writes nothing and fails when a list is not what it would write.
 */

const top = join(dirname(fileURLToPath(import.meta.url)), '..')
const LISTS = [
  {
    of: 'lib/topology/tables',
    to: 'lib/topology',
    first: 'row',
    parts: {
      row: ['rows.ts', 'TABLES', 'What each table is, in the order in which they are listed.'],
      check: ['checks.ts', 'CHECKS', 'What rows of a file may hold.'],
      refuse: ['refusals.ts', 'REFUSALS', 'What the kernel refuses, in its words.'],
      tool: ['tools.ts', 'TOOLS', 'What one types to change a row, and what tools print.'],
      script: ['scripts.ts', 'SCRIPTED', 'What of a row may stand in a script of a lab.'],
    },
  },
  {
    of: 'lib/topology/devs',
    to: 'lib/topology/devs',
    first: 'row',
    parts: {
      row: ['rows.ts', 'KINDS', 'What distinguishes each kind of device.'],
      check: ['checks.ts', 'KIND_CHECKS', 'What a row of each kind may hold.'],
      change: ['changes.ts', 'KIND_CHANGES', 'What Linux refuses of it, and what follows.'],
      tool: ['tools.ts', 'KIND_TOOLS', 'What one types to make it, and what `ip` prints.'],
      script: ['scripts.ts', 'KIND_SCRIPTS', 'How a lab makes it.'],
    },
  },
]

/** The names of the folders, those that a list has already first and in its order. */
function namesOf({ of, to, first, parts }) {
  const there = readdirSync(join(top, of)).filter((f) => statSync(join(top, of, f)).isDirectory())
  const list = join(top, to, parts[first][0])
  const [, body = ''] = existsSync(list)
    ? (/export const \w+ = \{\n([^}]*)\}/.exec(readFileSync(list, 'utf8')) ?? [])
    : []
  const known = [...body.matchAll(/^ {2}(\w+),$/gm)].map((m) => m[1])
  return [
    ...known.filter((x) => there.includes(x)),
    ...there.filter((x) => !known.includes(x)).toSorted(),
  ]
}

/** The types that a file exports by name, its own and those of files beside it. */
function typesOf(path) {
  const source = readFileSync(join(top, path), 'utf8')
  return [
    ...source.matchAll(/^export (?:(?:interface|type) (\w+)|type \{([^}]*)\} from)/gm),
  ].flatMap(([, own, others = '']) => (own === undefined ? (others.match(/\w+/g) ?? []) : [own]))
}

function written(list, part) {
  const { of, to, first, parts } = list
  const [, name, says] = parts[part]
  const at = of === to ? '.' : `./${of.slice(to.length + 1)}`
  const has = namesOf(list).filter((x) => existsSync(join(top, of, x, `${part}.ts`)))
  const line = (what, x) => {
    const from = `'${at}/${x}/${part}.ts'`
    const one = `${what.start}{ ${what.names.join(', ')} } from ${from}`
    return one.length <= 100
      ? one
      : `${what.start}{\n${what.names.map((n) => `  ${n},\n`).join('')}} from ${from}`
  }
  return [
    ...has.map((x) => line({ start: 'import ', names: [x] }, x)),
    ...(part === first
      ? [
          '',
          ...has.flatMap((x) => {
            const names = typesOf(join(of, x, `${part}.ts`))
            return names.length === 0 ? [] : [line({ start: 'export type ', names }, x)]
          }),
        ]
      : []),
    '',
    `/* Written by \`npm run lists\`, of the folders in ${of}/. */`,
    '',
    `/** ${says} */`,
    `export const ${name} = {`,
    ...has.map((x) => `  ${x},`),
    '}',
    '',
  ].join('\n')
}

const check = process.argv.includes('--check')
let stale = 0
for (const list of LISTS)
  for (const part of Object.keys(list.parts)) {
    const file = join(list.to, list.parts[part][0])
    const now = written(list, part)
    if (existsSync(join(top, file)) && readFileSync(join(top, file), 'utf8') === now) continue
    stale += 1
    if (!check) writeFileSync(join(top, file), now)
    console.log(check ? `${file} does not list what there is: npm run lists` : `wrote ${file}`)
  }
process.exit(check && stale > 0 ? 1 : 0)
