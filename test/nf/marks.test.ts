import { describe, expect, it } from 'vitest'
import {
  explain,
  explainWhole,
  resolveFlow,
  rowAt,
  toJson,
  walk,
  type NfRule,
  type Step,
  type Walk,
} from '#lib/index.ts'
import { marksOf } from '#lib/analysis/read/refs.ts'
import { refs } from '../walk/refs.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'

/** kube-proxy's jump stands behind the CNI's: what goes to a Service is taken for what leaves the VPC. */
const MARKED = `packet-walk: 1
network: vpc-cni
nodes: [{ name: n1 }, { name: n2 }]
pods: [{ name: client, node: n1, eni: eth1 }, { name: api, node: n2, eni: eth0 }]
services: [{ name: api-svc, port: 80, targetPort: 8080, pods: [api] }]
edits:
  - { op: del, in: n1, table: netfilter, where: { table: nat, chain: PREROUTING, target: { type: JUMP, chain: KUBE-SERVICES } } }
  - { op: add, in: n1, table: netfilter, row: { table: nat, chain: PREROUTING, target: { type: JUMP, chain: KUBE-SERVICES } } }`

const rules = (w: Walk, s: Step): readonly string[] =>
  marksOf(s.decision).map((r) => {
    const { table, chain, target } = rowAt(w.after, r) as NfRule
    return `${table} ${chain} ${target.type} ${'op' in target ? target.op : ''}`
  })
const stage = (w: Walk, where: string, name: string, message = 0): Step =>
  w.steps.find((s) => s.in === where && s.stage === name && s.message === message)!

describe('a mark', () => {
  it('that decides which table is asked is said to come from the rules that set and copied it', () => {
    const { topology } = parseCluster(MARKED)
    const w = walk(topology, resolveFlow(topology, { from: 'client', to: 'api-svc:80' }))
    expect(w.loss?.drop.reason).toBe('source-dest-check')
    const [dnat, route] = [stage(w, 'n1', 'nat'), stage(w, 'n1', 'route')]
    expect(dnat.decision).toMatchObject({ verdict: 'DNAT', mark: 0x80 })
    expect(explain(dnat, w.after)).toMatch(/And the packet is marked 0x80\.$/)
    expect(rules(w, route)).toEqual([
      'nat AWS-CONNMARK-CHAIN-0 CONNMARK set',
      'nat PREROUTING CONNMARK restore',
    ])
    expect(explain(route, w.after)).toMatch(/^The packet is marked, so rule 1024 asks table main, /)
    expect(explainWhole(route, w.after)).toMatch(
      /^The packet is marked, so .* The mark was set by nat “-A AWS-CONNMARK-CHAIN-0 .* --set-xmark 0x80\/0x80”, copied from the connection by nat “-A PREROUTING .* --restore-mark .*”\.$/,
    )
    const { steps } = toJson(w) as {
      steps: readonly { n: number; refs: readonly { table: string; row: NfRule }[] }[]
    }
    expect(
      steps[route.n]!.refs.filter((r) => r.table === 'netfilter').map((r) => r.row.target.type),
    ).toEqual(['CONNMARK', 'CONNMARK'])
    expect(refs(w)).toEqual([])
  })
  it('that decides about masquerading, too: kube-proxy’s own, for who comes to a node’s port', () => {
    const s = SCENARIOS['flannel-vxlan']!
    const w = walk(s.topology, s.flows['node-port']!)
    const step = w.steps.find(
      (x) => x.decision.kind === 'hook' && x.decision.verdict === 'MASQUERADE',
    )!
    expect(rules(w, step)).toEqual(['nat KUBE-MARK-MASQ MARK or'])
  })
  it('of an answer comes from the connection, whose rule was asked for the question', () => {
    const s = SCENARIOS['vpc-cni']!
    const w = walk(s.topology, s.flows['node-port']!)
    const marked = w.steps.filter(
      (x) => x.decision.kind === 'route' && marksOf(x.decision).length > 0,
    )
    expect(w.delivered).toBe(true)
    expect(marked.length).toBeGreaterThan(0)
    for (const x of marked)
      expect(rules(w, x)).toEqual([
        'mangle PREROUTING CONNMARK set',
        'mangle PREROUTING CONNMARK restore',
      ])
  })
  it('that nobody set is nobody’s: of a ping, Felix’s profiles alone set one', () => {
    const felix = /^filter cali-pr[io]-kns\.default MARK set$/
    for (const s of Object.values(SCENARIOS)) {
      const w = walk(s.topology, s.flows['ping'] ?? Object.values(s.flows)[0]!)
      const set = w.steps.flatMap((x) => rules(w, x))
      expect(set.filter((r) => !felix.test(r))).toEqual([])
      expect(set.length > 0, s.id).toBe(s.id.startsWith('calico-'))
    }
  })
})
