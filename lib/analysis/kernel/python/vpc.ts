/* What AWS does between the NICs. */

export const VPC = `

# A frame is so long on its way through the VPC. Longer than a kernel needs to send what a program hands it at once: all of that is under way before the first of it has any effect.
LATENCY = 0.001


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def watch(dev):
    """What leaves by a TAP, with the moment it passed the tap (SO_TIMESTAMPNS): the order in which frames enter the VPC, whichever NIC they come from."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(socket.SOL_SOCKET, 35, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    s.setsockopt(263, 8, 1)  # PACKET_AUXDATA: a tag stands beside the frame
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

    def within(ip, e):
        return ip in e['ips'] or longest([{'dst': p} for p in e['prefixes']], ip, lambda r: r['dst'])

    def owner_of(ip):
        return owner.get(ip) or next((e for e in LAB['enis'] if within(ip, e)), None)

    def send(where, frame):
        n = at.get((where['netns'], where['dev']))
        if n:
            try:
                os.write(n['fd'], frame)
            except OSError:
                pass  # the NIC is down

    def to_guest(e, frame):
        """A branch's frames have its tag on the way between the guest and the Nitro card."""
        send(e['attached'], frame[:12] + struct.pack('!HH', 0x8100, e['vlan']) + frame[12:] if 'vlan' in e else frame)

    def to_eni(e, packet, src=None):
        if not e['check'] or within(socket.inet_ntoa(packet[16:20]), e):
            to_guest(e, mac(e['mac']) + (src or mac(subnets[e['subnet']]['router']['mac'])) + b'\\x08\\x00' + packet)

    def arp(e, f):
        sha, spa, tpa = f[22:28], f[28:32], socket.inet_ntoa(f[38:42])
        s, o = subnets[e['subnet']], owner_of(tpa)
        answer = s['router']['mac'] if tpa == s['router']['ip'] else o['mac'] if o and o is not e and o['subnet'] == e['subnet'] else None
        if answer and f[20:22] == b'\\0\\1':
            m = mac(answer)
            to_guest(e, sha + m + f[12:20] + b'\\0\\2' + m + f[38:42] + sha + spa)

    def from_eni(e, f):
        s, src, dst = subnets[e['subnet']], socket.inet_ntoa(f[26:30]), socket.inet_ntoa(f[30:34])
        if e['check'] and not within(src, e):
            return
        near = next((x for x in enis.values() if mac(x['mac']) == f[:6] and x['subnet'] == e['subnet']), None)
        if near and f[:6] != mac(s['router']['mac']):
            return to_eni(near, f[14:], f[6:12])
        table = [r for r in LAB['routes'] if r['routeTable'] == s['routeTable']] + [{'dst': c, 'target': 'local'} for c in LAB['cidrs']]
        r = longest(table, dst, lambda r: r['dst'])
        target = r and r['target']
        if target == 'local':
            if owner_of(dst):
                to_eni(owner_of(dst), f[14:])
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
            if owner_of(dst):
                to_eni(owner_of(dst), f[14:])
            return
        e = next((x for x in enis.values() if x['publicIp'] == dst), None)
        if e:
            to_eni(e, translate(f[14:], 16, dst, e['ips'][0]))

    def carry(n, f):
        e = enis.get(n.get('eni'))
        if f[12:14] == b'\\x81\\0' and e:
            vid = struct.unpack('!H', f[14:16])[0] & 0xfff
            e, f = next((x for x in enis.values() if x.get('trunk') == e['id'] and x['vlan'] == vid), None), f[:12] + f[16:]
        kind = f[12:14]
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
                f, more, _, whence = n['sock'].recvmsg(65600, 128)
            except OSError:
                return  # there are no more, or the device is down
            for aux in (d for level, kind, d in more if (level, kind) == (263, 8)):
                if struct.unpack_from('I', aux)[0] & 16:  # TP_STATUS_VLAN_VALID
                    f = f[:12] + b'\\x81\\0' + struct.pack('!H', struct.unpack_from('H', aux, 16)[0]) + f[12:]
            if whence[2] == 4:  # PACKET_OUTGOING
                yield next(struct.unpack('qq', d[:16]) for level, kind, d in more if (level, kind) == (socket.SOL_SOCKET, 35)), n, f

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
