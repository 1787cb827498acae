import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { CHAPTERS } from '#content/chapters.ts'
import { fact } from '#lib/analysis/facts.ts'
import { walk } from '#lib/engine/walk.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { keys, type Walk } from '#lib/trace/walk.ts'

/** What prose may use, and the attributes each element knows. Anything else is a typing mistake. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Figure: ['id', 'scenario', 'flow', 'whatIfs', 'step', 'alter', 'switch', 'compare'], At: ['figure', 'step'], Fact: ['scenario', 'flow', 'name'], Hue: ['of'], Stack: ['scenario', 'flow', 'step'],
  Term: [], Callout: ['title'], Recap: [], Command: [], Check: ['question'], Sources: [],
}

const HUES = ['ethernet', 'arp', 'ipv4', 'outer', 'udp', 'tcp', 'icmp', 'vxlan', 'vpc']

/** A node of the MDX tree, as far as we read it. */
interface Node {
  readonly type: string
  readonly name?: string | null
  readonly depth?: number
  readonly position?: { readonly start: { readonly line: number } }
  readonly attributes?: readonly { readonly type: string; readonly name?: string; readonly value?: unknown }[]
  readonly children?: readonly Node[]
}
interface Element { readonly name: string; readonly line: number; readonly attributes: Readonly<Record<string, string>> }

const folder = fileURLToPath(new URL('../content/', import.meta.url))
const chapters = readdirSync(folder).filter((f) => f.endsWith('.mdx'))
const scenarios = new Map(Object.values(SCENARIOS).map((s) => [s.id, s]))

function all(node: Node): Node[] {
  return [node, ...(node.children ?? []).flatMap(all)]
}

