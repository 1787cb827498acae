import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { complaints, MOST_SCENES } from '#components/chapter/check.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const { outlineOf } = (await import('../../../scripts/outline.mjs' as string)) as {
  readonly outlineOf: (tree: unknown, file: string) => Outline
}
const WORLDS = new Map(Object.values(SCENARIOS).map((s) => [s.id, s]))
const of = (text: string): string[] =>
  complaints(outlineOf(createProcessor().parse(text), 'content/x.mdx'), WORLDS)

const STAGE = '<Stage id="f1" scenario="flannel-udp" flow="frontend-1-to-backend-2" />\n\n'
const scene = (attributes: string, body = 'x'): string =>
  `<Scene ${attributes}>\n\n## Heading\n\n${body}\n\n</Scene>\n\n`
const figure = '<Figure id="f" scenario="flannel-udp" flow="ping" />\n\n'

describe('what a chapter names and is there', () => {
  it('is no complaint: a scene takes the network of its stage, what stands in it that of the scene', () => {
    const text = `# T\n\n${STAGE}${scene(
      'id="a" from="node-1/docker0 route" to="node-1/flannel0 daemon" was="f2 old"',
      '<At step="node-1/docker0 ttl">x</At> <Fact name="overhead" />\n\n<Decides step="node-1/docker0 route" />',
    )}${scene(
      'id="b" scenario="flannel-vxlan" whatIfs="delete-fdb" level="kernel" compare="vpc-cni"',
      '<At step="node-1/flannel.1 tunnel">x</At>',
    )}`
    expect(of(text)).toEqual([])
  })
})

describe('what is not there is named, with its line and with what there is', () => {
  it.each([
    [
      'a world',
      STAGE + scene('id="a" scenario="weave"'),
      /^content\/x\.mdx:3: <Scene>: no world is called weave; there are docker-bridge, /,
    ],
    ['a flow', STAGE + scene('id="a" flow="pong"'), /flannel-udp has no flow pong; it has .*ping/],
    [
      'a what-if',
      STAGE + scene('id="a" whatIfs="stop-etcd"'),
      /no what-if stop-etcd; it has .*stop-flanneld/,
    ],
    [
      'a first step',
      STAGE + scene('id="a" from="node-1/docker0 rout"'),
      /has no step node-1\/docker0 rout; did you mean node-1\/docker0/,
    ],
    [
      'a last step',
      STAGE + scene('id="a" to="node-9/eth0 rx"'),
      /has no step node-9\/eth0 rx; did you mean/,
    ],
    ['the step of a still', STAGE + scene('id="a" still="nowhere"'), /has no step nowhere/],
    [
      'a world to compare with',
      STAGE + scene('id="a" compare="weave"'),
      /no world is called weave/,
    ],
    [
      'a level',
      STAGE + scene('id="a" level="deep"'),
      /no level deep; there are story, network, kernel/,
    ],
    [
      'a step of a phrase',
      STAGE + scene('id="a"', '<At step="x">y</At>'),
      /^content\/x\.mdx:7: <At>: .*has no step x/,
    ],
    [
      'a step of a table',
      STAGE + scene('id="a"', '<Decides step="x" />'),
      /<Decides>: .*has no step x/,
    ],
    [
      'a what-if of a question',
      STAGE + scene('id="a"', '<Predict id="q" whatIf="stop-etcd" ask="ends" />'),
      /<Predict>: flannel-udp has no what-if stop-etcd/,
    ],
    ['a fact', STAGE + scene('id="a"', '<Fact name="cost" />'), /no fact cost/],
    [
      'a fact of a packet that never arrives',
      '<Fact scenario="flannel-host-gw" flow="ping" name="ttl-received" />',
      /is not delivered/,
    ],
    [
      'a stage',
      scene('id="a" scenario="flannel-udp" flow="ping"'),
      /there is no <Stage> in this chapter; write one before it/,
    ],
    [
      'a what-if that is offered',
      '<Stage id="f1" scenario="flannel-udp" flow="ping" alter="stop-etcd" />',
      /no what-if stop-etcd/,
    ],
    [
      'a world to switch to',
      '<Stage id="f1" scenario="flannel-udp" flow="ping" switch="weave" />',
      /no world is called weave/,
    ],
    ['a figure', '<At figure="g" step="x">y</At>', /no figure g/],
    ['a figure outside of scenes', '<At step="x">y</At>', /it stands in no scene; name the figure/],
    [
      'the step of a figure',
      `${figure}<At figure="f" step="node-1/flannel9 xmit">x</At>`,
      /no step node-1\/flannel9 xmit/,
    ],
    [
      'the world of a figure',
      '<Figure id="f" scenario="flannel-tcp" flow="ping" />',
      /no world is called flannel-tcp/,
    ],
    [
      'the flow of a figure',
      '<Figure id="f" scenario="flannel-udp" flow="pong" />',
      /has no flow pong/,
    ],
    [
      'a stack’s step',
      '<Stack scenario="flannel-udp" flow="ping" step="nowhere" />',
      /has no step nowhere/,
    ],
    ['a colour', '<Hue of="red">x</Hue>', /no header has the colour red; there are .*vxlan/],
    ['an attribute', '<Hue of="udp" what="x">x</Hue>', /has no attribute what; it has of/],
    [
      'an element',
      '<Lab scenario="flannel-udp" />',
      /<Lab>: is not an element of chapters; there are Stage, Scene/,
    ],
  ])('%s', (_, text, complaint) => {
    expect(of(text).join('\n')).toMatch(complaint)
  })
})

describe('the form of a chapter', () => {
  it.each([
    [
      'two scenes of one name',
      STAGE + scene('id="a"') + scene('id="a"'),
      /:11: <Scene>: a second scene a; ids are unique/,
    ],
    ['a scene without a name', STAGE + scene('from=""'), /id "" is no short word/],
    ['a name that is no word', STAGE + scene('id="A b"'), /id A b is no short word/],
    ['two stages', STAGE + STAGE, /a second stage; a chapter has one/],
    ['two figures of one name', figure + figure, /a second figure f/],
    [
      'a span that ends before it begins',
      STAGE + scene('id="a" from="node-1/docker0 ttl" to="node-1/docker0 route"'),
      /comes before .*; turn them round/,
    ],
    [
      'more scenes than one reads',
      STAGE + Array.from({ length: MOST_SCENES + 1 }, (_, i) => scene(`id="s${i}"`)).join(''),
      /25 scenes; a chapter has 24 at most: make it two/,
    ],
    ['an import', "import x from 'x'\n", /imports and exports nothing/],
    ['an expression', 'one {1 + 1}', /no expressions/],
    ['an attribute that is computed', '<Hue of={1}>x</Hue>', /takes strings only: of="…"/],
  ])('refuses %s', (_, text, complaint) => {
    expect(of(text).join('\n')).toMatch(complaint)
  })
})
