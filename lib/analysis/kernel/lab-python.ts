import { isLo, wireOf } from '#lib/topology/devs.ts'
import { payloadHex } from '#lib/wire/payload.ts'
import type { Socket } from '#lib/topology/rows.ts'
import { assured, timeoutOf } from '#lib/topology/tables/conntrack/row.ts'
import type { Netns, Vpc } from '#lib/topology/topology.ts'
import { answerSize, questionSize } from '#lib/trace/flow.ts'
import { carried } from './lab-connections.ts'

/* The programs beside the kernel, in Python: the VPC between the NICs, flanneld's udp backend, listeners. They know the rows and nothing that a walk computed. */

const place = (at: { readonly netns: string; readonly dev: string }): object => ({
  netns: at.netns,
  dev: at.dev,
})

/** What the programs are told, as JSON: one line a row, and of a row only what the programs know. */
export function settings(
  nets: readonly Netns[],
  vpcs: readonly Vpc[],
  carriers: ReadonlyMap<string, readonly string[]>,
): string {
  const v = vpcs[0]
  const lines = (name: string, rows: readonly object[]): string =>
    `"${name}": [${rows.map((r) => `\n  ${JSON.stringify(r)}`).join(',')}]`
  return `{${[
    lines(
      'devices',
      nets.map((n) => ({
        netns: n.name,
        devs: n.devs.filter((d) => !isLo(d)).map((d) => d.name),
        carrier: carriers.get(n.name) ?? [],
      })),
    ),
    ...(v === undefined
      ? []
      : [
          lines(
            'nics',
            nets.flatMap((n) =>
              n.devs.flatMap((d) => {
                const wire = wireOf(d)
                if (wire === null) return []
                const to = 'gateway' in wire ? { gateway: wire.gateway } : { eni: wire.eni }
                return [{ netns: n.name, dev: d.name, ...to }]
              }),
            ),
          ),
          `"cidrs": ${JSON.stringify(v.cidrs)}`,
          lines(
            'enis',
            v.enis.map((e) => ({
              id: e.id,
              subnet: e.subnet,
              mac: e.mac,
              ips: e.ips,
              publicIp: e.publicIp ?? null,
              check: e.sourceDestCheck,
              attached: place(e.attached),
            })),
          ),
          lines(
            'subnets',
            v.subnets.map((s) => ({
              id: s.id,
              cidr: s.cidr,
              routeTable: s.routeTable,
              router: { ip: s.router.ip, mac: s.router.mac },
            })),
          ),
          lines(
            'gateways',
            v.gateways.map((g) => ({ id: g.id, mtu: g.mtu })),
          ),
          `"peerings": ${JSON.stringify(v.peerings.map((p) => p.id))}`,
          lines(
            'routes',
            v.vpcRoutes.map((r) => ({ routeTable: r.routeTable, dst: r.dst, target: r.target })),
          ),
          lines(
            'outside',
            v.outside.map((h) => ({
              gateway: h.gateway,
              ip: h.ip,
              mac: h.mac,
              attached: place(h.attached),
            })),
          ),
        ]),
    lines(
      'daemons',
      nets.flatMap((n) =>
        n.daemons.map((d) => ({
          netns: n.name,
          tun: d.tun,
          mtu: n.devs.find((x) => x.name === d.tun)?.mtu ?? 1500,
          tunnel: n.devs.find((x) => x.name === d.tun)?.addrs[0]?.split('/')[0] ?? null,
          local: d.local,
          port: d.port,
          leases: n.leases.filter((l) => l.daemon === d.name).map((l) => [l.subnet, l.publicIp]),
        })),
      ),
    ),
    lines(
      'sockets',
      nets.flatMap((n) =>
        n.sockets.map((s) => ({
          netns: n.name,
          proto: s.proto,
          addr: s.addr ?? '0.0.0.0',
          port: s.port,
          ...says(s),
          ...(s.relay === undefined ? {} : { relay: [s.relay.ip, s.relay.port] }),
        })),
      ),
    ),
    lines(
      'connections',
      nets.flatMap((n) =>
        carried(n).map((c) => ({
          netns: n.name,
          proto: c.proto,
          original: c.original,
          reply: c.reply,
          mark: c.mark,
          state: c.proto === 'tcp' ? (c.state ?? 'ESTABLISHED') : null,
          replied: c.replied,
          assured: assured(c),
          timeout: timeoutOf(c),
        })),
      ),
    ),
  ].join(',\n')}}`
}

