import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { layout } from '#components/diagram/layout/index.ts'
import { decoded, parts, quoted } from '#components/figure/store/fragment.ts'
import { walked } from '#components/figure/store/walked.ts'
import { read, stepOf, write } from '#components/figure/store/link.ts'
import { endsOf, MOST, MTU, START, type Recipe } from '#components/sandbox/recipe.ts'
import { build, nameOf } from '#components/sandbox/build.ts'
import { fromLink, toLink, type Linked } from '#components/sandbox/link.ts'
import { salvage } from '#components/sandbox/salvage.ts'
import { clusterText, flowStyle } from '#components/sandbox/text.ts'
import { applyAll, resolveFlow, toFile, toJson, walk, type Edit } from '#lib/index.ts'
import { RUNS } from '../arbitraries.ts'
import { anyBox, damagedFigure, damagedSandbox, dice } from './links.ts'
import { SCENARIOS, clusterOf, parseCluster } from '#lib/worlds/all.ts'

/** LINKS=6000 LINKS_SEED=7 asks for more of them, and for others. */
const MANY = Number(process.env['LINKS'] ?? 300)
const SEED = Number(process.env['LINKS_SEED'] ?? RUNS.seed)
const sandbox = (...fields: readonly unknown[]): string =>
  `#sandbox=${encodeURIComponent(JSON.stringify([1, ...fields]))}`
const whole = ['flannel-vxlan', 2, 2, 1500, 'pod-1-1', 'pod-2-2'] as const
const told = (
  hash: string,
): { readonly box: Recipe; readonly said: string; readonly made: ReturnType<typeof build> } => {
  const l = fromLink(hash)!
  const made = build(l.box)
  return {
    box: l.box,
    made,
    said: [...l.notices, ...made.notices, ...made.left.map((x) => `${x.name}: ${x.why}`)].join(
      '\n',
    ),
  }
}