/** Every element of a chapter, and every complaint about its form. */
function read(text: string): { readonly elements: readonly Element[]; readonly complaints: readonly string[] } {
  const nodes = all(createProcessor().parse(text) as unknown as Node)
  const elements: Element[] = []
  const complaints: string[] = []
  for (const node of nodes) {
    const line = node.position?.start.line ?? 0
    if (node.type === 'mdxjsEsm') complaints.push(`line ${line}: a chapter imports and exports nothing`)
    if (node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression') complaints.push(`line ${line}: a chapter has no expressions`)
    if (node.type !== 'mdxJsxFlowElement' && node.type !== 'mdxJsxTextElement') continue
    const name = node.name ?? ''
    const known = ELEMENTS[name]
    if (known === undefined) { complaints.push(`line ${line}: <${name}> is not an element of chapters`); continue }
    const attributes: Record<string, string> = {}
    for (const a of node.attributes ?? []) {
      if (a.name === undefined || typeof a.value !== 'string') complaints.push(`line ${line}: <${name}> takes strings only`)
      else if (!known.includes(a.name)) complaints.push(`line ${line}: <${name}> has no attribute ${a.name}`)
      else attributes[a.name] = a.value
    }
    elements.push({ name, line, attributes })
  }
  return { elements, complaints }
}

function listed(text: string | undefined): string[] {
  return (text ?? '').split(',').map((s) => s.trim()).filter((s) => s !== '')
}

interface Seen { readonly walk: Walk; readonly steps: ReadonlySet<string> }
const walked = new Map<string, Seen | string>()
/** A scenario's flow walked with what-ifs applied; or, as a string, what does not exist. */
function seen(scenario: string, flow: string, whatIfs: readonly string[]): Seen | string {
  const id = `${scenario};${flow};${whatIfs.join(',')}`
  const known = walked.get(id)
  if (known !== undefined) return known
  const answer = compute(scenario, flow, whatIfs)
  walked.set(id, answer)
  return answer
}

function compute(scenario: string, flow: string, whatIfs: readonly string[]): Seen | string {
  const s = scenarios.get(scenario)
  if (s === undefined) return `no scenario ${scenario}`
  const f = s.flows[flow]
  if (f === undefined) return `${scenario} has no flow ${flow}`
  const missing = whatIfs.find((w) => s.whatIfs[w] === undefined)
  if (missing !== undefined) return `${scenario} has no what-if ${missing}`
  const w = walk(applyAll(s.topology, whatIfs.flatMap((name) => s.whatIfs[name]?.edits ?? [])), f)
  return { walk: w, steps: new Set(keys(w)) }
}

/** What is wrong with a fact: its world, its name, or that its packet never arrives, so that there is no such number. */
function factComplaint({ scenario = '', flow = '', name = '' }: Element['attributes']): string | null {
  const there = seen(scenario, flow, [])
  if (typeof there === 'string') return there
  try {
    fact(there.walk, name)
  } catch (error) {
    return error instanceof RangeError ? `no fact ${name}` : String(error)
  }
  return there.walk.delivered ? null : `${scenario} ${flow} is not delivered: no fact to print`
}

/** Everything a chapter names that does not exist. Steps are looked for in the state their figure opens in. */
function complaintsOf(text: string): string[] {
  const { elements, complaints } = read(text)
  const out = [...complaints]
  const figures = new Map<string, Element>()
  const complain = (e: Element, what: string): void => { out.push(`line ${e.line}: ${what}`) }
  for (const e of elements.filter((x) => x.name === 'Figure')) {
    const { id = '', scenario = '', flow = '', whatIfs, step, alter } = e.attributes
    if (id === '') complain(e, '<Figure> has no id')
    if (figures.has(id)) complain(e, `a second figure ${id}`)
    figures.set(id, e)
    const opening = seen(scenario, flow, listed(whatIfs))
    if (typeof opening === 'string') { complain(e, opening); continue }
    if (step !== undefined && step !== '' && !opening.steps.has(step)) complain(e, `figure ${id} has no step ${step}`)
    for (const w of listed(alter)) {
      const altered = seen(scenario, flow, [w])
      if (typeof altered === 'string') complain(e, altered)
    }
    for (const other of [...listed(e.attributes.switch), ...listed(e.attributes.compare)]) {
      const there = seen(other, flow, [])
      if (typeof there === 'string') complain(e, there)
    }
  }
  for (const e of elements) {
    if (e.name === 'At') {
      const figure = figures.get(e.attributes.figure ?? '')
      if (figure === undefined) { complain(e, `no figure ${e.attributes.figure} in this chapter`); continue }
      const { scenario = '', flow = '', whatIfs } = figure.attributes
      const there = seen(scenario, flow, listed(whatIfs))
      if (typeof there === 'string' || !there.steps.has(e.attributes.step ?? '')) complain(e, `figure ${e.attributes.figure} has no step ${e.attributes.step}`)
    }
    if (e.name === 'Hue' && !HUES.includes(e.attributes.of ?? '')) complain(e, `no header has the colour ${e.attributes.of}`)
    if (e.name === 'Stack') {
      const { scenario = '', flow = '', step = '' } = e.attributes
      const there = seen(scenario, flow, [])
      if (typeof there === 'string') complain(e, there)
      else if (!there.steps.has(step)) complain(e, `${scenario} ${flow} has no step ${step}`)
    }
    if (e.name === 'Fact') {
      const complaint = factComplaint(e.attributes)
      if (complaint !== null) complain(e, complaint)
    }
  }
  return out
}

describe.each(chapters)('%s', (file) => {
  const text = readFileSync(`${folder}${file}`, 'utf8')

  it('names only what exists', () => {
    expect(complaintsOf(text)).toEqual([])
  })

  it('has one title, then a promise, then a figure', () => {
    const top = (createProcessor().parse(text) as unknown as Node).children ?? []
    expect(top.filter((n) => n.type === 'heading' && n.depth === 1)).toHaveLength(1)
    expect(top.slice(0, 3).map((n) => n.name ?? n.type)).toEqual(['heading', 'paragraph', 'Figure'])
  })

  it('ends with a recap and its sources', () => {
    const top = (createProcessor().parse(text) as unknown as Node).children ?? []
    expect(top.slice(-2).map((n) => n.name)).toEqual(['Recap', 'Sources'])
  })

  it('asks the reader to guess, and to change something', () => {
    const { elements } = read(text)
    expect(elements.some((e) => e.name === 'Check')).toBe(true)
    expect(elements.some((e) => e.name === 'Figure' && listed(e.attributes.alter).length > 0)).toBe(true)
  })

  it('introduces a term once', () => {
    const terms = [...text.matchAll(/<Term>([^<]+)<\/Term>/g)].map((m) => m[1]?.toLowerCase())
    expect(terms).toEqual([...new Set(terms)])
  })
})

it('lists chapters under the titles they have', () => {
  const titles = chapters.map((f) => readFileSync(`${folder}${f}`, 'utf8').split('\n')[0])
  expect(titles).toEqual(CHAPTERS.map((c) => `# ${c.title}`))
})

describe('the check of chapters', () => {
  const figure = '<Figure id="f" scenario="flannel-udp" flow="ping" whatIfs="" step="" />\n\n'

  it.each([
    ['a wrong step key', `${figure}<At figure="f" step="node-1/flannel9 xmit">x</At>`, 'no step node-1/flannel9 xmit'],
    ['a figure that is not there', `${figure}<At figure="g" step="node-1/eth0 xmit">x</At>`, 'no figure g'],
    ['an unknown scenario', '<Figure id="f" scenario="flannel-tcp" flow="ping" />', 'no scenario flannel-tcp'],
    ['an unknown flow', '<Figure id="f" scenario="flannel-udp" flow="pong" />', 'flannel-udp has no flow pong'],
    ['an unknown what-if', '<Figure id="f" scenario="flannel-udp" flow="ping" alter="stop-etcd" />', 'flannel-udp has no what-if stop-etcd'],
    ['an unknown world to switch to', '<Figure id="f" scenario="flannel-udp" flow="ping" switch="weave" />', 'no scenario weave'],
    ['an unknown fact', '<Fact scenario="flannel-udp" flow="ping" name="cost" />', 'no fact cost'],
    ['a fact about a packet that never arrives', '<Fact scenario="flannel-host-gw" flow="ping" name="ttl-received" />', 'is not delivered'],
    ['an unknown world to compare with', '<Figure id="f" scenario="flannel-udp" flow="ping" compare="weave" />', 'no scenario weave'],
    ['a stack at a step that is not there', '<Stack scenario="flannel-udp" flow="ping" step="nowhere" />', 'has no step nowhere'],
    ['a colour no header has', '<Hue of="red">x</Hue>', 'no header has the colour red'],
    ['an unknown attribute', '<Figure id="f" scenario="flannel-udp" flow="ping" what="x" />', 'has no attribute what'],
    ['an unknown element', '<Lab scenario="flannel-udp" />', '<Lab> is not an element'],
    ['an import', "import x from 'x'\n", 'imports and exports nothing'],
    ['an expression', 'one {1 + 1}', 'no expressions'],
  ])('refuses %s', (_, text, complaint) => {
    expect(complaintsOf(text).join('\n')).toContain(complaint)
  })
})