/** How many bytes a listener answers: as many as a walk's does to a question as long as they are when nobody says how long. */
export function answers(s: Pick<Socket, 'proto' | 'port'>): number {
  const at = { proto: s.proto, dport: s.port }
  return answerSize({ ...at, from: '', to: '0.0.0.0', size: questionSize(at), ttl: 0 })
}

/** What a listener answers, where it is not bytes that count up. */
function says(s: Socket): object {
  const at = { proto: s.proto, dport: s.port }
  const bytes = answers(s)
  const hex = payloadHex(at, true, bytes)
  return hex === null ? {} : { says: hex.padEnd(2 * bytes, '0') }
}

const COMMON = `"""lab.py RUN PREFIX: the programs of a lab. Reads one order a line: sysctl NAME PATH VALUE; or, each answered with "done": plain, carrier, connections, start PROGRAM..., done.
A program is vpc, flanneld:NAME, listen or relay, and stays when this one ends. Python's standard library only."""
import ctypes, fcntl, json, os, select, signal, socket, struct, sys, time

RUN, PREFIX = sys.argv[1:3]
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


def start(*programs):
    """Each becomes a process of its own that stays, and has what it needs when this returns."""
    global told
    begun = []
    for program in programs:
        hears, told = os.pipe()
        log = RUN + '/' + program.replace(':', '-') + '.log'
        if os.fork() == 0:
            with open(RUN + '/pids', 'a') as f:
                print(os.getpid(), file=f)
            os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
            out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(out, 1)
            os.dup2(out, 2)
            what, *words = program.split(':')
            globals()[what](*words)
        os.close(told)
        begun.append((program, log, hears))
    for program, log, hears in begun:
        # Neither ready nor ended after so long, it is told like one that ended.
        if not (select.select([hears], [], [], 5)[0] and os.read(hears, 1)):
            if os.path.exists(log):
                sys.stderr.write(open(log).read())
            sys.exit('lab: ' + program + ' did not start')


def ready():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    os.write(told, b'!')
    os.close(told)


def sysctl(name, path, value):
    for n in LAB['devices'] if name == '*' else [{'netns': name}]:
        enter(n['netns'])
        f = '/proc/sys/' + path.strip('[]')
        if os.path.exists(f):
            with open(f, 'w') as x:
                x.write(value + '\\n')
        elif path[0] != '[':
            print('lab: this kernel has no sysctl', path, file=sys.stderr)


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

const CONNECTIONS = `

TCP_STATES = ['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE']  # enum tcp_conntrack


def attr(kind, *parts):
    """One netlink attribute, filled up to four bytes; of attributes, where it is given several or nested ones."""
    body = b''.join(parts)
    return struct.pack('=HH', 4 + len(body), kind) + body + b'\\0' * (-len(body) % 4)


def nest(kind, *parts):
    return attr(kind | 0x8000, *parts)  # NLA_F_NESTED


def ends(kind, c, way):
    """CTA_TUPLE_ORIG (1) or CTA_TUPLE_REPLY (2)."""
    t, number = c[way], {'icmp': 1, 'tcp': 6, 'udp': 17}[c['proto']]
    if c['proto'] == 'icmp':
        l4 = attr(4, struct.pack('!H', t['sport'])) + attr(5, b'\\x08' if way == 'original' else b'\\0') + attr(6, b'\\0')
    else:
        l4 = attr(2, struct.pack('!H', t['sport'])) + attr(3, struct.pack('!H', t['dport']))
    return nest(kind, nest(1, attr(1, socket.inet_aton(t['src'])), attr(2, socket.inet_aton(t['dst']))), nest(2, attr(1, bytes([number])), l4))


def nat(kind, ip, port):
    """CTA_NAT_SRC (6) or CTA_NAT_DST (13): this address and this port."""
    a, p = socket.inet_aton(ip), struct.pack('!H', port)
    return nest(kind, attr(1, a), attr(2, a), nest(3, attr(1, p), attr(2, p)))


