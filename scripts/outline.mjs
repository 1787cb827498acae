// A chapter's outline, for MDX: a remark plugin that numbers the scenes, hands the stage's network down to what stands in them, and exports `outline`, of which the page checks every name when it is built.

/** Elements that speak of a walk, and what they take over from the scene or stage around them where they do not say it. */
const TAKES = {
  Decides: ['scenario', 'flow', 'whatIfs'],
  Predict: ['scenario', 'flow', 'whatIfs'],
  Be: ['scenario', 'flow', 'whatIfs'],
  Recall: ['scenario', 'flow'],
  Steps: ['scenario', 'flow', 'whatIfs'],
  Goals: ['scenario', 'flow', 'whatIfs'],
  Probes: ['scenario'],
  Census: ['flow'],
  Frames: ['scenario', 'flow', 'whatIfs'],
  Log: ['scenario', 'whatIfs'],
}
/** The same, but only all at once: a number of another network says which. */
const TAKES_ALL = { Fact: ['scenario', 'flow', 'whatIfs'], Stack: ['scenario', 'flow'] }

/** Elements that ask, and whose answer has a picture of its own. */
const ASKING = ['Predict', 'Be']

/** Elements that move the stage. */
const OF_STAGE = ['At', 'Predict', 'Be', 'Recall', 'Steps', 'Goals', 'Probes', 'Night', 'Conflist']

const isElement = (node) => node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement'
const named = (name) => (node) => isElement(node) && node.name === name

/** The attributes that are plain text; others are complaints, which are the check's to make. */
function attributesOf(node) {
  const found = {}
  for (const a of node.attributes ?? [])
    found[a.name ?? '{…}'] = typeof a.value === 'string' ? a.value : null
  return found
}
const give = (node, name, value) => {
  node.attributes.push({ type: 'mdxJsxAttribute', name, value })
}
const has = (node, name) => node.attributes.some((a) => a.name === name)

/** What a question asks of: what stands in it is read once its changes are made. */
function askedOf(within) {
  const question = within.findLast(named('Predict'))
  if (question === undefined) return {}
  const { scenario, flow, whatIf } = attributesOf(question)
  return {
    ...(scenario === undefined ? {} : { scenario }),
    ...(flow === undefined ? {} : { flow }),
    ...(whatIf === undefined ? {} : { whatIfs: whatIf }),
  }
}

function textOf(node) {
  return node.value ?? (node.children ?? []).map(textOf).join('')
}

function each(node, f, within = []) {
  f(node, within)
  for (const child of node.children ?? []) each(child, f, [...within, node])
}

/** What stands in an element takes its network over. */
function inherit(node, from) {
  if (from === null || !isElement(node)) return
  for (const name of TAKES[node.name] ?? [])
    if (!has(node, name) && from[name] !== undefined) give(node, name, from[name])
  if (!has(node, 'scenario'))
    for (const name of TAKES_ALL[node.name] ?? [])
      if (from[name] !== undefined) give(node, name, from[name])
  if (OF_STAGE.includes(node.name) && !has(node, 'figure')) give(node, 'figure', from.figure)
}

const wrapped = (name, children) => ({
  type: 'mdxJsxFlowElement',
  name,
  attributes: [],
  children,
})

/** What the first scene shows stands on the stage from the start: nothing turns to it. */
function beginAs(stage, scene) {
  const { from: step, scenario, flow, whatIfs, compare } = scene
  for (const [name, value] of Object.entries({ scenario, flow, whatIfs, step, compare })) {
    if (typeof value !== 'string' || value === '') continue
    stage.attributes = stage.attributes.filter((a) => a.name !== name)
    give(stage, name, value)
  }
}

/** `export const outline = JSON.parse('…')`, as a syntax tree. */
function exported(outline) {
  const parse = {
    type: 'CallExpression',
    callee: {
      type: 'MemberExpression',
      object: { type: 'Identifier', name: 'JSON' },
      property: { type: 'Identifier', name: 'parse' },
      computed: false,
      optional: false,
    },
    arguments: [{ type: 'Literal', value: JSON.stringify(outline) }],
    optional: false,
  }
  const declaration = {
    type: 'VariableDeclaration',
    kind: 'const',
    declarations: [
      { type: 'VariableDeclarator', id: { type: 'Identifier', name: 'outline' }, init: parse },
    ],
  }
  const body = [
    { type: 'ExportNamedDeclaration', declaration, specifiers: [], attributes: [], source: null },
  ]
  return {
    type: 'mdxjsEsm',
    value: '',
    data: { estree: { type: 'Program', sourceType: 'module', body } },
  }
}

/** The sentence of a text that has these words; all of the text where none has them whole. */
function sentenceWith(words, text) {
  const sentences = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.?!]) (?=[A-Z])/)
  return sentences.find((s) => s.includes(words)) ?? text
}

