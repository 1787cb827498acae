import type { Netns, Vpc } from '#lib/topology/topology.ts'

/* The programs beside the kernel, in Python: the VPC between the NICs, flanneld's udp backend, listeners. They know the rows and nothing that a walk computed. */

const place = (at: { readonly netns: string; readonly dev: string }): object => ({ netns: at.netns, dev: at.dev })

/** What the programs are told, as JSON: one line a row, and of a row only what the programs know. */
export function settings(nets: readonly Netns[], vpcs: readonly Vpc[], carriers: ReadonlyMap<string, readonly string[]>): string {
  const v = vpcs[0]
  const lines = (name: string, rows: readonly object[]): string => `"${name}": [${rows.map((r) => `\n  ${JSON.stringify(r)}`).join(',')}]`
  return `{${[
    lines('devices', nets.map((n) => ({ netns: n.name, devs: n.devs.filter((d) => d.kind !== 'loopback').map((d) => d.name), carrier: carriers.get(n.name) ?? [] }))),
    ...(v === undefined ? [] : [
      lines('nics', nets.flatMap((n) => n.devs.flatMap((d) => (d.kind === 'nic' ? [{ netns: n.name, dev: d.name, ...('gateway' in d.wire ? { gateway: d.wire.gateway } : { eni: d.wire.eni }) }] : [])))),
      `"cidrs": ${JSON.stringify(v.cidrs)}`,
      lines('enis', v.enis.map((e) => ({ id: e.id, subnet: e.subnet, mac: e.mac, ips: e.ips, publicIp: e.publicIp ?? null, attached: place(e.attached) }))),
      lines('subnets', v.subnets.map((s) => ({ id: s.id, cidr: s.cidr, routeTable: s.routeTable, router: { ip: s.router.ip, mac: s.router.mac } }))),
      lines('routes', v.vpcRoutes.map((r) => ({ routeTable: r.routeTable, dst: r.dst, target: r.target }))), lines('outside', v.outside.map((h) => ({ gateway: h.gateway, ip: h.ip, mac: h.mac, attached: place(h.attached) }))),
    ]),
    lines('daemons', nets.flatMap((n) => n.daemons.map((d) => ({ netns: n.name, tun: d.tun, mtu: n.devs.find((x) => x.name === d.tun)?.mtu ?? 1500, tunnel: n.devs.find((x) => x.name === d.tun)?.addrs[0]?.split('/')[0] ?? null, local: d.local, port: d.port, leases: n.leases.filter((l) => l.daemon === d.name).map((l) => [l.subnet, l.publicIp]) })))),
    lines('sockets', nets.flatMap((n) => n.sockets.map((s) => ({ netns: n.name, proto: s.proto, addr: s.addr ?? '0.0.0.0', port: s.port })))),
  ].join(',\n')}}`
}

const COMMON = `"""lab.py RUN PREFIX plain|carrier|vpc|flanneld NAME|listen: the programs of a lab. Python's standard library only."""
import ctypes, fcntl, json, os, select, signal, socket, struct, sys, time

RUN, PREFIX, WHAT = sys.argv[1:4]
LAB = json.load(open(RUN + '/lab.json'))
libc = ctypes.CDLL(None, use_errno=True)


def enter(name):
    """From here on this process is in the namespace: sockets and TAPs are opened there."""
    fd = os.open('/run/netns/' + PREFIX + name, os.O_RDONLY)
    if libc.setns(fd, 0x40000000):  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), 'setns ' + name)
    os.close(fd)


def attach(dev, flags):
    """The other end of a TAP (2) or TUN (1) device, bare frames (IFF_NO_PI)."""
    fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', dev.encode(), flags | 0x1000))  # TUNSETIFF
    return fd


def ready(what):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    open(RUN + '/' + what + '.ready', 'w').close()


def add16(a, b):
    a += b
    return (a & 0xffff) + (a >> 16)


def checksum(b):
    s = sum(struct.unpack('!%dH' % (len(b) // 2), b[:len(b) // 2 * 2])) + (b[-1] << 8 if len(b) % 2 else 0)
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return s ^ 0xffff


def number(ip):
    return struct.unpack('!I', socket.inet_aton(ip))[0]


def longest(table, ip, prefix):
    """The entry with the longest prefix that contains the address, or None."""
    best = None
    for e in table:
        net, bits = prefix(e).split('/')
        if (number(net) ^ number(ip)) >> (32 - int(bits)) == 0 and (best is None or int(bits) > best[0]):
            best = (int(bits), e)
    return best and best[1]


def plain():
    """Offloads off (SIOCETHTOOL): checksums are computed and segments cut before a capture sees the frame."""
    for n in LAB['devices']:
        enter(n['netns'])
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for dev in n['devs']:
            for command in (0x15, 0x17, 0x19, 0x1f, 0x24, 0x2c):  # rx-csum, tx-csum, sg, tso, gso, gro
                value = ctypes.create_string_buffer(struct.pack('II', command, 0))
                try:
                    fcntl.ioctl(s, 0x8946, struct.pack('16sP16x', dev.encode(), ctypes.addressof(value)))
                except OSError:
                    pass


def carrier():
    """Until every device that is to have carrier has it (SIOCGIFFLAGS, IFF_RUNNING), two seconds at most."""
    for n in LAB['devices']:
        enter(n['netns'])
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for dev in n['carrier']:
            for _ in range(400):
                if struct.unpack_from('H', fcntl.ioctl(s, 0x8913, struct.pack('16s16x', dev.encode())), 16)[0] & 0x40:
                    break
                time.sleep(0.005)
            else:
                sys.exit('lab: ' + n['netns'] + '/' + dev + ' has no carrier')
`

