import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/* What the engine's own comments say of rows and devices: the reference prints them, so that it is written in one place. Read when pages are built. */

/** An interface of the engine with what stands above it and above its fields; '' where nothing does. */
export interface Documented {
  readonly name: string
  /** The interface that it extends; '' where it extends none. */
  readonly extends: string
  readonly says: string
  readonly fields: ReadonlyMap<string, string>
}

const COMMENT = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/`
const INTERFACE = new RegExp(
  String.raw`(?:${COMMENT}\s*)?export interface (\w+)(?:<[^{]*?>)?(?: extends (\w+))?[^{]*\{([\s\S]*?)\n\}`,
  'g',
)
const FIELD = new RegExp(String.raw`(?:${COMMENT}\s*)?readonly (\w+)\??:`, 'g')

const plain = (comment = ''): string =>
  comment
    .replace(/\n\s*\*/g, '\n')
    .replace(/\s+/g, ' ')
    .trim()

/** The interfaces that a source exports, in its order. */
export function documented(source: string): readonly Documented[] {
  return [...source.matchAll(INTERFACE)].map(([, comment, name = '', parent = '', body = '']) => ({
    name,
    extends: parent,
    says: plain(comment),
    fields: new Map([...body.matchAll(FIELD)].map(([, says, field = '']) => [field, plain(says)])),
  }))
}

const sourceOf = (path: string): string => readFileSync(join(process.cwd(), path), 'utf8')

/** What a row of a table is, from `lib/topology/tables/NAME/row.ts`; undefined for the devices, which have kinds. */
export function rowDocs(table: string): Documented | undefined {
  const source = sourceOf(`lib/topology/tables/${table}/row.ts`)
  const row = new RegExp(String.raw`export const ${table}: Table<(\w+),`).exec(source)?.[1]
  return documented(source).find((d) => d.name === row)
}

/** What each kind of device is, by its name, from `lib/topology/devs`, with the fields of what its row extends. */
export function kindDocs(): ReadonlyMap<string, Documented> {
  const rooms = readdirSync(join(process.cwd(), 'lib/topology/devs'), { withFileTypes: true })
    .filter((r) => r.isDirectory())
    .map(({ name }) => ({ name, source: sourceOf(`lib/topology/devs/${name}/row.ts`) }))
  const all = new Map(rooms.flatMap((r) => documented(r.source)).map((d) => [d.name, d]))
  const whole = (d: Documented): Documented => {
    const parent = all.get(d.extends)
    return parent === undefined
      ? d
      : { ...d, fields: new Map([...whole(parent).fields, ...d.fields]) }
  }
  return new Map(
    rooms.flatMap(({ name, source }) => {
      const row = new RegExp(String.raw`export const ${name}: Kind<(\w+)>`).exec(source)?.[1]
      const found = all.get(row ?? '')
      return found === undefined ? [] : [[name, whole(found)] as const]
    }),
  )
}

/** What all devices have (`Link`), and what may set a kind apart (`Kind`). */
export function deviceDocs(): { readonly link: Documented; readonly kind: Documented } {
  const all = documented(sourceOf('lib/topology/devs/kind.ts'))
  const of = (name: string): Documented =>
    all.find((d) => d.name === name) ?? { name, extends: '', says: '', fields: new Map() }
  return { link: of('Link'), kind: of('Kind') }
}
