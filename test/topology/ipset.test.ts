import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { apply } from '#lib/topology/apply.ts'
import { parseIpset } from './ipset-saved.ts'
import { TOOLS } from '#lib/topology/tools.ts'
import { emptyNetns, fromSpaces, type Topology } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'

const SAVED = `create cali40s:web hash:net family inet hashsize 1024 maxelem 1048576 bucketsize 12 initval 0x41b68a9d
add cali40s:web 10.0.0.0/8
add cali40s:web 10.1.0.0/16 nomatch
add cali40s:web 10.9.0.1
create a hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x98c9126a
add a 10.0.0.1
create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xddb87039
add KUBE-CLUSTER-IP 10.96.0.10,tcp:80
create c hash:net,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x62649139
add c 10.0.0.0/8,udp:53
create KUBE-LOOP-BACK hash:ip,port,ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x4cc91cd3
add KUBE-LOOP-BACK 10.1.15.2,tcp:8080,10.1.15.2
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30080`
const bare = (text: string): string => text.replaceAll(/ initval \S+/g, '').trim()

const space = (text: string, rules = {}): Topology =>
  fromSpaces([{ ...emptyNetns('n', 'n', 'node'), ...parseIpset(text), ...rules }])
const printed = (text: string): string =>
  TOOLS.ipsets
    .print({ ...emptyNetns('n', 'n', 'node'), ...parseIpset(text) })
    .lines.map((l) => l.text)
    .join('\n')

describe('sets', () => {
  it('come out as they went in', () => expect(printed(SAVED)).toBe(bare(SAVED)))

  const own = process.env['WITHOUT_KERNEL'] === undefined && process.getuid?.() === 0
  it.skipIf(!own)('ipset takes them, and prints the same lines', () => {
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-n', 'sh', '-c', 'ipset restore && ipset save'],
      { input: printed(SAVED), encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    const sorted = (text: string) => bare(text).split('\n').toSorted()
    expect(sorted(stdout)).toEqual(sorted(printed(SAVED)))
  })

  it.each([
    ['add nobody 10.0.0.1', /there is no set nobody/],
    ['create x hash:mac', /hash:mac is not understood/],
    ['create x hash:ip family inet6', /family inet6 is not modelled/],
    ['create x hash:ip timeout 5', /timeout is not understood/],
    ['create x hash:ip\nadd x 10.0.0.1 timeout 5', /timeout 5 is not understood/],
    ['flush x', /flush is not understood/],
  ])('%s is not read', (text, why) => expect(() => parseIpset(text)).toThrow(why))
})

/** As ipset 7.17 refuses them. */
describe('what ipset refuses is refused, in its words', () => {
  const add = (text: string, table: 'ipsets' | 'ipsetEntries', row: object) => () =>
    apply(space(text), { op: 'add', in: 'n', table, row } as never)
  const IP = 'create s hash:ip'
  it.each([
    [IP, { set: 'z', entry: '10.0.0.1' }, 'The set with the given name does not exist: z'],
    [`${IP}\nadd s 10.0.0.1`, { set: 's', entry: '10.0.0.1' }, "it's already added"],
    [IP, { set: 's', entry: '0.0.0.0' }, 'Null-valued element'],
    [IP, { set: 's', entry: '10.0.0.1', nomatch: true }, "Unknown argument: `nomatch'"],
    [IP, { set: 's', entry: '10.0.0.1,tcp:80' }, 'settype hash:ip supports none'],
    ['create s hash:ip,port', { set: 's', entry: '10.0.0.1' }, 'Second element is missing'],
    [
      'create s hash:ip,port,ip',
      { set: 's', entry: '10.0.0.1,tcp:80' },
      'Third element is missing from 10.0.0.1,tcp:80',
    ],
    [
      'create s hash:ip,port',
      { set: 's', entry: '10.0.0.1,tcp:80,10.0.0.1' },
      'Two elem separators in 10.0.0.1,tcp:80,10.0.0.1, but settype hash:ip,port supports one',
    ],
    ['create s hash:net', { set: 's', entry: '0.0.0.0/0' }, 'The value of the CIDR parameter'],
    ['create s hash:net', { set: 's', entry: '10.9.5.5/16' }, 'ipset keeps 10.9.0.0/16'],
    ['create s bitmap:port range 1-9', { set: 's', entry: '80' }, 'out of the range of the set'],
    ['create s hash:ip maxelem 1\nadd s 10.0.0.1', { set: 's', entry: '10.0.0.2' }, 'Hash is full'],
  ])('%s: %o', (text, row, why) => {
    expect(add(text, 'ipsetEntries', row)).toThrow(why)
  })
  it('a set twice, a range that is missing or none', () => {
    expect(add(IP, 'ipsets', { name: 's', type: 'hash:net' })).toThrow(
      'Set cannot be created: set with the same name already exists: there is a set s',
    )
    expect(add(IP, 'ipsets', { name: 'p', type: 'bitmap:port' })).toThrow(
      "Mandatory option `range' is missing",
    )
    expect(add(IP, 'ipsets', { name: 'p', type: 'hash:ip', range: '1-2' })).toThrow(
      "Unknown argument: `range'",
    )
  })
  it('a rule that names none', () => {
    expect(() =>
      apply(space(IP), {
        op: 'add',
        in: 'n',
        table: 'netfilter',
        row: {
          table: 'filter',
          chain: 'INPUT',
          sets: [{ name: 'z', flags: 'src' }],
          target: { type: 'DROP' },
        },
      }),
    ).toThrow("Set z doesn't exist: add it to ipsets first")
  })
  it('in a file too', () => {
    const said = validate(
      fromSpaces([
        {
          ...emptyNetns('n', 'n', 'node'),
          ipsets: [{ name: 's', type: 'hash:ip', maxelem: 1 }],
          ipsetEntries: ['10.0.0.1', '10.0.0.2', '10.0.0.2'].map((entry) => ({ set: 's', entry })),
        },
      ]),
    ).map((p) => p.message)
    expect(said.join('\n')).toMatch(
      /Hash is full[^]*already added: row 1 is a member 10.0.0.2 of s too/,
    )
  })
})