describe('the sandbox in a link', () => {
  it('comes back as it was, and leaves the figure its part', () => {
    const box = {
      ...START,
      nodes: 3,
      edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.2.0/24' } }],
    }
    const hash = toLink('#walk=1;vpc-cni;tcp;;a%20b&walk.view=1;kernel;&old', box)
    expect(fromLink(hash)).toEqual({ box, notices: [] })
    expect(parts(hash).slice(1)).toEqual(['walk=1;flannel-vxlan;tcp;;a%20b', 'walk.view=1;kernel;'])
  })
  it('takes an edit of every kind, and many of them', () => {
    const add = {
      op: 'add',
      in: 'node-1',
      table: 'routes',
      row: { table: 'main', dst: '10.9.0.0/16', type: 'blackhole' },
    }
    const set = {
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'eth0' },
      to: { mtu: 1400 },
    }
    const many = Array.from({ length: 150 }, (_, i) => ({
      ...add,
      row: { ...add.row, dst: `10.9.${i}.0/24` },
    }))
    const { made, said } = told(sandbox(...whole, [set, ...many]))
    expect([made.edits.length, said]).toEqual([151, ''])
  })
  it.each([
    [{ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { addrs: 5 } }],
    [{ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 10 } }],
    [{ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { kind: 'nope' } }],
    [{ op: 'del', in: 'node-1', table: 'routes', where: {} }],
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'netfilter',
        where: { chain: 'FORWARD' },
        to: { table: 'zzz' },
      },
    ],
    [{ op: 'del', in: 'nowhere', table: 'routes', where: { dst: '10.1.2.0/24' } }],
    [{ op: 'del', in: 'node-1', table: 'zzz', where: {} }],
    [
      JSON.parse(
        '{"op":"del","in":"node-1","table":"routes","where":{"dst":"10.1.2.0/24","__proto__":{"x":1}}}',
      ),
    ],
    [
      JSON.parse(
        '{"op":"set","in":"node-1","table":"routes","where":{"dst":"10.1.2.0/24"},"to":{"constructor":{"x":1}}}',
      ),
    ],
    [5],
    [null],
    ['x'],
    [[]],
  ])('%j is left out by name, and the edits around it are made', (edit) => {
    const good = {
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'eth0' },
      to: { mtu: 1400 },
    }
    const { box, made } = told(sandbox(...whole, [good, edit, { ...good, in: 'node-2' }]))
    expect(made.edits.map((e) => e.n)).toEqual([0, 2])
    expect(made.left.map((l) => [l.n, l.name, l.why.length > 3])).toEqual([[1, nameOf(edit), true]])
    expect(box.edits[1]).toEqual(edit)
  })
  it('an edit that is no command is named by what it asks for', () => {
    expect(
      nameOf({ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { addrs: 5 } }),
    ).toBe('set node-1.devs where {"name":"eth0"} to {"addrs":5}')
    expect(
      nameOf({ op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.2.0/24' } }),
    ).toBe('ip route del 10.1.2.0/24  # node-1')
    expect([
      nameOf(5),
      nameOf({}),
      nameOf({ op: 'set', in: 'x'.repeat(999), table: 'devs', where: {} }).length,
    ]).toEqual(['5', '{}', 200])
  })
  it('what goes to a machine without an address goes where it was', () => {
    const { made, said } = told(
      sandbox(...whole, [{ op: 'del', in: 'pod-2-2', table: 'devs', where: { name: 'eth0' } }]),
    )
    expect([made.edits.length, said]).toEqual([
      1,
      'pod-2-2 has no address any more; what is sent goes to 10.1.2.3, which it had',
    ])
    expect(made.scenario.flows['ping']?.to).toBe('10.1.2.3')
  })
  it.each([
    [
      ['x', 2, 2, 1500, 'pod-1-1', 'pod-2-2', []],
      /^network: "x" is none of .*; flannel-vxlan stands here$/,
    ],
    [
      ['vpc-cni', 99, 2, 1500, 'pod-1-1', 'pod-2-2', []],
      /^nodes: 99 is no whole number from 1 to 8; 2 stands here$/,
    ],
    [
      ['vpc-cni', 2, 1.5, 1500, 'pod-1-1', 'pod-2-1', []],
      /^pods: 1.5 is no whole number from 1 to 12; 2 stands here$/,
    ],
    [
      ['vpc-cni', 2, 2, 99999, 'pod-1-1', 'pod-2-2', []],
      /^mtu: 99999 is no whole number from 576 to 9001; 1500 stands here$/,
    ],
    [
      ['vpc-cni', 2, 2, 1500, 'pod-3-1', 'pod-2-2', []],
      /^from: "pod-3-1" is no pod, node or host of it; pod-1-1 stands here$/,
    ],
    [
      ['vpc-cni', 1, 1, 1500, 'pod-1-1', {}, []],
      /^to: {} is no pod, node or host of it; pod-1-1 stands here$/,
    ],
    [
      ['vpc-cni', 2, 2, 1500, 'pod-1-1', 'pod-2-2', 'e'],
      /^edits: "e" is no list of edits; none are here$/,
    ],
    [['vpc-cni', 2, 2], /^it says nothing of mtu, from, to, edits; there they are as at first$/],
    [
      ['vpc-cni', 2, 2, 1500, 'pod-1-1', 'pod-2-2', [], 'more'],
      /^packet: "more" is no packet; none is sent here$/,
    ],
    [
      ['vpc-cni', 2, 2, 1500, 'pod-1-1', 'pod-2-2', [], { proto: 'icmp' }, 'more'],
      /^it says more than a sandbox has: \["more"\]$/,
    ],
  ])('%j: what cannot be is named, with what stands there now', (fields, notice) => {
    expect(fromLink(sandbox(...fields))!.notices).toEqual([expect.stringMatching(notice)])
  })
  it('of a link that is cut, or whose encoding is broken, what can be read is kept', () => {
    const edits = [
      { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.2.0/24' } },
      { op: 'del', in: 'node-2', table: 'routes', where: { dst: '10.1.1.0/24' } },
    ]
    const link = sandbox('flannel-udp', 3, 2, 1400, 'pod-1-2', 'pod-3-1', edits)
    const cut = fromLink(link.slice(0, -30))!
    expect(cut.box).toEqual({
      network: 'flannel-udp',
      nodes: 3,
      pods: 2,
      mtu: 1400,
      from: 'pod-1-2',
      to: 'pod-3-1',
      edits: edits.slice(0, 1),
      task: null,
      sends: null,
      whole: false,
    })
    expect(cut.notices.at(-1)).toMatch(
      /^it could not be read from ",\{\\"op.* on \(\d+ characters\)$/,
    )
    const broken = fromLink(link.replace('10.1.2.0', '10.1.2.0%E0%A4%A'))!
    expect(broken.box).toMatchObject({
      nodes: 3,
      edits: [{ where: { dst: '10.1.2.0%E0%A4%A/24' } }, edits[1]],
    })
    expect(broken.notices.join()).toContain('percent-encoding')
    expect(fromLink('#sandbax=%5B1%5D')!.notices).toEqual([
      '"sandbax=%5B1%5D" is no part of a sandbox\'s link, and is not used',
    ])
    expect([fromLink(''), fromLink('#main')]).toEqual([null, null])
  })
})

/* Every form that links had since the first was written: a link once copied opens for good. */
const VIEW = { detail: 'story', against: null, draw: null } as const
const OF_FIGURES: readonly (readonly [form: string, id: string, hash: string, state: object])[] = [
  [
    '+ for a space, as the first ones',
    'f1',
    '#f1=1;flannel-vxlan;ping;;node-1/flannel.1+xmit',
    { scenario: 'flannel-vxlan', flow: 'ping', whatIfs: [], key: 'node-1/flannel.1 xmit', ...VIEW },
  ],
  [
    '+ for a space, and a repeat',
    'seed',
    '#seed=1;flannel-udp;service;jumbo;node-1/veth0+rx%232',
    {
      scenario: 'flannel-udp',
      flow: 'service',
      whatIfs: ['jumbo'],
      key: 'node-1/veth0 rx#2',
      ...VIEW,
    },
  ],
  [
    '%20 for a space',
    'v1',
    '#v1=1;vpc-cni;same-node;delete-rule-512;node-1/eni2a1b4577390%20nat',
    {
      scenario: 'vpc-cni',
      flow: 'same-node',
      whatIfs: ['delete-rule-512'],
      key: 'node-1/eni2a1b4577390 nat',
      ...VIEW,
    },
  ],
  [
    'a space as it is, by hand',
    'seed',
    '#seed=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel',
    {
      scenario: 'flannel-vxlan',
      flow: 'ping',
      whatIfs: [],
      key: 'node-1/flannel.1 tunnel',
      ...VIEW,
    },
  ],
  [
    'all of it encoded, as mail programs do',
    'f',
    '#f=1;flannel-vxlan;ping;;node-1%2Fflannel.1%20tunnel',
    {
      scenario: 'flannel-vxlan',
      flow: 'ping',
      whatIfs: [],
      key: 'node-1/flannel.1 tunnel',
      ...VIEW,
    },
  ],
  [
    'no step',
    'f',
    '#f=1;vpc-cni;ping;;',
    { scenario: 'vpc-cni', flow: 'ping', whatIfs: [], key: '', ...VIEW },
  ],
  [
    'two what-ifs',
    'f6',
    '#f6=1;flannel-udp;large;lower-mtu,jumbo;web-app-frontend-1%20app',
    {
      scenario: 'flannel-udp',
      flow: 'large',
      whatIfs: ['lower-mtu', 'jumbo'],
      key: 'web-app-frontend-1 app',
      ...VIEW,
    },
  ],
  [
    'how it is looked at',
    'f1',
    '#f1=1;flannel-udp;service;;node-1/flannel0%20postrouting&f1.view=1;kernel;vpc-cni',
    {
      scenario: 'flannel-udp',
      flow: 'service',
      whatIfs: [],
      key: 'node-1/flannel0 postrouting',
      ...VIEW,
      detail: 'kernel',
      against: 'vpc-cni',
    },
  ],
  [
    'nothing compared',
    'f1',
    '#f1=1;flannel-udp;ping;;web-app-frontend-1%20app&f1.view=1;network;',
    {
      scenario: 'flannel-udp',
      flow: 'ping',
      whatIfs: [],
      key: 'web-app-frontend-1 app',
      ...VIEW,
      detail: 'network',
    },
  ],
  [
    'a draw',
    'v6',
    '#v6=1;vpc-cni;service;;web-app-frontend-1%20app&v6.view=1;story;;3',
    {
      scenario: 'vpc-cni',
      flow: 'service',
      whatIfs: [],
      key: 'web-app-frontend-1 app',
      ...VIEW,
      draw: 3,
    },
  ],
  [
    'other figures beside it, and a heading',
    'f2',
    '#f1=1;vpc-cni;ping;;x&a-heading&f2=1;flannel-udp;ping;;web-app-frontend-1%20app&f3=1;a;b;;',
    { scenario: 'flannel-udp', flow: 'ping', whatIfs: [], key: 'web-app-frontend-1 app', ...VIEW },
  ],
]
const DEL = [
  {
    op: 'del',
    in: 'node-1',
    table: 'routes',
    where: { table: 'main', dst: '10.1.2.0/24', dev: 'flannel.1', via: '10.1.2.0', onlink: true },
  },
]
const SET = [
  { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } },
  { op: 'set', in: 'node-2', table: 'devs', where: { name: 'eth0' }, to: { up: false } },
]
const OF_SANDBOXES: readonly (readonly [
  form: string,
  hash: string,
  box: object,
  walk: string | null,
])[] = [
  [
    'nothing changed',
    '#sandbox=%5B1%2C%22flannel-vxlan%22%2C2%2C2%2C1500%2C%22pod-1-1%22%2C%22pod-2-2%22%2C%5B%5D%5D',
    {},
    null,
  ],
  ['a row deleted', sandbox(...whole, DEL), { edits: DEL }, null],
  [
    'fields set',
    sandbox('flannel-udp', 3, 1, 9001, 'node-1', 'internet', SET),
    {
      network: 'flannel-udp',
      nodes: 3,
      pods: 1,
      mtu: 9001,
      from: 'node-1',
      to: 'internet',
      edits: SET,
    },
    null,
  ],
  [
    'not encoded, as some programs show it',
    `#sandbox=${JSON.stringify([1, ...whole, DEL])}`,
    { edits: DEL },
    null,
  ],
  [
    'quotes and spaces encoded only, as browsers do',
    `#sandbox=${JSON.stringify([1, ...whole, DEL]).replaceAll('"', '%22')}`,
    { edits: DEL },
    null,
  ],
  [
    'a flow and a step chosen',
    `${sandbox(...whole, SET)}&walk=1;flannel-vxlan;tcp;;node-1/docker0%20bridge%233`,
    { edits: SET },
    'tcp',
  ],
  ['a step of a sandbox as it begins', '#walk=1;flannel-vxlan;ping;;pod-1-1%20app', {}, 'ping'],
  [
    'how it is looked at',
    `${sandbox(...whole, [])}&walk=1;flannel-vxlan;big;;pod-1-1%20app&walk.view=1;kernel;`,
    {},
    'big',
  ],
]

