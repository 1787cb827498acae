import { describe, expect, it } from 'vitest'
import { evaluate } from '#lib/lookup/netfilter.ts'
import { parseIpset } from '../topology/ipset-saved.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import { CAME_IN, link, LO, ns } from './spaces.ts'

/* What Linux 6.18 answers to the same (test/verify/sets.test.ts asks it of some). */

const SETS = parseIpset(`create ip hash:ip
add ip 10.1.15.2
create net hash:net
add net 10.0.0.0/8
add net 10.1.0.0/16 nomatch
add net 10.1.15.0/24
add net 10.9.0.1
create ipport hash:ip,port
add ipport 10.96.0.10,tcp:80
create netport hash:net,port
add netport 10.96.0.0/16,tcp:80
add netport 10.96.7.0/24,tcp:80 nomatch
create loop hash:ip,port,ip
add loop 10.1.15.2,tcp:8080,10.1.15.2
create port bitmap:port range 0-65535
add port 30080
create none hash:ip`)
const ask = (
  rule: string,
  { src = '10.1.15.2', dst = '10.96.0.10', proto = 6, sport = 40000, dport = 80 } = {},
): boolean =>
  evaluate(
    ns({ ...SETS, ...parseIptables(`*filter\n-A INPUT ${rule} -j DROP`) }),
    { table: 'filter', hook: 'INPUT' },
    { src, dst, proto, sport, dport, iif: 'eth0', oif: null, mark: 0, ctmark: 0, ctstate: 'new' },
  ).verdict === 'DROP'

describe('-m set', () => {
  it.each([
    ['ip src', {}, true],
    ['ip dst', {}, false],
    ['none src', {}, false],
    ['net src', {}, true],
    ['net src', { src: '10.1.16.1' }, false],
    ['net src', { src: '10.2.0.1' }, true],
    ['net dst', { dst: '10.9.0.1' }, true],
    ['net dst', { dst: '192.168.0.1' }, false],
    ['ipport dst,dst', {}, true],
    ['ipport dst,dst', { proto: 17 }, false],
    ['ipport dst,dst', { dport: 81 }, false],
    ['ipport dst,dst', { proto: 1, sport: 0, dport: 0 }, false],
    ['ipport dst,src', { sport: 80, dport: 1 }, true],
    ['ipport dst', {}, false],
    ['ipport dst,dst,dst', {}, true],
    ['netport dst,dst', {}, true],
    ['netport dst,dst', { dst: '10.96.7.1' }, false],
    ['netport dst,dst', { dst: '10.96.7.1', dport: 81 }, false],
    ['loop src,dst,src', { dport: 8080 }, true],
    ['loop dst,dst,src', { dst: '10.1.15.2', dport: 8080 }, true],
    ['loop dst,dst,src', { dst: '10.1.15.2', src: '10.1.15.3', dport: 8080 }, false],
    ['port dst', { dport: 30080, proto: 17 }, true],
    ['port src', { dport: 30080 }, false],
    ['port dst', { dport: 0, sport: 0, proto: 1 }, false],
  ] as const)('%s: %o is %s', (match, q, yes) => {
    expect(ask(`-m set --match-set ${match}`, q)).toBe(yes)
    expect(ask(`-m set ! --match-set ${match}`, q)).toBe(!yes)
  })
  it('each of several must hold', () => {
    const both = '-m set --match-set net src -m set ! --match-set net dst'
    expect(ask(both, { dst: '192.168.0.1' })).toBe(true)
    expect(ask(both, { dst: '10.2.0.1' })).toBe(false)
  })
})

/** rpfilter_mt(). */
describe('-m rpfilter', () => {
  const n = ns({
    devs: [LO, link('eth0', ['192.168.0.100/24']), link('eth1', ['192.168.1.1/24'])],
    routes: [
      { table: 'main', dst: '10.1.0.0/16', dev: 'eth0' },
      { table: 'main', dst: '10.2.0.0/16', dev: 'eth1' },
      { table: 'main', dst: '10.3.0.0/16', type: 'blackhole' },
      { table: '7', dst: '10.2.0.0/16', dev: 'eth0' },
    ],
    rules: [
      { priority: 0, table: 'local' },
      { priority: 100, fwmark: { value: 7, mask: 0xff }, table: '7' },
      { priority: 32766, table: 'main' },
    ],
  })
  const fits = (options: string, q = {}): boolean =>
    evaluate(
      { ...n, ...parseIptables(`*mangle\n-A PREROUTING -m rpfilter ${options} -j DROP`) },
      { table: 'mangle', hook: 'PREROUTING' },
      { ...CAME_IN, src: '10.1.0.1', dst: '192.168.0.100', ...q },
    ).verdict === 'DROP'
  it.each([
    ['', {}, true],
    ['', { src: '10.2.0.1' }, false],
    ['--loose', { src: '10.2.0.1' }, true],
    ['--loose', { src: '10.3.0.1' }, false],
    ['--loose', { src: '10.4.0.1' }, false],
    ['', { src: '192.168.0.100' }, false],
    ['--accept-local', { src: '192.168.0.100' }, true],
    ['--accept-local', { src: '192.168.1.1' }, false],
    ['', { src: '10.2.0.1', mark: 7 }, false],
    ['--validmark', { src: '10.2.0.1', mark: 7 }, true],
    ['', { src: '192.168.0.255' }, false],
    ['', { src: '0.0.0.0', dst: '255.255.255.255' }, true],
    ['', { src: '10.4.0.1', iif: 'lo' }, true],
  ] as const)('%s %o: %s', (options, q, yes) => {
    expect(fits(options, q)).toBe(yes)
    expect(fits(`${options} --invert`, q)).toBe(!yes)
  })
})
