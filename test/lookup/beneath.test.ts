import { describe, expect, it } from 'vitest'
import type { Mac } from '#lib/wire/addr.ts'
import { evaluate } from '#lib/lookup/netfilter.ts'
import type { Link, Noted } from '#lib/lookup/verdict.ts'
import { parseIptables, type Saved } from '#lib/topology/iptables.ts'
import { CAME_IN, link, LO, ns } from './spaces.ts'

/* mac_mt(), pkttype_mt(), physdev_mt() and limit_mt(), as net/netfilter has them. */

const devs = [LO, link('eth0', [])]
const [HERS, OTHER]: readonly Mac[] = ['0a:00:00:00:00:01', '0a:00:00:00:00:02']
const frame = { kind: 'ethernet', src: HERS!, dst: OTHER!, type: 0x0800 } as const
const NONE: Link = { to: null, frame: null, physIn: null, physOut: null }
const CAME: Link = { ...NONE, to: 'host', frame }
const asked = (rules: string | Saved, more: object) =>
  evaluate(
    ns({ devs, ...(typeof rules === 'string' ? parseIptables(`*filter\n${rules}`) : rules) }),
    { table: 'filter', hook: 'INPUT' },
    { ...CAME_IN, ...more },
  )
const fits = (match: string, of: Link, more = {}): boolean =>
  asked(`-A INPUT -m ${match} -j DROP`, { link: of, ...more }).verdict === 'DROP'

describe('-m mac', () => {
  it.each([
    [HERS, CAME, {}, true, false],
    [OTHER, CAME, {}, false, true],
    [HERS, NONE, {}, false, false],
    [HERS, CAME, { iif: 'lo' }, false, false],
  ] as const)('%s in %o, %o', (mac, of, more, yes, no) => {
    expect(fits(`mac --mac-source ${mac}`, of, more)).toBe(yes)
    expect(fits(`mac ! --mac-source ${mac}`, of, more)).toBe(no)
  })
})

describe('-m pkttype', () => {
  it.each([
    [null, 'unicast'],
    ['host', 'unicast'],
    ['otherhost', 'unicast'],
    ['broadcast', 'broadcast'],
    ['multicast', 'multicast'],
  ] as const)('what came to %s is %s', (to, is) => {
    for (const type of ['unicast', 'broadcast', 'multicast']) {
      expect(fits(`pkttype --pkt-type ${type}`, { ...CAME, to })).toBe(type === is)
      expect(fits(`pkttype ! --pkt-type ${type}`, { ...CAME, to })).toBe(type !== is)
    }
  })
})

/** By no bridge; up from a port; from port to port. */
const UP: Link = { ...CAME, physIn: 'veth1' }
const ACROSS: Link = { ...UP, physOut: 'veth2' }
describe('-m physdev', () => {
  it.each([
    ['--physdev-in veth1', false, true, true],
    ['--physdev-in veth+', false, true, true],
    ['--physdev-in veth2', false, false, false],
    ['! --physdev-in veth1', true, false, false],
    ['! --physdev-in veth2', true, true, true],
    ['--physdev-out veth2', false, false, true],
    ['! --physdev-out veth2', true, false, false],
    ['! --physdev-out veth1', true, false, true],
    ['--physdev-is-in', false, true, true],
    ['! --physdev-is-in', true, false, false],
    ['--physdev-is-out', false, false, true],
    ['! --physdev-is-out', true, true, false],
    ['--physdev-is-bridged', false, false, true],
    ['! --physdev-is-bridged', true, true, false],
    ['--physdev-in veth1 --physdev-out veth2', false, false, true],
    ['--physdev-in veth1 ! --physdev-is-bridged', false, true, false],
  ] as const)('%s', (match, none, up, across) => {
    expect([NONE, UP, ACROSS].map((of) => fits(`physdev ${match}`, of))).toEqual([none, up, across])
  })
})

describe('-m limit', () => {
  it('takes a token for each, and gets them back with time', () => {
    const rules = parseIptables(
      '*filter\n-A INPUT -m limit --limit 6/min --limit-burst 2 -j ACCEPT\n-A INPUT -j DROP',
    )
    let noted: readonly Noted[] = []
    const said = [0, 0, 0, 9_999, 10_000, 10_001, 60_000, 60_000, 60_000].map((now) => {
      const v = asked(rules, { noted, now })
      noted = [...noted, ...(v.noted ?? [])]
      return v.verdict === 'ACCEPT'
    })
    expect(said).toEqual([true, true, false, false, true, false, true, true, false])
  })
  it('none for what fits no other match, and each rule has its own', () => {
    const other = '-A INPUT -s 10.0.0.9/32 -m limit -j DROP'
    expect(
      asked(`${other}\n-A INPUT -m limit -j LOG\n-A INPUT -m limit -j LOG`, {}).noted,
    ).toHaveLength(2)
  })
})
