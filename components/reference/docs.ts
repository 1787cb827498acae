import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/* What the engine's own comments say of rows and devices: the reference prints them, so that it is written in one place. Read when pages are built. */

/** An interface of the engine with what stands above it and above its fields; '' where nothing does. */
export interface Documented {
  readonly name: string
  readonly says: string
  readonly fields: ReadonlyMap<string, string>
}

const COMMENT = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/`
const INTERFACE = new RegExp(
  String.raw`(?:${COMMENT}\s*)?export interface (\w+)[^{]*\{([\s\S]*?)\n\}`,
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
  return [...source.matchAll(INTERFACE)].map(([, comment, name = '', body = '']) => ({
    name,
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

/** What each kind of device is, by its name, from `lib/topology/devs`. */
export function kindDocs(): ReadonlyMap<string, Documented> {
  const rooms = readdirSync(join(process.cwd(), 'lib/topology/devs'), { withFileTypes: true })
  return new Map(
    rooms
      .filter((r) => r.isDirectory())
      .flatMap(({ name }) => {
        const [found] = documented(sourceOf(`lib/topology/devs/${name}/row.ts`))
        return found === undefined ? [] : [[name, found] as const]
      }),
  )
}

/** What all devices have (`Link`), and what may set a kind apart (`Kind`). */
export function deviceDocs(): { readonly link: Documented; readonly kind: Documented } {
  const all = documented(sourceOf('lib/topology/devs/kind.ts'))
  const of = (name: string): Documented =>
    all.find((d) => d.name === name) ?? { name, says: '', fields: new Map() }
  return { link: of('Link'), kind: of('Kind') }
}
