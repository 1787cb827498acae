// What stands in an exported page beside its text: Next writes there once more, as rows for its own client, what the page was made of. Read here, so that a page can do without that client.
// The rows are React's (react-server-dom-turbopack, ReactFlightClient.js): `id:JSON`, `id:I[module, chunks, name]` for a component of the browser, `id:Tlength,text`, hints `:H...`, and streams that nobody fills here.

const PUSHED = /<script[^>]*>self\.__next_f\.push\((\[1,[\s\S]*?\])\)<\/script>/g

/** A reference to another row, and from there to one of its parts. */
class To {
  constructor(path) {
    this.path = path
  }
}
/** An element: `type` is the name of a tag or a `Part`. */
export class Element {
  constructor(type, key, props) {
    this.type = type
    this.key = key
    this.props = props
  }
}
/** A component of the browser: `name` of a module, which its chunks bring. */
export class Part {
  constructor(module, chunks, name) {
    this.module = module
    this.chunks = chunks
    this.name = name
  }
}

/** The rows of a page by id: `Part`s, and values whose references are `To`s yet. Throws Error on a row that it does not know. */
function rowsOf(html) {
  const bytes = Buffer.from([...html.matchAll(PUSHED)].map((m) => JSON.parse(m[1])[1]).join(''))
  const rows = new Map()
  let at = 0
  const upTo = (end) => {
    const from = at
    at = bytes.indexOf(end, at) + 1
    return bytes.toString('utf8', from, at - 1)
  }
  while (at < bytes.length) {
    const id = upTo(':')
    if (bytes[at] === 0x54) {
      at += 1
      const length = Number.parseInt(upTo(','), 16)
      rows.set(id, bytes.toString('utf8', at, at + length))
      at += length
      continue
    }
    const row = upTo('\n')
    if (row.startsWith('H') || /^[XC]$/.test(row)) continue
    if (!/^(I\[|[[{"\dtfn-])/.test(row))
      throw new Error(`a row of a page that is not known: ${id}:${row.slice(0, 40)}`)
    rows.set(
      id,
      row.startsWith('I')
        ? new Part(...valueOf(JSON.parse(row.slice(1))).slice(0, 3))
        : valueOf(JSON.parse(row)),
    )
  }
  return rows
}

function valueOf(json) {
  if (typeof json === 'string') return json.startsWith('$') ? named(json) : json
  if (json === null || typeof json !== 'object') return json
  if (!Array.isArray(json))
    return Object.fromEntries(Object.entries(json).map(([k, v]) => [k, valueOf(v)]))
  if (json[0] === '$') return new Element(valueOf(json[1]), json[2], valueOf(json[3]))
  return json.map(valueOf)
}

/** What a text that begins with `$` stands for. */
function named(text) {
  if (text.startsWith('$$')) return text.slice(1)
  if (text === '$undefined') return undefined
  if (text.startsWith('$S')) return Symbol.for(text.slice(2))
  const to = /^\$[L@Q]?([0-9a-f]+(:.*)?)$/.exec(text)
  if (to === null) throw new Error(`a value of a page that is not known: ${text}`)
  return new To(to[1])
}

/** The page as React sees it: `{ root, read, parts }`, the first row, what follows a reference to what it stands for, and all components of the browser that any row names. */
export function treeOf(html) {
  const rows = rowsOf(html)
  const read = (value) => {
    if (!(value instanceof To)) return value
    const [id, ...path] = value.path.split(':')
    return path.reduce((there, key) => read(read(there)[key]), read(rows.get(id)))
  }
  const parts = [...rows.values()].filter((row) => row instanceof Part)
  return { root: rows.get('0'), read, parts }
}
