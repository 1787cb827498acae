import { describe, expect, it } from 'vitest'
import { keys } from '#lib/trace/walk.ts'
import type { Belief } from '#lib/predict/belief.ts'
import { BELIEFS } from '#lib/predict/beliefs.ts'
import { PREDICTED, type Asks } from '#lib/predict/asked.ts'
import { predict, type Prediction, type Predicted } from '#lib/predict/predict.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const FLANNELD: Prediction = {
  id: 'stop-flanneld',
  scenario: 'flannel-udp',
  whatIfs: ['stop-flanneld'],
  ask: 'ends',
}
const whysOf = (p: Predicted): readonly unknown[] => p.options.map((o) => o.why)
const says = (p: Predicted): readonly string[] => p.options.map((o) => JSON.stringify(o.outcome))

/** What the what-ifs of two worlds ask. */
const ALL: readonly Prediction[] = (
  [
    ['flannel-udp', 'ends'],
    ['vpc-cni', 'told'],
  ] as const
).flatMap(([scenario, ask]) =>
  Object.keys(SCENARIOS[scenario]!.whatIfs).map((w) => ({
    id: `${scenario}-${w}-${ask}`,
    scenario,
    whatIfs: [w],
    ask,
  })),
)

describe('a prediction', () => {
  it('is answered by the walk that it is about', async () => {
    const p = await predict(FLANNELD)
    expect(p.walk.loss?.drop.reason).toBe('source-dest-check')
    expect(p.options[p.right]).toMatchObject({
      why: null,
      outcome: { ends: 'dies', at: 'vpc', reason: 'source-dest-check' },
    })
    expect(p.decides).toBe(p.walk.loss?.step)
  })
  it('has wrong answers that follow from what is believed', async () => {
    const p = await predict(FLANNELD)
    const of = (why: unknown) =>
      p.options.find((o) => JSON.stringify(o.why) === JSON.stringify(why))?.outcome
    expect(of('unchanged')).toEqual({ ask: 'ends', ends: 'arrives', broken: [] })
    expect(of({ belief: 'no-default' })).toMatchObject({ in: 'node-1', reason: 'no-route' })
  })
  it('says who is told what', async () => {
    const p = await predict({
      id: 'fdb',
      scenario: 'flannel-vxlan',
      whatIfs: ['delete-fdb'],
      ask: 'told',
      options: ['loss-is-told', 'loss-is-refused', 'what-if:delete-neigh', 'unchanged'],
    })
    expect(p.options[p.right]!.outcome).toEqual({ ask: 'told', told: 'nothing' })
    expect(p.options.filter((o) => o.why !== null).map((o) => [o.why, o.outcome])).toEqual(
      expect.arrayContaining([
        [{ belief: 'loss-is-told' }, { ask: 'told', told: 'error', icmp: '3/1', by: 'node-1' }],
        [{ belief: 'loss-is-refused' }, { ask: 'told', told: 'refused' }],
        ['unchanged', { ask: 'told', told: 'answer' }],
      ]),
    )
    // Host unreachable, as the first has it: once is enough.
    expect(whysOf(p)).not.toContainEqual({ whatIf: 'delete-neigh' })
  })
  it.each([
    ['ttl', 'flannel-udp', undefined, { ask: 'ttl', ttl: 60 }, { belief: 'nobody-counts' }],
    ['bytes', 'flannel-udp', undefined, { ask: 'bytes', bytes: 88 }, { world: 'flannel-vxlan' }],
    [
      'source',
      'docker-bridge',
      undefined,
      { ask: 'source', source: '192.168.0.100', of: 'node-1' },
      { belief: 'always-translated' },
    ],
    [
      'row',
      'flannel-udp',
      'node-1/docker0 route',
      { ask: 'row', table: 'routes', row: '10.1.0.0/16 dev flannel0' },
      { belief: 'looks-alike' },
    ],
    [
      'row',
      'vpc-cni',
      'node-1/eni2a1b4577390 route',
      { ask: 'row', table: 'routes', row: 'default via 192.168.0.1 dev eth1 table 2' },
      { belief: 'main-only' },
    ],
  ] as const)('asks for %s in %s', async (ask, scenario, step, right, wrong) => {
    const p = await predict({
      id: ask,
      scenario,
      whatIfs: [],
      ask,
      ...(step === undefined ? {} : { step }),
    })
    expect(p.options[p.right]!.outcome).toEqual(right)
    expect(whysOf(p)).toContainEqual(wrong)
  })
  it('has each answer once, one of them right, and at most four', async () => {
    for (const of of ALL) {
      const p = await predict(of)
      expect(new Set(says(p)).size, of.id).toBe(p.options.length)
      expect(p.options.length, of.id).toBeGreaterThan(1)
      expect(p.options.length, of.id).toBeLessThan(5)
      expect(p.options.filter((o) => o.why === null).length, of.id).toBe(1)
      expect(p.options[p.right]!.why, of.id).toBeNull()
    }
  }, 60_000)
  it('stands in an order of its own, the same each time', async () => {
    expect(whysOf(await predict(FLANNELD))).toEqual(whysOf(await predict(FLANNELD)))
    const places = new Set(
      await Promise.all(
        Array.from(
          { length: 24 },
          async (_, i) => (await predict({ ...FLANNELD, id: `q${i}` })).right,
        ),
      ),
    )
    expect(places).toEqual(new Set([0, 1, 2, 3]))
  })
})

