import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DETAILS, type Detail } from '#lib/analysis/read/detail.ts'
import { print, verdict, type Paint } from '#lib/analysis/print/print.ts'
import { applyAll, resolveFlow, walk, type Walk } from '#lib/index.ts'
import { RUNS } from '../../arbitraries.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'

const WIDTH = 100
const words = (text: string): string => text.replace(/\s+/g, ' ')

/** The numbers at the beginning of lines: each range, in order. */
function ranges(text: string): (readonly [number, number])[] {
  return text.split('\n').flatMap((l) => {
    const m = /^ +(\d+)(?:–(\d+))? {2}/.exec(l)
    return m === null ? [] : [[Number(m[1]), Number(m[2] ?? m[1])] as const]
  })
}

/** What is true of every printed walk. */
function holds(w: Walk, detail: Detail): string {
  const text = print(w, detail)
  const lines = text.split('\n')
  expect(
    lines.filter((l) => l.length > WIDTH || l !== l.trimEnd() || l.includes('undefined')),
  ).toEqual([])
  const said = ranges(text)
  expect(said[0]?.[0]).toBe(0)
  expect(said.at(-1)?.[1]).toBe(w.steps.length - 1)
  // Each range begins where the one before it ended.
  expect(said.slice(1).map(([from]) => from)).toEqual(said.slice(0, -1).map(([, to]) => to + 1))
  const longest = detail === 'kernel' ? 1 : Infinity
  expect(said.filter(([from, to]) => to < from || to - from + 1 > longest)).toEqual([])
  expect(words(text).endsWith(verdict(w))).toBe(true)
  return text
}

const ALL = Object.values(SCENARIOS).flatMap((s) =>
  Object.keys(s.flows).map((flow) => [s.id, flow] as const),
)

describe('a printed walk', () => {
  it.each(ALL)(
    '%s, %s: at most 100 columns; the numbers cover every step once; the verdict stands last',
    (id, flow) => {
      const s = SCENARIOS[id]!
      for (const detail of DETAILS) holds(walk(s.topology, s.flows[flow]!), detail)
      for (const w of Object.values(s.whatIfs))
        holds(walk(applyAll(s.topology, w.edits), s.flows[flow]!), 'story')
    },
  )
  it.each(
    Object.values(SCENARIOS).flatMap((s) => Object.keys(s.whatIfs).map((x) => [s.id, x] as const)),
  )('%s with %s, at every detail', (id, whatIf) => {
    const s = SCENARIOS[id]!
    const w = s.whatIfs[whatIf]!
    for (const detail of DETAILS)
      holds(
        walk(applyAll(s.topology, w.edits), s.flows[w.flow ?? Object.keys(s.flows)[0]!]!),
        detail,
      )
  })

  const label = fc
    .string({ unit: fc.constantFrom('a', 'b', 'z', '0', '9', '-'), minLength: 1, maxLength: 63 })
    .filter((n) => /^[a-z]/.test(n) && /[a-z0-9]$/.test(n))
  it('names of up to 63 letters are not cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { minLength: 5, maxLength: 5 }),
        fc.constantFrom('flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni'),
        fc.constantFrom('', ':8080', ':9'),
        fc.boolean(),
        (names, network, port, there) => {
          const [n1, n2, p1, p2, service] = names as [string, string, string, string, string]
          const s = parseCluster(
            JSON.stringify({
              'packet-walk': 1,
              network,
              nodes: [n1, n2].map((name, i) => ({ name, ip: `192.168.0.${100 + i}` })),
              pods: [
                { name: p1, node: n1 },
                { name: p2, node: n2 },
              ],
              services: [{ name: service, port: 80, targetPort: 8080, pods: there ? [p2] : [] }],
            }),
          )
          for (const to of [`${p2}${port}`, `${service}:80`]) {
            const w = walk(s.topology, resolveFlow(s.topology, { from: p1, to }))
            for (const detail of DETAILS) {
              const text = holds(w, detail)
              const cut = w.steps.filter(
                (x) => text.includes(x.in.slice(0, 40)) && !text.includes(x.in),
              )
              expect(cut).toEqual([])
              expect(text).toContain(p1)
            }
          }
        },
      ),
      { ...RUNS, numRuns: 60 },
    )
  }, 120_000)
})

