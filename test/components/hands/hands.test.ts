import { describe, expect, it } from 'vitest'
import { candidates, deeds, leftBy, type Act, type Row } from '#components/hands/hands.ts'
import { actsOf, recorded } from '#components/hands/recorded.ts'
import { writtenFor } from '#components/hands/wrote.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const row = (text: string, gone = false, table: Row['table'] = 'routes'): Row => ({
  in: 'node-1',
  table,
  text,
  ...(gone ? { gone: true } : {}),
})
const act = (hand: Act['hand'], verb: Act['verb'], ...rows: readonly Row[]): Act => ({
  hand,
  verb,
  from: 'run',
  rows,
})

describe('what is left', () => {
  it('is what was written and not taken away, and whose it was at first', () => {
    const acts = [
      act('bridge', 'ADD', row('cni0: bridge mtu 1450', false, 'devices'), row('a'), row('b')),
      act('portmap', 'DEL', row('a', true)),
      // A device that changes is the same device.
      act(
        'host-local',
        'DEL',
        row('cni0: bridge mtu 1450', true, 'devices'),
        row('cni0: bridge mtu 1500', false, 'devices'),
      ),
    ]
    expect(leftBy(acts).map((x) => [x.hand, x.row.text])).toEqual([
      ['bridge', 'b'],
      ['bridge', 'cni0: bridge mtu 1500'],
    ])
  })
  it('is asked of pairs: one that stays and one that goes, of one hand and table', () => {
    const acts = [
      act('bridge', 'ADD', row('a'), row('b'), row('c'), row('f', false, 'files')),
      act('bridge', 'DEL', row('b', true)),
    ]
    expect(candidates(acts, 'node-1').map((c) => [c.row.text, c.stays])).toEqual([
      ['a', true],
      ['b', false],
    ])
  })
  it('is read as what was done to a row; rules that translate are first', () => {
    const rows = [
      row('eth0: veth', true, 'devices'),
      row('x', true),
      row('eth0: veth up', false, 'devices'),
      row('-N A', false, 'rules'),
      row('-A A -j DNAT', false, 'rules'),
    ]
    expect(deeds(rows).map(([r, deed]) => [r.text, deed])).toEqual([
      ['x', 'gone'],
      ['eth0: veth up', 'changed'],
      ['-A A -j DNAT', 'new'],
      ['-N A', 'new'],
    ])
  })
})

describe('what was recorded of flannel’s list', () => {
  const { acts, leases, answers, node } = recorded('flannel')
  it('is called in order, and in reverse', () => {
    expect(actsOf({ of: 'flannel', verb: 'ADD' }).map((a) => a.hand)).toEqual([
      'runtime',
      'flannel',
      'bridge',
      'host-local',
      'bridge',
      'portmap',
    ])
    expect(actsOf({ of: 'flannel', verb: 'DEL' }).map((a) => a.hand)).toEqual([
      'portmap',
      'flannel',
      'bridge',
      'host-local',
      'bridge',
      'runtime',
    ])
  })
  it('leaves cni0 with its address, a setting and three chains', () => {
    const left = leftBy(acts).map((x) => x.row.text)
    expect(left).toEqual(
      expect.arrayContaining([
        'cni0: bridge mtu 1500 up',
        '10.1.15.1/24 dev cni0',
        'net.ipv4.conf.cni0.route_localnet = 1',
      ]),
    )
    expect(left.filter((x) => x.startsWith('-N '))).toEqual([
      '-N CNI-HOSTPORT-DNAT',
      '-N CNI-HOSTPORT-MASQ',
      '-N CNI-HOSTPORT-SETMARK',
    ])
    expect(left.some((x) => x.includes('10.1.15.2:'))).toBe(false)
    expect(candidates(acts, node).map((c) => c.stays)).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
    ])
  })
  it('goes on from the last address; the freed one waits', () => {
    expect([leases.given.at(-1), leases.back, leases.next]).toEqual([
      '10.1.15.7/24',
      '10.1.15.3/24',
      '10.1.15.8/24',
    ])
  })
  it('does not know STATUS and GC, nor CHECK in its version', () => {
    expect(
      answers.map((a) => [a.verb, (a.stdout as { readonly code?: number }).code ?? null]),
    ).toEqual([
      ['VERSION', null],
      ['CHECK', 1],
      ['STATUS', 4],
      ['GC', 4],
    ])
  })
  it('is asked for by a name that there is, and a verb', () => {
    expect(() => recorded('../flannel')).toThrow('no name of a file')
    expect(() => recorded('weave')).toThrow('there is no content/hands/weave.json')
    expect(() => actsOf({ of: 'flannel', verb: 'CHECK' })).toThrow('flannel has no CHECK')
  })
})

describe('what a program of a world wrote for a pod', () => {
  const t = SCENARIOS['vpc-cni']!.topology
  it('is in the pod, and on its node where the pod is named', () => {
    const w = writtenFor(t, 'aws-cni', 'web-app-frontend-1')
    expect(w.onNode.map((r) => r.split(' ').slice(0, 5).join(' '))).toEqual([
      expect.stringMatching(/^eni\w+: /),
      '512: from all to 192.168.0.111',
      '1536: from 192.168.0.111 lookup 2',
      expect.stringMatching(/^192\.168\.0\.111 dev eni/),
    ])
    expect(w.inPod).toHaveLength(4)
  })
  it('is there, or nothing is built', () => {
    expect(() => writtenFor(t, 'aws-cni', 'nobody')).toThrow('there is no pod nobody')
    expect(() => writtenFor(t, 'weave', 'web-app-frontend-1')).toThrow('weave wrote nothing')
  })
})
