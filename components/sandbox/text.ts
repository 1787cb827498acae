import { resolveFlow, toFile, type Flow, type Topology } from '#lib/index.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import { build, whither, type Built } from './build.ts'
import { clusterValue, type Recipe } from './recipe.ts'

/* A sandbox as a cluster file in YAML: what `packet-walk trace` takes too. */

const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/
const PLAIN = /^[A-Za-z_][\w./-]*$/
/** What YAML, of one version or another, takes for something else than text. */
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i
/** What stands raw in JSON but not in YAML, or is seen by nobody. */
const UNSEEN = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g

/** Text as a YAML scalar, quoted unless it cannot be taken for anything else. */
function scalar(s: string): string {
  if (ADDRESS.test(s) || (PLAIN.test(s) && !WORDS.test(s))) return s
  return JSON.stringify(s).replace(
    UNSEEN,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A value of JSON in YAML's flow style. */
export function flowStyle(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowStyle).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
    return fields.length === 0
      ? '{}'
      : `{ ${fields.map(([k, x]) => `${scalar(k)}: ${flowStyle(x)}`).join(', ')} }`
  }
  return typeof value === 'string' ? scalar(value) : JSON.stringify(value)
}

/** How `packet-walk trace` is asked for a flow of a network in a file; null where no option says what it is. `to`: a name for where it goes. */
function commandOf(file: string, t: Topology, { f, to }: Asked): string | null {
  const asked = {
    from: f.from,
    to: f.proto === 'icmp' ? to : `${to}:${f.dport}`,
    ...(f.proto === 'udp' ? { proto: f.proto } : {}),
  }
  const plain = resolveFlow(t, asked)
  const more = {
    ...(f.sport === undefined ? {} : { sport: f.sport }),
    ...(f.size === plain.size ? {} : { size: f.size }),
    ...(f.ttl === plain.ttl ? {} : { ttl: f.ttl }),
    ...(f.df === true ? { df: true } : {}),
    ...(f.draw === undefined ? {} : { draw: f.draw }),
  }
  const meant = resolveFlow(t, { ...asked, ...more })
  const names = new Set([...Object.keys(f), ...Object.keys(meant)]) as ReadonlySet<keyof Flow>
  if ([...names].some((name) => meant[name] !== f[name])) return null
  const options = Object.entries<string | number | boolean>({ ...asked, ...more }).map(
    ([name, x]) => (x === true ? `--${name}` : `--${name} ${x}`),
  )
  return `npx packet-walk trace ${file} ${options.join(' ')}`
}
interface Asked {
  readonly f: Flow
  readonly to: string
}

/** What the file of a sandbox is called. */
export const fileName = ({ network, whole }: Recipe): string =>
  `${network}.${whole ? 'json' : 'yaml'}`

/** How a walk of a sandbox is asked for, of its file; null where no option says what is sent. */
export function commandHere(b: Recipe, built: Built, f: Flow): string | null {
  const { topology } = built.scenario
  return commandOf(fileName(b), topology, { f, to: b.whole ? f.to : whither(b, topology).to })
}

/** The tables of a whole world, as a file of topologies; or the cluster file, and how it is asked for what is sent here: the format has no place for that. Edits that do not fit stand behind it, as comments. */
export function clusterText(b: Recipe, built: Built = build(b), shown?: Flow): string {
  const { topology, flows } = built.scenario
  if (b.whole) return JSON.stringify(toFile(topology), null, 1)
  const command = commandHere(b, built, shown ?? flows['ping']!)
  const value = clusterValue(
    b,
    built.edits.map((e) => e.edit),
  )
  return [
    ...(command === null ? [] : [`# ${command}`]),
    ...Object.entries(value).map(([k, v]) =>
      Array.isArray(v)
        ? `${k}:\n${v.map((x) => `  - ${flowStyle(x)}`).join('\n')}`
        : `${k}: ${flowStyle(v)}`,
    ),
    ...built.left.map((l) => `# ${words().leftOut(flowStyle(l.edit))}`),
    '',
  ].join('\n')
}