describe('links as they were ever written', () => {
  it.each(OF_FIGURES)('of a figure: %s', (_, id, hash, state) => {
    const l = read(hash, id, { scenario: 'docker-bridge', flow: 'ping' })!
    const { keys } = walked(SCENARIOS[l.scenario]!, l)
    const found = stepOf(keys, l.key)
    expect({ ...l, key: found.exact ? (l.key === '' ? '' : keys[found.step]) : null }).toEqual({
      ...state,
      notice: null,
    })
  })
  it.each(OF_SANDBOXES)('of a sandbox: %s', (_, hash, box, flow) => {
    const l = fromLink(hash)!
    const made = build(l.box)
    expect({ ...l, left: made.left }).toEqual({ box: { ...START, ...box }, notices: [], left: [] })
    const w = read(hash, 'walk', {
      scenario: made.scenario.id,
      flow: 'ping',
      custom: made.scenario,
    })
    expect([w?.flow ?? null, w?.notice ?? null]).toEqual([flow, null])
    expect(w === null || stepOf(walked(made.scenario, w).keys, w.key).exact).toBe(true)
  })
})

describe('JSON that is cut', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  it('is read as JSON.parse reads it when it is whole', () => {
    fc.assert(
      fc.property(json, (x) => {
        const text = JSON.stringify(x)
        expect(salvage(text)).toEqual({ value: JSON.parse(text) as unknown, rest: null, twice: [] })
      }),
      RUNS,
    )
  })
  it('keeps the elements before the cut, and says what follows', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1 }), fc.nat(), (xs, n) => {
        const text = JSON.stringify(xs)
        const at = n % text.length
        const { value, rest } = salvage(text.slice(0, at))
        expect(rest).not.toBeNull()
        expect(text.slice(0, at).endsWith(rest!)).toBe(true)
        const kept = at === 0 ? [] : (value as unknown[])
        // A list within the list may have been cut itself.
        const whole = Array.isArray(kept.at(-1)) ? kept.slice(0, -1) : kept
        expect(JSON.stringify(whole)).toBe(JSON.stringify(xs.slice(0, whole.length)))
      }),
      RUNS,
    )
  })
  it.each([
    '[1,2',
    '[',
    '',
    '[[[1,{"a":1},{"b"',
    '{"a":1}x',
    '[1,]',
    '[01]',
    '["\\x"]',
    `${'['.repeat(99_999)}`,
    '[{"a":1,"a":2}]',
  ])('%.20s: never throws, and says so', (text) => {
    const s = salvage(text)
    expect(s.rest !== null || s.twice.length > 0).toBe(true)
  })
})