describe('the story', () => {
  /** From outside to a node port, through a tunnel: four translations are told. */
  const LONG = new Set([
    'flannel-udp node-port',
    'flannel-vxlan node-port',
    'flannel-udp probe-4',
    'vpc-cni node-port-inside',
    // It comes back through its own pod.
    'lyft-ipvlan service',
    // It comes back by the trunk of the node that sent it.
    'sg-per-pod node-port',
    'sg-per-pod node-port-inside',
    'calico-bgp node-port',
    'gke-native node-port',
    // What Felix marks, and leaves untracked, is told.
    ...['ipip', 'cross-subnet', 'vxlan'].flatMap((mode) =>
      Object.keys(SCENARIOS[`calico-${mode}`]!.flows).map((flow) => `calico-${mode} ${flow}`),
    ),
  ])
  it.each(ALL)('%s, %s is one screen', (id, flow) => {
    const s = SCENARIOS[id]!
    const w = walk(s.topology, s.flows[flow]!)
    expect(print(w, 'story').split('\n').length).toBeLessThanOrEqual(
      LONG.has(`${id} ${flow}`) ? 55 : 40,
    )
  })
  it.each(Object.values(SCENARIOS).map((s) => [s.id]))(
    '%s: its first flow reads as kept',
    async (id) => {
      const s = SCENARIOS[id]!
      await expect(
        `${print(walk(s.topology, Object.values(s.flows)[0]!), 'story')}\n`,
      ).toMatchFileSnapshot(`golden/story-${id}.txt`)
    },
  )
  it('of a packet that goes round until its TTL is used up is short too, and says so', () => {
    const s = SCENARIOS['vpc-cni']!
    const text = print(
      walk(applyAll(s.topology, s.whatIfs['delete-rule-512']!.edits), s.flows['same-node']!),
      'story',
    )
    expect(text.split('\n').length).toBeLessThan(40)
    expect(text).toContain('(the same again, 61 times more)')
  })
  it('tells an answer that comes another way, or does not come', () => {
    const s = SCENARIOS['flannel-udp']!
    const told = (whatIf: string): string =>
      print(
        walk(applyAll(s.topology, s.whatIfs[whatIf]!.edits), s.flows['service-same-node']!),
        'story',
      )
    expect(told('br-netfilter-off')).not.toContain('◀ SYN-ACK           the same way back')
    expect(told('jumbo')).toMatch(/◀ SYN-ACK +the same way back/)
  })
  it('has no cross where nothing was lost: a bystander who is asked by ARP loses nothing', () => {
    const s = SCENARIOS['flannel-vxlan']!
    const w = walk(s.topology, s.flows['ping']!)
    expect(w.delivered && w.steps.some((x) => x.drop?.reason === 'not-arp-owner')).toBe(true)
    for (const detail of DETAILS) expect(print(w, detail)).not.toContain('✗')
    expect(
      print(
        walk(applyAll(s.topology, s.whatIfs['delete-fdb']!.edits), s.flows['ping']!),
        'kernel',
      ).match(/✗/g),
    ).toHaveLength(1)
  })
  it('is coloured only around words: without the colours it is the same text', () => {
    const s = SCENARIOS['flannel-host-gw']!
    const w = walk(s.topology, s.flows['ping']!)
    const code =
      (n: number) =>
      (t: string): string =>
        `\u001b[${n}m${t}\u001b[0m`
    const paint: Paint = {
      dim: code(2),
      bold: code(1),
      good: code(32),
      warn: code(33),
      bad: code(31),
    }
    for (const detail of DETAILS) {
      const text = print(w, detail, paint)
      expect(text).toContain('\u001b[31m')
      expect(
        text
          .split('\u001b')
          .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
          .join(''),
      ).toBe(print(w, detail))
    }
  })
})