const VPC = `

def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def vpc():
    nics = {}
    for n in LAB['nics']:
        enter(n['netns'])
        n['fd'] = attach(n['dev'], 2)
        nics[n['fd']] = n
    at = {(n['netns'], n['dev']): n for n in nics.values()}
    subnets = {s['id']: s for s in LAB['subnets']}
    enis = {e['id']: e for e in LAB['enis']}
    owner = {}
    for e in LAB['enis']:
        for ip in e['ips']:
            owner.setdefault(ip, e)

    def send(where, frame):
        n = at.get((where['netns'], where['dev']))
        if n:
            try:
                os.write(n['fd'], frame)
            except OSError:
                pass  # the NIC is down

    def to_eni(e, packet, src=None):
        send(e['attached'], mac(e['mac']) + (src or mac(subnets[e['subnet']]['router']['mac'])) + b'\\x08\\x00' + packet)

    def arp(e, f):
        sha, spa, tpa = f[22:28], f[28:32], socket.inet_ntoa(f[38:42])
        s, o = subnets[e['subnet']], owner.get(tpa)
        answer = s['router']['mac'] if tpa == s['router']['ip'] else o['mac'] if o and o['subnet'] == e['subnet'] else None
        if answer and f[20:22] == b'\\0\\1':
            m = mac(answer)
            send(e['attached'], sha + m + f[12:20] + b'\\0\\2' + m + f[38:42] + sha + spa)

    def from_eni(e, f):
        s, dst = subnets[e['subnet']], socket.inet_ntoa(f[30:34])
        near = next((x for x in enis.values() if mac(x['mac']) == f[:6] and x['subnet'] == e['subnet']), None)
        if near and f[:6] != mac(s['router']['mac']):
            return to_eni(near, f[14:], f[6:12])
        table = [r for r in LAB['routes'] if r['routeTable'] == s['routeTable']] + [{'dst': c, 'target': 'local'} for c in LAB['cidrs']]
        r = longest(table, dst, lambda r: r['dst'])
        target = r and r['target']
        if target == 'local':
            if dst in owner:
                to_eni(owner[dst], f[14:])
        elif target in enis:
            to_eni(enis[target], f[14:])
        elif target and e['publicIp'] and socket.inet_ntoa(f[26:30]) == e['ips'][0]:
            host = next((h for h in LAB['outside'] if h['gateway'] == target and h['ip'] == dst), None)
            if host:
                send(host['attached'], mac(host['mac']) + mac(s['router']['mac']) + b'\\x08\\x00' + translate(f[14:], 12, e['ips'][0], e['publicIp']))

    def from_outside(f):
        dst = socket.inet_ntoa(f[30:34])
        e = next((x for x in enis.values() if x['publicIp'] == dst), None)
        if e:
            to_eni(e, translate(f[14:], 16, dst, e['ips'][0]))

    poll = select.poll()
    for fd in nics:
        poll.register(fd, select.POLLIN)
    ready('vpc')
    while True:
        for fd, event in poll.poll():
            n = nics[fd]
            try:
                f = os.read(fd, 65600)
            except OSError:
                if event & ~select.POLLIN:
                    poll.unregister(fd)  # the device was deleted
                continue
            e, kind = enis.get(n.get('eni')), f[12:14]
            if 'gateway' in n:
                if kind == b'\\x08\\x00':
                    from_outside(f)
            elif e and kind == b'\\x08\\x06':
                arp(e, f)
            elif e and kind == b'\\x08\\x00':
                from_eni(e, f)


def translate(p, at, old, new):
    """One address of an IPv4 packet (at 12 the source, at 16 the destination) made another; of an ICMP error the other one of its quote too."""
    p, ihl = bytearray(p), (p[0] & 15) * 4
    first = not struct.unpack('!H', p[6:8])[0] & 0x1fff
    sums = [10] + ([ihl + 16] if p[9] == 6 and first else [ihl + 6] if p[9] == 17 and first and p[ihl + 6:ihl + 8] != b'\\0\\0' else [])
    swap(p, at, old, new, sums)
    if p[9] == 1 and first and p[ihl] in (3, 5, 11, 12):
        q = ihl + 8
        other = q + (28 - at)
        if p[other:other + 4] == socket.inet_aton(old):
            swap(p, other, old, new, [q + 10])
            p[ihl + 2:ihl + 4] = b'\\0\\0'
            p[ihl + 2:ihl + 4] = struct.pack('!H', checksum(bytes(p[ihl:])))
    return bytes(p)


def swap(p, at, old, new, sums):
    """RFC 1624: the checksums that cover the address follow it."""
    p[at:at + 4] = socket.inet_aton(new)
    for c in sums:
        s = struct.unpack('!H', p[c:c + 2])[0] ^ 0xffff
        for o, n in zip(struct.unpack('!2H', socket.inet_aton(old)), struct.unpack('!2H', socket.inet_aton(new))):
            s = add16(add16(s, o ^ 0xffff), n)
        p[c:c + 2] = struct.pack('!H', s ^ 0xffff)
`