describe('the sandbox as a cluster file', () => {
  const tree = fc.letrec((rec) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom(
        'null',
        'yes',
        '1e3',
        '0x1f',
        '~',
        '- a',
        '# x',
        'a: b',
        "'",
        '"',
        '',
        ' x',
        '1:30',
        '10.1.2.0/24',
        '2001-12-14',
        '.5',
        '.nan',
      ),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.array(rec('value')),
      fc.dictionary(
        fc.string().filter((k) => k !== '__proto__'),
        rec('value'),
      ),
    ),
  })).value
  it('says in YAML any value of JSON', () => {
    fc.assert(
      fc.property(tree, (x) => {
        expect(parse(`- ${flowStyle(x)}\n`)).toEqual([JSON.parse(JSON.stringify(x))])
      }),
      RUNS,
    )
  })
  const asked = (text: string): { readonly from: string; readonly to: string } => {
    const m = /--from (\S+) --to (\S+)/.exec(text)!
    return { from: m[1]!, to: m[2]! }
  }
  const boxIn = (text: string): Recipe => {
    const v = parse(text) as {
      network: string
      mtu: number
      nodes: unknown[]
      pods: unknown[]
      edits?: unknown[]
    }
    // Where each pod has a machine for itself there are as many machines as pods.
    const nodes = new Set(v.pods.map((p) => /^pod-(\d+)-/.exec((p as { name: string }).name)![1]))
      .size
    return {
      network: v.network,
      nodes,
      pods: v.pods.length / nodes,
      mtu: v.mtu,
      ...asked(text),
      sends: null,
      edits: v.edits ?? [],
      whole: false,
      task: null,
    }
  }
  it('is read as the same network, and walked as on the page; link, file and link again are the same', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const any = anyBox(dice(seed))
        const box = { ...any, edits: build(any).edits.map((e) => e.edit) }
        const made = build(box)
        expect(made.left).toEqual([])
        const text = clusterText(box, made)
        const read = parseCluster(text).topology
        const { from, to } = asked(text)
        for (const [flow, more] of [
          ['ping', ''],
          ['tcp', box.to === 'internet' ? ':443' : ':8080'],
        ] as const)
          expect(toJson(walk(read, resolveFlow(read, { from, to: `${to}${more}` })))).toEqual(
            toJson(walk(made.scenario.topology, made.scenario.flows[flow]!)),
          )
        // What the page had to note, the file says otherwise.
        const again = made.notices.length === 0 ? boxIn(text) : box
        expect(toLink('', again)).toBe(toLink('', box))
        expect(fromLink(toLink('', box))).toEqual({ box, notices: [] })
      }),
      { ...RUNS, numRuns: 60 },
    )
  })
  it('names behind it what was left out, and is read all the same', () => {
    const text = clusterText({
      ...START,
      edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { dst: 'x\n- y' } }],
    })
    expect(text).toMatch(/^# left out, it does not fit: .*"x\\n- y"/m)
    expect(toFile(parseCluster(text).topology)).toEqual(toFile(build(START).scenario.topology))
  })
})

