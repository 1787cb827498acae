/* A conflist under the reader's hands: what its text says. */

/** What can be written or taken out by one press. */
export const TOGGLES = [
  'flannel',
  'isDefaultGateway',
  'hairpinMode',
  'portmap',
  'portMappings',
] as const
export type Toggle = (typeof TOGGLES)[number]

interface Plugin {
  readonly type?: unknown
  readonly delegate?: Readonly<Record<string, unknown>>
  readonly capabilities?: Readonly<Record<string, unknown>>
}
interface List {
  readonly plugins?: readonly Plugin[]
  readonly [field: string]: unknown
}

function listIn(text: string): List | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as List) : null
  } catch {
    return null
  }
}

const pluginsIn = (list: List): readonly Plugin[] =>
  Array.isArray(list.plugins) ? (list.plugins as readonly Plugin[]) : []
const named = (list: List, type: string): Plugin | undefined =>
  pluginsIn(list).find((p) => p.type === type)

/** What stands in a text; null where it is no JSON. */
export function standing(text: string): ReadonlySet<Toggle> | null {
  const list = listIn(text)
  if (list === null) return null
  const [flannel, portmap] = [named(list, 'flannel'), named(list, 'portmap')]
  const has: Readonly<Record<Toggle, boolean>> = {
    flannel: flannel !== undefined,
    isDefaultGateway: flannel?.delegate?.['isDefaultGateway'] === true,
    hairpinMode: flannel?.delegate?.['hairpinMode'] === true,
    portmap: portmap !== undefined,
    portMappings: portmap?.capabilities?.['portMappings'] === true,
  }
  return new Set(TOGGLES.filter((t) => has[t]))
}

/** A list as it is read best: a plugin a line. */
export function written({ plugins, ...rest }: List): string {
  const fields = Object.entries(rest).map(
    ([k, x]) => ` ${JSON.stringify(k)}: ${JSON.stringify(x)},\n`,
  )
  const lines = (plugins ?? []).map(
    (p) => `\n  ${JSON.stringify(p, null, 1).replaceAll(/\n\s*/g, ' ')}`,
  )
  return `{\n${fields.join('')} "plugins": [${lines.join(',')}${lines.length > 0 ? '\n ' : ''}]\n}`
}

/** The text with one thing written, or taken out; a plugin that it belongs to comes with it. As it was where it is no JSON. */
export function toggled(text: string, what: Toggle): string {
  const list = listIn(text)
  const has = standing(text)
  if (list === null || has === null) return text
  const type = what === 'portmap' || what === 'portMappings' ? 'portmap' : 'flannel'
  const field = type === 'portmap' ? 'capabilities' : 'delegate'
  const old = named(list, type)
  const rest = pluginsIn(list).filter((p) => p !== old)
  const put = (p: Plugin): readonly Plugin[] => (type === 'flannel' ? [p, ...rest] : [...rest, p])
  const inside = { ...old?.[field] }
  if (has.has(what)) delete inside[what]
  else inside[what] = true
  const plain = what === type
  const plugins = plain
    ? has.has(what)
      ? rest
      : put({ type })
    : put({ ...(old ?? { type }), [field]: inside })
  return written({ ...list, plugins })
}