const FLANNELD = `

def flanneld(name):
    """flannel's udp backend (pkg/backend/udp/proxy_amd64.c): what the TUN hands over goes to the leaseholder's port, TTL - 1; what comes to the port goes into the TUN, TTL - 1."""
    d = next(d for d in LAB['daemons'] if d['netns'] == name)
    enter(name)
    tun = attach(d['tun'], 1)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_IP, 15, 1)  # IP_FREEBIND: the address comes later
    sock.bind((d['local'], d['port']))
    sock.setblocking(False)
    ready('flanneld-' + name)

    def less(p):
        """TTL - 1 with its checksum (RFC 1141), None at 0."""
        if p[8] <= 1:
            return None
        c = add16(struct.unpack('!H', p[10:12])[0], 0x100)
        return p[:8] + bytes([p[8] - 1]) + p[9:10] + struct.pack('!H', c) + p[12:]

    def unreachable(p):
        """ICMP 3/0 from the tunnel's address, TTL 8, with the header and 8 bytes; not about ICMP, nor about later fragments."""
        if p[9] == 1 or struct.unpack('!H', p[6:8])[0] & 0x1fff or not d['tunnel']:
            return
        i = struct.pack('!BBHI', 3, 0, 0, 0) + p[:28]
        i = i[:2] + struct.pack('!H', checksum(i)) + i[4:]
        h = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(i), 0, 0, 8, 1, 0, socket.inet_aton(d['tunnel']), p[12:16])
        os.write(tun, h[:10] + struct.pack('!H', checksum(h)) + h[12:] + i)

    while True:
        for fd in select.select([tun, sock], [], [])[0]:
            try:
                p = os.read(tun, d['mtu']) if fd == tun else sock.recv(d['mtu'])
            except OSError:
                continue
            if len(p) < 20:
                continue
            if fd == tun:
                lease = longest(d['leases'], socket.inet_ntoa(p[16:20]), lambda x: x[0])
                if lease is None or lease[1] == d['local']:
                    unreachable(p)
                    continue
            q = less(p)
            try:
                if q and fd == tun:
                    sock.sendto(q, (lease[1], d['port']))
                elif q:
                    os.write(tun, q)
            except OSError as e:
                print(e, flush=True)
`

const LISTEN = `

def listen():
    """A server on every listening socket. Each connection: read until it pauses, answer, close after the client."""
    poll, socks, talks = select.poll(), {}, {}
    for x in LAB['sockets']:
        enter(x['netns'])
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if x['proto'] == 'tcp' else socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_IP, 15, 1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((x['addr'], x['port']))
        if x['proto'] == 'tcp':
            s.listen(16)
        s.setblocking(False)
        socks[s.fileno()] = (s, x['proto'])
        poll.register(s, select.POLLIN)
    ready('listen')
    while True:
        for fd, _ in poll.poll():
            try:
                if fd in talks:
                    data = talks[fd].recv(65536)
                    if data:
                        talks[fd].sendall(bytes(range(22)))
                        continue
                    poll.unregister(fd)
                    talks.pop(fd).close()
                elif socks[fd][1] == 'tcp':
                    c, _ = socks[fd][0].accept()
                    talks[c.fileno()] = c
                    poll.register(c, select.POLLIN)
                else:
                    _, peer = socks[fd][0].recvfrom(65536)
                    socks[fd][0].sendto(bytes(range(32)), peer)
            except OSError:
                if fd in talks:
                    poll.unregister(fd)
                    talks.pop(fd).close()
`

export function python(has: { readonly vpc: boolean; readonly flanneld: boolean; readonly listen: boolean }): string {
  return `${COMMON}${has.vpc ? VPC : ''}${has.flanneld ? FLANNELD : ''}${has.listen ? LISTEN : ''}\n\nglobals()[WHAT](*sys.argv[4:])\n`
}