/** A term where it stands: its words and its sentence, '' where a number of a walk is missing in that. */
function termOf(node, within) {
  const text = textOf(node)
  const block = within.findLast((n) => n.type === 'paragraph' || n.type === 'listItem') ?? node
  const counted = block.children.some(named('Fact'))
  return {
    text,
    of: attributesOf(node).of ?? null,
    says: counted ? '' : sentenceWith(text, textOf(block)),
  }
}

/** What a chapter promises: the sentence of its beginning that says so. */
function promiseOf(head) {
  const text = head
    .filter((n) => n.type === 'paragraph')
    .map(textOf)
    .join(' ')
  const found = sentenceWith('By the end', text)
  return found.includes('By the end') ? found : ''
}

/** A line of sources as runs of text, each with where it leads, if anywhere. */
function runsOf(item) {
  const runs = []
  each(item, (node, within) => {
    if (node.type !== 'text' && node.type !== 'inlineCode') return
    const link = within.findLast((n) => n.type === 'link')
    runs.push({ text: node.value, href: link?.url ?? null })
  })
  return runs
}

/** What a chapter says, read from its tree; `file` is its path for complaints. */
export function outlineOf(tree, file) {
  const elements = []
  const scenes = []
  const terms = []
  const sources = []
  let words = 0
  each(tree, (node, within) => {
    // Sources are there to be looked up.
    if (node.type === 'text' && !within.some(named('Sources')))
      words += node.value.split(/\s+/).filter((w) => w !== '').length
    const line = node.position?.start.line ?? 0
    if (node.type === 'mdxjsEsm')
      elements.push({ name: 'import', line, attributes: {}, scene: -1, asked: {} })
    if (node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression')
      elements.push({ name: '{…}', line, attributes: {}, scene: -1, asked: {} })
    if (node.type === 'listItem' && within.some(named('Sources'))) sources.push(runsOf(node))
    if (!isElement(node)) return
    if (named('Scene')(node)) {
      const heading = (node.children ?? []).find((n) => n.type === 'heading')
      scenes.push({
        line,
        heading: heading === undefined ? '' : textOf(heading),
        attributes: attributesOf(node),
      })
    }
    const inside = named('Scene')(node) || within.some(named('Scene'))
    if (named('Term')(node))
      terms.push({ line, scene: inside ? scenes.length - 1 : -1, ...termOf(node, within) })
    elements.push({
      name: node.name ?? '',
      line,
      attributes: attributesOf(node),
      scene: inside ? scenes.length - 1 : -1,
      asked: askedOf(within),
    })
  })
  const stage = elements.find((e) => e.name === 'Stage') ?? null
  const head = (tree.children ?? []).slice(0, (tree.children ?? []).findIndex(named('Stage')))
  return { file, words, afterwards: promiseOf(head), stage, scenes, terms, sources, elements }
}

/** A heading's address, as rehype-slug makes it of the words that chapters have in their headings. */
const slugOf = (heading) =>
  textOf(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')

/** The remark plugin. */
export default function outline() {
  return (tree, vfile) => {
    const file = (vfile.path ?? '').replaceAll('\\', '/').replace(/^.*\/(?=content\/)/, '')
    const found = outlineOf(tree, file)
    tree.children.unshift(exported(found))
    const at = tree.children.findIndex(named('Stage'))
    if (at < 0 || found.stage === null) return
    const stage = found.stage.attributes
    beginAs(tree.children[at], found.scenes[0]?.attributes ?? {})
    let n = 0
    each(tree, (node, within) => {
      const scene = within.findLast(named('Scene'))
      if (named('Scene')(node)) {
        n += 1
        give(node, 'n', String(n))
        give(node, 'of', String(found.scenes.length))
        give(node, 'chapter', file.replace(/^.*\//, '').replace(/\.mdx$/, ''))
        for (const name of ['scenario', 'flow'])
          if (!has(node, name) && stage[name] !== undefined) give(node, name, stage[name])
        const asks = found.elements.filter((e) => ASKING.includes(e.name) && e.scene === n - 1)
        give(node, 'asks', JSON.stringify(asks.map((e) => e.attributes)))
      }
      // One address, one place.
      if (node.type === 'heading' && scene !== undefined && slugOf(node) === attributesOf(scene).id)
        node.data = { ...node.data, hProperties: { scenes: '' } }
      const own = scene === undefined ? {} : attributesOf(scene)
      inherit(node, { ...stage, whatIfs: '', ...own, ...askedOf(within), figure: stage.id })
    })
    const [head, body] = [tree.children.slice(1, at), tree.children.slice(at + 1)]
    const lead = wrapped('Lead', head)
    give(lead, 'words', String(found.words))
    tree.children = [tree.children[0], lead, tree.children[at], wrapped('Cards', body)]
  }
}