def connection(c):
    """As conntrack -I writes it: the translation is asked for, and the kernel makes the reply's ends of it."""
    o, r = c['original'], c['reply']
    plain = dict(c, reply={'src': o['dst'], 'dst': o['src'], 'sport': o['dport'], 'dport': o['sport']})
    out = ends(1, c, 'original') + ends(2, plain, 'reply')
    out += attr(3, struct.pack('!I', 8 | c['replied'] << 1 | c['assured'] << 2))  # CTA_STATUS: CONFIRMED, SEEN_REPLY, ASSURED
    out += attr(7, struct.pack('!I', c['timeout'])) + attr(8, struct.pack('!I', c['mark']))
    if c['state']:
        over = b'\\x04\\x04' if c['state'] in ('TIME_WAIT', 'CLOSE') else b'\\0\\0'  # IP_CT_TCP_FLAG_CLOSE_INIT, of both ends: a SYN begins anew
        out += nest(4, nest(1, attr(1, bytes([TCP_STATES.index(c['state'])])), attr(4, over), attr(5, over)))  # CTA_PROTOINFO_TCP_STATE, FLAGS_ORIGINAL, FLAGS_REPLY
    if (r['dst'], r['dport']) != (o['src'], o['sport']):
        out += nat(6, r['dst'], r['dport'])
    if r['src'] != o['dst'] or (c['proto'] != 'icmp' and r['sport'] != o['dport']):
        out += nat(13, r['src'], r['sport'])
    return out


def connections():
    """Connection tracking's entries that are there from the start, written over NETLINK_NETFILTER (12)."""
    for c in LAB['connections']:
        enter(c['netns'])
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as s:
            def asked(kind, flags, body):
                m = struct.pack('!BBH', 2, 0, 0) + body  # AF_INET, NFNETLINK_V0
                s.send(struct.pack('=IHHII', 16 + len(m), 1 << 8 | kind, 1 | flags, 1, 0) + m)
                answer = s.recv(65536)
                return -struct.unpack_from('=i', answer, 16)[0] if struct.unpack_from('=H', answer, 4)[0] == 2 else 0
            e = asked(0, 0x600 | 4, connection(c)) or asked(1, 0, ends(2, c, 'reply'))  # IPCTNL_MSG_CT_NEW, EXCL and CREATE, ACK; IPCTNL_MSG_CT_GET
            if e:
                sys.exit('lab: %s: the connection %s -> %s cannot be entered: %s' % (c['netns'], c['original']['src'], c['original']['dst'], os.strerror(e)))
`

const VPC = `

