import { describe, expect, it } from 'vitest'
import { keys } from '#lib/trace/walk.ts'
import { outcomeOf } from '#lib/predict/outcome.ts'
import { predict, type Predicted, type Prediction } from '#lib/predict/predict.ts'

const ask = (of: Partial<Prediction>): Promise<Predicted> =>
  predict({
    id: 'be',
    scenario: 'flannel-vxlan',
    flow: 'frontend-1-to-backend-2',
    whatIfs: [],
    ask: 'row',
    acts: true,
    ...of,
  })
/** What each answer says, and how the walk with it ends. */
const ends = (p: Predicted): readonly (readonly [unknown, unknown])[] =>
  p.options.map((o) => {
    const end = outcomeOf(o.walk, 'ends')?.outcome
    const { ask: _, ...says } = o.outcome
    return [
      Object.values(says).at(-1),
      end?.ask === 'ends' && end.ends === 'dies' ? end.reason : 'arrives',
    ]
  })

describe('whoever is the device', () => {
  it('picks a route, and the packet goes its way', async () => {
    const p = await ask({ step: 'node-1/docker0 route' })
    expect(ends(p)).toEqual([
      ['10.1.15.0/24 dev docker0 proto kernel scope link src 10.1.15.1', 'neigh-failed'],
      ['10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink', 'arrives'],
      ['192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.100', 'neigh-failed'],
      ['default via 192.168.0.1 dev eth0', 'source-dest-check'],
    ])
    expect(p.right).toBe(1)
  })
  it('picks a policy rule, and its table is asked', async () => {
    const p = await ask({
      scenario: 'vpc-cni',
      step: 'node-1/eni2a1b4577390 route',
      table: 'rules',
    })
    const of = new Map(ends(p) as [string, string][])
    expect(of.get('1536: from 192.168.0.111 lookup 2')).toBe('arrives')
    expect(of.get('32766: from all lookup main')).toBe('source-dest-check')
    expect(of.get('512: from all to 192.168.0.112 lookup main')).toBe('source-dest-check')
    expect(ends(p)[p.right]![0]).toBe('1536: from 192.168.0.111 lookup 2')
  })
  it('picks a policy rule whose table has no answer, and the next rule is asked', async () => {
    const step = 'node-1/eni2a1b4577390 route'
    const p = await ask({ scenario: 'vpc-cni', step, table: 'rules' })
    const name = '0: from all lookup local'
    const local = p.options.find((o) => 'row' in o.outcome && o.outcome.row === name)!
    expect(local.why).toEqual({ act: 'row 0' })
    const [mine, theirs] = [local.walk, p.walk].map((w) => w.steps[keys(w).indexOf(step)]!.decision)
    expect([mine, outcomeOf(local.walk, 'ends')]).toEqual([theirs, outcomeOf(p.walk, 'ends')])
  })
  it('picks an interface for an address, as the mapping service does, and the interface refuses what is not its own', async () => {
    const to = await ask({ scenario: 'vpc-cni', step: 'vpc/eni-node-1-eth1 vpc-encap' })
    expect(ends(to)).toEqual([
      ['eni-node-1-eth0: 192.168.0.100, 192.168.0.101', 'source-dest-check'],
      ['eni-node-1-eth1: 192.168.0.110, 192.168.0.111, 192.168.0.112', 'source-dest-check'],
      ['eni-node-2-eth0: 192.168.0.200, 192.168.0.201', 'source-dest-check'],
      ['eni-node-2-eth1: 192.168.0.210, 192.168.0.212, 192.168.0.211', 'arrives'],
      [null, 'vpc-unknown-address'],
    ])
    expect(to.right).toBe(3)
    const nobody = await ask({
      scenario: 'vpc-cni',
      flow: 'from-peer',
      whatIfs: ['release-address'],
      step: 'vpc/pcx-peer vpc-encap',
    })
    expect(ends(nobody)[nobody.right]).toEqual([null, 'vpc-unknown-address'])
    expect(new Set(ends(nobody).map(([, end]) => end))).toEqual(
      new Set(['source-dest-check', 'vpc-unknown-address']),
    )
  })
  it('picks no interface where a MAC or a route names it', async () => {
    const step = 'vpc/eni-node-1-eth0 vpc-encap'
    for (const scenario of ['flannel-vxlan', 'vpc-routes'])
      await expect(ask({ scenario, step })).rejects.toThrow('nothing else than the right answer')
  })
  it.each([
    ['node-1/flannel.1 neigh', 'neigh-failed'],
    ['node-1/flannel.1 tunnel', 'vxlan-no-remote'],
  ])('finds no row at %s', async (step, reason) => {
    const p = await ask({ step })
    expect(ends(p).filter(([row]) => row === null)).toEqual([[null, reason]])
  })
  it('picks a lease: its own sends the packet round', async () => {
    const p = await ask({ scenario: 'flannel-udp', step: 'node-1/flannel0 daemon' })
    expect(ends(p)).toEqual([
      ['10.1.15.0/24 → 192.168.0.100', 'ttl-exceeded'],
      ['10.1.20.0/24 → 192.168.0.200', 'arrives'],
      [null, 'no-lease'],
    ])
  })
  it('picks a bridge port', async () => {
    const p = await ask({ ask: 'port', step: 'node-1/docker0 bridge#3' })
    expect(p.options[p.right]!.outcome).toMatchObject({ up: true })
    expect(p.options.map((o) => o.why)).toContainEqual({ act: 'veth1' })
    expect(ends(p).map(([, end]) => end)).toContain('other-host')
  })
  it('is a gate', async () => {
    const p = await ask({ ask: 'verdict', step: 'vpc/eni-node-2-eth0 sg-ingress' })
    expect(ends(p)).toEqual([
      [false, 'security-group'],
      [true, 'arrives'],
    ])
  })
  it('is a group, and says by which of its rules', async () => {
    const p = await ask({ step: 'vpc/eni-node-2-eth0 sg-ingress' })
    expect(ends(p)).toEqual([
      ['all from sg-node', 'arrives'],
      ['tcp 30080 from 0.0.0.0/0', 'arrives'],
      [null, 'security-group'],
    ])
    expect(p.right).toBe(0)
  })
  it('writes the new header', async () => {
    const p = await ask({ ask: 'outer-dst', step: 'node-1/flannel.1 tunnel' })
    expect(ends(p)).toContainEqual(['192.168.0.200', 'arrives'])
    expect(ends(p)).toContainEqual(['192.168.0.1', 'vpc-unknown-address'])
    const ttl = await ask({ ask: 'outer-ttl', step: 'node-1/flannel.1 tunnel' })
    expect(ttl.options.map((o) => 'value' in o.outcome && o.outcome.value)).toEqual([
      62, 63, 64, 255,
    ])
  })
  it('picks a rule of the chain', async () => {
    const p = await ask({ step: 'node-1/flannel.1 postrouting' })
    expect(ends(p)[p.right]![0]).toMatch(/-d 10\.1\.0\.0\/16 .*-j RETURN$/)
    expect(p.options.length).toBeGreaterThan(1)
  })
  it('has nothing to choose where no table is asked', async () => {
    await expect(ask({ step: 'node-1/docker0 ttl' })).rejects.toThrow(/has no row/)
    await expect(ask({ ask: 'port', step: 'node-1/docker0 route' })).rejects.toThrow(/has no port/)
  })
})
