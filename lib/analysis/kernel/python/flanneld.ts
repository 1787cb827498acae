/* flanneld with its udp backend. */

export const FLANNELD = `

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