describe(`${MANY} damaged links`, () => {
  it('of a sandbox: nothing throws, nothing is lost without a word, and there is a network to walk', () => {
    for (let i = 0; i < MANY; i += 1) lawOfSandbox(damagedSandbox(SEED + i))
  }, 1_200_000)
  it('of a figure: nothing throws, nothing is lost without a word, and there is a walk', () => {
    for (let i = 0; i < MANY; i += 1) lawOfFigure(damagedFigure(SEED + i))
  }, 1_200_000)
})

/** What the part of a link says, if it is JSON of an array at all. */
function saidBy(part: string): readonly unknown[] | null {
  try {
    const x: unknown = JSON.parse(decodeURIComponent(part))
    return Array.isArray(x) ? x : null
  } catch {
    return null
  }
}

/** What is another now than the link says, without a word about it. */
function unsaid(said: readonly unknown[], { box, notices }: Linked): string[] {
  const now = [1, box.network, box.nodes, box.pods, box.mtu, box.from, box.to, box.edits]
  const words = ['version', 'network', 'nodes', 'pods', 'mtu', 'from', 'to', 'edits']
  const named = (word: string): boolean =>
    notices.some(
      (t) => t.startsWith(`${word}: `) || (t.startsWith('it says nothing of') && t.includes(word)),
    )
  return [
    ...words.filter(
      (word, n) => JSON.stringify(now[n]) !== JSON.stringify(said[n]) && !named(word),
    ),
    ...(said.length > 8 && JSON.stringify(box.sends) !== JSON.stringify(said[8]) && !named('packet')
      ? ['packet']
      : []),
    ...(said.length > 9 && !notices.some((t) => t.includes('it says more')) ? ['more'] : []),
  ]
}