# A frame is so long on its way through the VPC. Longer than a kernel needs to send what a program hands it at once: all of that is under way before the first of it has any effect.
LATENCY = 0.001


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def watch(dev):
    """What leaves by a TAP, with the moment it passed the tap (SO_TIMESTAMPNS): the order in which frames enter the VPC, whichever NIC they come from."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(socket.SOL_SOCKET, 35, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    s.bind((dev, 3))  # ETH_P_ALL
    s.setblocking(False)
    return s


def vpc():
    nics, socks, at = {}, {}, {}
    poll = select.poll()
    for n in LAB['nics']:
        enter(n['netns'])
        n['fd'] = attach(n['dev'], 2)
        n['sock'] = watch(n['dev'])
        nics[n['fd']] = socks[n['sock'].fileno()] = at[n['netns'], n['dev']] = n
        poll.register(n['fd'], select.POLLIN)
        poll.register(n['sock'], select.POLLIN)
    subnets = {s['id']: s for s in LAB['subnets']}
    enis = {e['id']: e for e in LAB['enis']}
    mtus = {g['id']: g['mtu'] for g in LAB['gateways']}
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
        if not e['check'] or socket.inet_ntoa(packet[16:20]) in e['ips']:
            send(e['attached'], mac(e['mac']) + (src or mac(subnets[e['subnet']]['router']['mac'])) + b'\\x08\\x00' + packet)

    def arp(e, f):
        sha, spa, tpa = f[22:28], f[28:32], socket.inet_ntoa(f[38:42])
        s, o = subnets[e['subnet']], owner.get(tpa)
        answer = s['router']['mac'] if tpa == s['router']['ip'] else o['mac'] if o and o['subnet'] == e['subnet'] else None
        if answer and f[20:22] == b'\\0\\1':
            m = mac(answer)
            send(e['attached'], sha + m + f[12:20] + b'\\0\\2' + m + f[38:42] + sha + spa)

    def from_eni(e, f):
        s, src, dst = subnets[e['subnet']], socket.inet_ntoa(f[26:30]), socket.inet_ntoa(f[30:34])
        if e['check'] and src not in e['ips']:
            return
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
        elif target in LAB['peerings']:
            to_peer(s, target, f[14:])
        elif target and e['publicIp'] and src == e['ips'][0]:
            to_internet(e, s, target, f[14:])

    def to_internet(e, s, gateway, p):
        mtu = mtus.get(gateway, 1500)
        if len(p) > mtu and p[6] & 0x40:
            return to_eni(e, too_big(p, s['router']['ip'], mtu))
        host = next((h for h in LAB['outside'] if h['gateway'] == gateway and h['ip'] == socket.inet_ntoa(p[16:20])), None)
        for piece in fragments(translate(p, 12, e['ips'][0], e['publicIp']), mtu):
            if host:
                send(host['attached'], mac(host['mac']) + mac(s['router']['mac']) + b'\\x08\\x00' + piece)

    def to_peer(s, peering, p):
        host = next((h for h in LAB['outside'] if h['gateway'] == peering and h['ip'] == socket.inet_ntoa(p[16:20])), None)
        if host:
            send(host['attached'], mac(host['mac']) + mac(s['router']['mac']) + b'\\x08\\x00' + p)

    def from_outside(f, gateway):
        dst = socket.inet_ntoa(f[30:34])
        if gateway in LAB['peerings']:
            if dst in owner:
                to_eni(owner[dst], f[14:])
            return
        e = next((x for x in enis.values() if x['publicIp'] == dst), None)
        if e:
            to_eni(e, translate(f[14:], 16, dst, e['ips'][0]))

    def carry(n, f):
        e, kind = enis.get(n.get('eni')), f[12:14]
        if 'gateway' in n:
            if kind == b'\\x08\\x00':
                from_outside(f, n['gateway'])
        elif e and kind == b'\\x08\\x06':
            arp(e, f)
        elif e and kind == b'\\x08\\x00':
            from_eni(e, f)

    def sent(n):
        """Frames that left by the NIC, as (when, n, frame)."""
        while True:
            try:
                f, more, _, whence = n['sock'].recvmsg(65600, 64)
            except OSError:
                return  # there are no more, or the device is down
            if whence[2] == 4:  # PACKET_OUTGOING
                yield next(struct.unpack('qq', d[:16]) for _, kind, d in more if kind == 35), n, f

    ready()
    way = []
    while True:
        now = time.clock_gettime(time.CLOCK_REALTIME)
        due = way[0][0][0] + way[0][0][1] / 1e9 + LATENCY - now if way else None
        for fd, event in poll.poll(None if due is None else max(0, due * 1000)):
            if fd in nics:
                try:
                    while os.read(fd, 65600):
                        pass  # as the socket told
                except OSError:
                    if event & ~select.POLLIN:
                        poll.unregister(fd)  # the device was deleted
        for n in socks.values():
            way.extend(sent(n))
        way.sort(key=lambda x: x[0])
        now = time.clock_gettime(time.CLOCK_REALTIME)
        while way and way[0][0][0] + way[0][0][1] / 1e9 + LATENCY <= now:
            carry(*way.pop(0)[1:])


def too_big(p, router, mtu):
    """ICMP 3/4 with the MTU, as the published tracepath shows the router send it; 576 bytes at most."""
    i = struct.pack('!BBHHH', 3, 4, 0, 0, mtu) + p[:548]
    i = i[:2] + struct.pack('!H', checksum(i)) + i[4:]
    h = struct.pack('!BBHHHBBH4s4s', 0x45, 0xc0, 20 + len(i), 1, 0, 64, 1, 0, socket.inet_aton(router), p[12:16])
    return h[:10] + struct.pack('!H', checksum(h)) + h[12:] + i


def fragments(p, mtu):
    """RFC 791: no piece is longer than the MTU, each but the last carries a multiple of 8 bytes."""
    ihl, word = (p[0] & 15) * 4, struct.unpack('!H', p[6:8])[0]
    step = len(p) - ihl if len(p) <= mtu else (mtu - ihl) & ~7
    for o in range(0, len(p) - ihl, step):
        data = p[ihl + o:ihl + o + step]
        more = 0x2000 if ihl + o + step < len(p) else word & 0x2000
        h = p[:2] + struct.pack('!H', ihl + len(data)) + p[4:6] + struct.pack('!H', word & 0xc000 | more | (word & 0x1fff) + o // 8) + p[8:10] + b'\\0\\0' + p[12:ihl]
        yield h[:10] + struct.pack('!H', checksum(h)) + h[12:] + data


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
    ready()

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
                    # The source by name (IP_PKTINFO): what binds before its namespace has an address at all is taken for bound to a broadcast (inet_bind()).
                    sock.sendmsg([q], [(socket.SOL_IP, 8, struct.pack('i4s4x', 0, socket.inet_aton(d['local'])))], 0, (lease[1], d['port']))
                elif q:
                    os.write(tun, q)
            except OSError as e:
                print(e, flush=True)
`

const BOUND = `

def bound(x):
    enter(x['netns'])
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if x['proto'] == 'tcp' else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_IP, 15, 1)  # IP_FREEBIND
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((x['addr'], x['port']))
    if x['proto'] == 'tcp':
        s.listen(16)
    return s
`

const RELAY = `

def relay():
    """docker-proxy on every socket that relays: for each connection one of its own, each copied to the other; for each sender of datagrams a socket of its own."""
    import threading

    def begin(what, *words):
        threading.Thread(target=what, args=words, daemon=True).start()

    def copy(a, b):
        try:
            data = a.recv(65536)
            while data:
                b.sendall(data)
                data = a.recv(65536)
        except OSError:
            pass
        try:
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def call(c, to):
        try:
            back = socket.create_connection(to)
        except OSError:
            return c.close()
        begin(copy, back, c)
        copy(c, back)

    def calls(s, to):
        while True:
            begin(call, s.accept()[0], to)

    def answers(s, back, peer, asked):
        while True:
            try:
                s.sendmsg([back.recv(65536)], [(socket.SOL_IP, 8, b'\\0' * 4 + asked + b'\\0' * 4)], 0, peer)
            except OSError:
                pass  # nobody listens in the container

    def datagrams(s, to):
        backs = {}
        s.setsockopt(socket.SOL_IP, 8, 1)  # IP_PKTINFO: which address was asked
        while True:
            data, said, _, peer = s.recvmsg(65536, 64)
            if peer not in backs:
                backs[peer] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                backs[peer].connect(to)
                begin(answers, s, backs[peer], peer, said[0][2][8:12])
            try:
                backs[peer].send(data)
            except OSError:
                pass
    for x in LAB['sockets']:
        if 'relay' in x:
            begin(calls if x['proto'] == 'tcp' else datagrams, bound(x), tuple(x['relay']))
    libc.prctl(15, b'docker-proxy')  # PR_SET_NAME
    ready()
    signal.pause()
`

const LISTEN = `

def listen():
    """A server on every listening socket. Each connection: read until it pauses, answer, close after the client."""
    poll, socks, talks = select.poll(), {}, {}
    for x in LAB['sockets']:
        if 'relay' in x:
            continue
        s = bound(x)
        s.setblocking(False)
        socks[s.fileno()] = (s, x['proto'], bytes.fromhex(x['says']) if 'says' in x else bytes(range(22 if x['proto'] == 'tcp' else 32)))
        poll.register(s, select.POLLIN)
    ready()
    while True:
        for fd, _ in poll.poll():
            try:
                if fd in talks:
                    data = talks[fd][0].recv(65536)
                    if data:
                        talks[fd][0].sendall(talks[fd][1])
                        continue
                    poll.unregister(fd)
                    talks.pop(fd)[0].close()
                elif socks[fd][1] == 'tcp':
                    c, _ = socks[fd][0].accept()
                    talks[c.fileno()] = c, socks[fd][2]
                    poll.register(c, select.POLLIN)
                else:
                    _, peer = socks[fd][0].recvfrom(65536)
                    socks[fd][0].sendto(socks[fd][2], peer)
            except OSError:
                if fd in talks:
                    poll.unregister(fd)
                    talks.pop(fd)[0].close()
`

const MAIN = `

for line in sys.stdin:
    what, *words = line.split()
    if what in ('sysctl', 'plain', 'carrier', 'connections', 'start'):
        globals()[what](*words)
    if what != 'sysctl':
        print('done', flush=True)
`

export function python(has: {
  readonly vpc: boolean
  readonly flanneld: boolean
  readonly listen: boolean
  readonly relay: boolean
  readonly connections: boolean
}): string {
  return `${COMMON}${has.connections ? CONNECTIONS : ''}${has.vpc ? VPC : ''}${has.flanneld ? FLANNELD : ''}${has.listen || has.relay ? BOUND : ''}${has.listen ? LISTEN : ''}${has.relay ? RELAY : ''}${MAIN}`
}
