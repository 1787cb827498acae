import { describe, expect, it } from 'vitest'
import { applyAll, resolveFlow, walk, type Walk } from '#lib/index.ts'
import { dropTitle } from '#lib/words/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Expected } from '#lib/goals/goal.ts'
import { missInWords } from '#lib/goals/tell.ts'
import { missOf } from '#lib/goals/predicates.ts'

/** A named flow of a world, changed by what-ifs. */
function of(world: string, flow: string, ...whatIfs: readonly string[]): Walk {
  const s = SCENARIOS[world]!
  const edits = whatIfs.flatMap((w) => s.whatIfs[w]!.edits)
  return walk(applyAll(s.topology, edits), s.flows[flow]!)
}
const TO = 'frontend-1-to-backend-2'
const vxlan = of('flannel-vxlan', TO)
const lost = of('flannel-vxlan', TO, 'drop-route')
const masqueraded = of('flannel-vxlan', TO, 'docker-masquerade')

describe('what a walk shows', () => {
  it.each<readonly [string, Walk, Expected]>([
    ['delivered', vxlan, { delivered: true }],
    ['dropped, anyhow', lost, { dropped: true }],
    [
      'dropped, for its reason and at its place',
      of('flannel-vxlan', TO, 'deny-security-group'),
      { dropped: { reason: 'security-group', at: 'vpc' } },
    ],
    ['seen as the sender itself', vxlan, { 'seen-source': 'own' }],
    ['seen by an address', vxlan, { 'seen-source': '10.1.15.2', 'seen-destination': '10.1.20.3' }],
    [
      'seen by the public address of a node',
      of('vpc-cni', 'to-internet'),
      { 'seen-source': 'node-1' },
    ],
    [
      'seen behind a Service',
      of('flannel-vxlan', 'service'),
      { 'seen-destination': 'backend-service-2' },
    ],
    ['TTL on arrival', vxlan, { 'ttl-received': 62 }],
    [
      'through devices in their order',
      vxlan,
      { through: ['node-1/docker0', 'node-1/flannel.1', 'vpc', 'node-2/docker0'] },
    ],
    ['not through others', of('flannel-vxlan', 'same-node'), { 'not-through': ['vpc', 'node-2'] }],
    ['IP headers where it has most', vxlan, { encapsulated: 2 }],
    ['a bare packet', of('vpc-cni', TO), { encapsulated: 1 }],
    ['it fits', vxlan, { fits: true }],
    [
      'a record of the flow log',
      vxlan,
      { logged: { dstport: 8472, srcaddr: '192.168.0.100', action: 'ACCEPT' } },
    ],
    ['a promise that is kept', vxlan, { keeps: ['kubernetes-1', 'kubernetes-2'] }],
  ])('%s', (_, walked, expected) => {
    expect(missOf({ walk: walked, receiver: null }, expected)).toBeNull()
  })
})

describe('what it does not show, and what instead', () => {
  it.each<readonly [Walk, Expected, string | null]>([
    [lost, { delivered: true }, lost.loss!.drop.reason],
    [vxlan, { dropped: true }, 'delivered'],
    [
      lost,
      { dropped: { reason: 'security-group' } },
      `${dropTitle(lost.loss!.drop.reason)}, in ${lost.loss!.in}`,
    ],
    [
      lost,
      { dropped: { at: 'node-2' } },
      `${dropTitle(lost.loss!.drop.reason)}, in ${lost.loss!.in}`,
    ],
    [masqueraded, { 'seen-source': 'own' }, '10.1.15.0'],
    [lost, { 'seen-source': 'own' }, null],
    [vxlan, { 'seen-destination': 'web-app-frontend-1' }, '10.1.20.3'],
    [vxlan, { 'ttl-received': 60 }, '62'],
    [vxlan, { through: ['node-1/flannel.1', 'node-1/docker0'] }, 'node-1/docker0'],
    [vxlan, { 'not-through': ['node-1/flannel.1'] }, 'node-1/flannel.1'],
    [vxlan, { encapsulated: 1 }, '2'],
    [of('flannel-vxlan', 'large-no-df', 'lower-mtu'), { fits: true }, 'cut in web-app-frontend-1'],
    [vxlan, { logged: { dstport: 8080 } }, null],
    [masqueraded, { keeps: ['kubernetes-2'] }, '10.1.15.0 instead of 10.1.15.2'],
  ])('%#', (walked, expected, is) => {
    const miss = missOf({ walk: walked, receiver: null }, expected)
    expect(miss?.predicate).toBe(Object.keys(expected)[0])
    expect(miss === null ? undefined : missInWords(miss).is).toBe(is)
  })
  it('a question that is too large, and told so', () => {
    const s = SCENARIOS['flannel-vxlan']!
    const question = { from: 'web-app-frontend-1', to: 'backend-service-2', size: 1440, df: true }
    const told = walk(applyAll(s.topology, []), resolveFlow(s.topology, question))
    expect(missOf({ walk: told, receiver: null }, { fits: true })?.is?.[0]).toBe('too-large-in')
  })
})