describe('an author is told', () => {
  it.each<[Partial<Prediction>, RegExp]>([
    [{ scenario: 'flannel-gre' }, /no world flannel-gre/],
    [{ flow: 'pigeon' }, /no flow pigeon/],
    [{ whatIfs: ['stop-everything'] }, /no what-if stop-everything/],
    [{ options: ['no-such-belief'] }, /no belief is called no-such-belief/],
    [{ options: ['what-if:nothing'] }, /no what-if nothing/],
    [{ options: ['first-row'] }, /first-row believes nothing of ends/],
    // It ends as it does for others: an answer that is no other.
    [{ options: ['what-if:drop-route'] }, /nothing else than the right answer/],
    [{ ask: 'row' }, /has no row/],
    [{ ask: 'ttl' }, /has no ttl/],
  ])('of %j', async (change, what) => {
    await expect(predict({ ...FLANNELD, ...change })).rejects.toThrow(what)
  })
})

/** Steps to ask about, by world. */
const STEPS: { readonly [A in Asks]?: Readonly<Record<string, string>> } = {
  row: {
    'flannel-udp': 'node-1/docker0 route',
    'vpc-cni': 'node-1/eni2a1b4577390 route',
  },
  mac: { 'flannel-udp': 'web-app-frontend-1/eth0 xmit#2' },
  next: { 'vpc-cni': 'node-1/eni2a1b4577390 route' },
  'outer-ttl': { 'flannel-vxlan': 'node-1/flannel.1 tunnel' },
}

/** Where beliefs of who does what differ from the truth, and in what. */
const WHERE: Readonly<
  Record<
    string,
    { readonly of: Partial<Prediction>; readonly right: object; readonly wrong: object }
  >
> = {
  'bridge-routes': {
    of: {
      scenario: 'docker-bridge',
      flow: 'same-host',
      ask: 'mac',
      step: 'web-app-frontend-1/eth0 xmit#2',
    },
    right: { of: 'backend-service-1/eth0' },
    wrong: { of: 'node-1/docker0' },
  },
  'unique-address': {
    of: { scenario: 'docker-bridge', flow: 'same-host', ask: 'receiver' },
    right: { receiver: 'backend-service-1' },
    wrong: { receiver: 'backend-service-2' },
  },
  'proxy-carries': {
    of: { scenario: 'docker-bridge', flow: 'internet-to-host-1', ask: 'source' },
    right: { source: '203.0.113.10' },
    wrong: { source: '172.17.0.1' },
  },
  'bridge-translates': {
    of: {
      scenario: 'docker-bridge',
      flow: 'internet-to-host-1',
      ask: 'row',
      step: 'node-1/eth0 route',
    },
    right: { row: '172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1' },
    wrong: { row: 'local 192.168.0.100 dev eth0' },
  },
  'answers-need-a-rule': {
    of: { scenario: 'docker-bridge', flow: 'to-internet', ask: 'told' },
    right: { told: 'answer' },
    wrong: { told: 'nothing' },
  },
  'wrong-is-lost': {
    of: { scenario: 'flannel-vxlan', whatIfs: ['docker-masquerade'], ask: 'source' },
    right: { source: '10.1.15.0' },
    wrong: { source: null },
  },
  'plugin-carries': {
    of: { scenario: 'flannel-vxlan', ask: 'ends' },
    right: { ends: 'arrives' },
    wrong: { in: 'web-app-frontend-1', reason: 'neigh-failed' },
  },
  'kubernetes-carries': {
    of: { scenario: 'flannel-vxlan', ask: 'ends' },
    right: { ends: 'arrives' },
    wrong: { in: 'node-1', reason: 'no-route' },
  },
  'etcd-is-asked': {
    of: { scenario: 'flannel-udp', ask: 'ends' },
    right: { ends: 'arrives' },
    wrong: { in: 'node-1', reason: 'no-lease' },
  },
  'programs-wrap': {
    of: { scenario: 'flannel-vxlan', ask: 'crossings' },
    right: { crossings: 0 },
    wrong: { crossings: 4 },
  },
  'size-is-told': {
    of: { scenario: 'flannel-vxlan', flow: 'large-no-df', whatIfs: ['lower-mtu'], ask: 'told' },
    right: { told: 'answer' },
    wrong: { told: 'error', icmp: '3/4' },
  },
  'wrapping-is-yours': {
    of: { scenario: 'vpc-cni', flow: 'large', ask: 'told' },
    right: { told: 'answer' },
    wrong: { told: 'error', icmp: '3/4' },
  },
  'next-hop-is-a-machine': {
    of: { scenario: 'vpc-cni', whatIfs: ['delete-neigh'], ask: 'told' },
    right: { told: 'error', icmp: '3/1' },
    wrong: { told: 'answer' },
  },
  'group-guards-all': {
    of: {
      scenario: 'flannel-vxlan',
      flow: 'same-node',
      whatIfs: ['deny-security-group'],
      ask: 'told',
    },
    right: { told: 'answer' },
    wrong: { told: 'nothing' },
  },
}