function lawOfSandbox(hash: string): void {
  const linked = fromLink(hash)
  expect(linked === null && /[=%[;]/.test(hash), hash).toBe(false)
  if (linked === null) return
  const { box, notices } = linked
  const names = (word: string): boolean => notices.some((n) => n.includes(word))
  const mine = parts(hash).filter((p) => p.startsWith('sandbox='))
  const strange = parts(hash).filter(
    (p) => !/^(?:sandbox|walk|walk\.view)=/.test(p) && /[=%[;]/.test(p),
  )
  for (const p of [...mine.slice(1), ...strange])
    expect(names(quoted(p)), `${hash}: ${p}`).toBe(true)
  const said = mine[0] === undefined ? null : saidBy(mine[0].slice('sandbox='.length))
  const readable = mine[0] === undefined || (said !== null && (said[0] === 1 || said[0] === 2))
  expect(readable || notices.length > 0, hash).toBe(true)
  expect(said?.[0] === 1 ? unsaid(said, linked) : [], hash).toEqual([])
  expect(
    [
      box.nodes >= 1 && box.nodes <= MOST.nodes,
      box.pods >= 1 && box.pods <= MOST.pods,
      box.mtu >= MTU.least && box.mtu <= MTU.most,
      endsOf(box).includes(box.from),
      endsOf(box).includes(box.to),
    ],
    hash,
  ).toEqual([true, true, true, true, true])
  const made = build(box)
  expect(
    [...made.edits, ...made.left].map((e) => e.n).toSorted((a, b) => a - b),
    hash,
  ).toEqual(box.edits.map((_, n) => n))
  for (const e of made.edits) expect(e.edit, hash).toEqual(box.edits[e.n])
  for (const l of made.left)
    expect(
      l.name.length > 0 && l.name.length <= 200 && l.why.length > 0,
      `${hash}: ${l.name}`,
    ).toBe(true)
  // Made means made whole: the same edits, applied one by one as they stand in the link, lead there.
  const base = box.whole
    ? SCENARIOS[box.network]!.topology
    : clusterOf({ ...(parse(clusterText({ ...box, edits: [] })) as object) }).topology
  expect(JSON.stringify(toFile(made.scenario.topology)), hash).toBe(
    JSON.stringify(
      toFile(
        applyAll(
          base,
          made.edits.map((e) => box.edits[e.n] as Edit),
        ),
      ),
    ),
  )
  for (const flow of Object.keys(made.scenario.flows)) {
    const w = walked(made.scenario, { flow })
    layout(w.topology, w.walk)
  }
  expect(fromLink(toLink('', box)), hash).toEqual({ box, notices: [] })
}

function lawOfFigure(hash: string): void {
  const home = { scenario: 'flannel-udp', flow: 'ping', here: (id: string) => SCENARIOS[id] }
  const l = read(hash, 'f', home)
  const [mine, ...more] = parts(hash).filter((p) => p.startsWith('f='))
  const [view, ...views] = parts(hash).filter((p) => p.startsWith('f.view='))
  expect(l === null ? [mine, view] : [], hash).toEqual(l === null ? [undefined, undefined] : [])
  if (l === null) return
  const notice = l.notice ?? ''
  const named = (x: string): void =>
    expect(notice.includes(quoted(x)), `${hash}: ${x}: ${notice}`).toBe(true)
  const other = notice.includes('another version') && !notice.includes('looked at')
  expect(other && mine?.startsWith('f=1;'), hash).not.toBe(true)
  if (other) return
  for (const p of more) named(p)
  for (const p of views) named(p.slice('f.view='.length))
  const [, scenario = '', flow = '', whatIfs = '', ...key] = (mine ?? '').split(';')
  if (mine !== undefined && l.scenario !== scenario) named(scenario)
  if (mine !== undefined && l.flow !== flow) named(flow)
  for (const w of whatIfs
    .split(',')
    .filter((x) => x !== '' && !l.whatIfs.includes(x))
    .slice(0, 10))
    named(w)
  if (mine !== undefined && l.key !== decoded(key.join(';')).text) named(key.join(';'))
  const [version, detail = '', against = '', draw] = view?.slice('f.view='.length).split(';') ?? []
  if (view !== undefined && version !== '1') named(view.slice('f.view='.length))
  else if (view !== undefined) {
    if (detail !== l.detail) named(detail)
    if (against !== '' && against !== l.against) named(against)
    if (draw !== undefined && Number(draw) !== l.draw) named(draw)
  }
  const s = SCENARIOS[l.scenario]!
  expect(s.flows[l.flow], hash).toBeDefined()
  const w = walked(s, l)
  const found = stepOf(w.keys, l.key)
  expect(w.walk.steps[found.step], hash).toBeDefined()
  expect(read(write('', 'f', l), 'f', home), hash).toEqual({ ...l, notice: null })
}