describe('a misconception', () => {
  it.each(Object.entries(WHERE))('%s is walked, and ends as it says', async (id, at) => {
    const p = await predict({ ...FLANNELD, id, whatIfs: [], ...at.of, options: [id] })
    expect(p.options.find((o) => o.why === null)?.outcome).toMatchObject(at.right)
    expect(p.options.find((o) => o.why !== null)?.outcome).toMatchObject(at.wrong)
  })
  const beliefs = (Object.entries(BELIEFS) as [string, Belief][]).filter(([id]) => !(id in WHERE))
  it.each(beliefs)('%s has another answer than the truth somewhere', async (id, { asks }) => {
    const asked = Object.values(SCENARIOS).flatMap((s) =>
      asks.flatMap((ask): Prediction[] =>
        ask in STEPS
          ? Object.entries(STEPS[ask] ?? {}).flatMap(([scenario, step]) =>
              scenario === s.id ? [{ id, scenario, whatIfs: [], ask, step }] : [],
            )
          : [[], ...Object.keys(s.whatIfs).map((w) => [w])].map((whatIfs) => ({
              id,
              scenario: s.id,
              whatIfs,
              ask,
            })),
      ),
    )
    let found: Predicted | null = null
    for (const of of asked) found ??= await predict({ ...of, options: [id] }).catch(() => null)
    expect(found, `${id} changes no answer`).not.toBeNull()
    expect(whysOf(found!)).toContainEqual({ belief: id })
  })
  it('is about something that is asked', () => {
    for (const [, b] of beliefs) expect(PREDICTED).toEqual(expect.arrayContaining([...b.asks]))
  })
})

describe('who counts bridges as routers', () => {
  it.each([
    // docker0 twice, the switch between them once.
    ['lan', 'frontend-1-to-backend-2', [], 62, 3],
    ['lan', 'same-node', [], 64, 1],
    // And the switch once more, on the way from the gateway.
    ['lan', 'frontend-1-to-backend-2', ['detour'], 61, 4],
    // To its host a bridge hands up, from its host it sends on: both are crossed.
    ['flannel-udp', 'frontend-1-to-backend-2', [], 60, 2],
    ['docker-bridge', 'same-host', [], 64, 1],
  ] as const)('counts each once: %s, %s, %j', async (scenario, flow, whatIfs, ttl, bridges) => {
    const p = await predict({
      id: 'x',
      scenario,
      flow,
      whatIfs,
      ask: 'ttl',
      options: ['all-count'],
    })
    expect(p.options[p.right]!.outcome).toEqual({ ask: 'ttl', ttl })
    expect(p.options.find((o) => o.why !== null)?.outcome).toEqual({
      ask: 'ttl',
      ttl: ttl - bridges,
    })
  })
})

describe('what decides what a sender is told', () => {
  it('is where its answer gets its address back, if it had another on the way', async () => {
    const of = { id: 'x', whatIfs: [], ask: 'told', options: ['answers-need-a-rule'] } as const
    const p = await predict({ ...of, scenario: 'docker-bridge', flow: 'to-internet' })
    const s = p.walk.steps[p.decides]!
    expect(p.walk.messages[s.message]).toMatchObject({ leg: 'back', says: 'syn-ack' })
    expect(s.decision).toMatchObject({ kind: 'hook', verdict: 'ACCEPT' })
    expect(s.decision.kind === 'hook' && s.decision.to).toMatch(/→ 172\.17\.0\.2:\d+$/)
  })
  it.each([
    ['docker-ports', 'internet-to-b', 'b-moves', 'node-1/eth0 socket'],
    ['flannel-vxlan', 'frontend-1-to-backend-2', 'delete-neigh', 'node-1/flannel.1 neigh#2'],
    ['flannel-vxlan', 'frontend-1-to-backend-2', 'delete-fdb', 'node-1/flannel.1 tunnel'],
  ])(
    '%s, %s, %s: where it ends, not where word of it comes',
    async (scenario, flow, whatIf, at) => {
      const p = await predict({ id: 'x', scenario, flow, whatIfs: [whatIf], ask: 'told' })
      expect(keys(p.walk)[p.decides]).toBe(at)
    },
  )
})
