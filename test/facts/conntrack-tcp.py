"""Asks this machine's kernel what its connection tracking makes of every kind of TCP segment in every state (net/netfilter/nf_conntrack_proto_tcp.c).

Run as root in namespaces of its own: unshare -n -m python3 test/facts/conntrack-tcp.py. Needs iproute2, iptables and conntrack. A router between two veths tracks;
crafted frames go through it, in sequence and in window; three rules of mangle FORWARD write the ctstate into the TOS, `conntrack -L` says the state. Prints JSON:
{"loose" | "strict": {direction: {segment: {state before: "ctstate STATE-after"}}}, "plain": UDP and echoes}; NONE is no entry, GONE an entry that was freed.
"""
import ctypes, json, re, socket, struct, subprocess, time

STATES = {  # how each is reached: who speaks (o, r), and what
    'NONE': '', 'SYN_SENT': 'oS', 'SYN_RECV': 'oS rSA', 'ESTABLISHED': 'oS rSA oA', 'FIN_WAIT': 'oS rSA oA oFA', 'CLOSE_WAIT': 'oS rSA oA oFA rA',
    'LAST_ACK': 'oS rSA oA oFA rFA', 'TIME_WAIT': 'oS rSA oA oFA rFA oA', 'CLOSE': 'oS rSA oA oRA',
}
SEGMENTS = {'SYN': 'S', 'SYN-ACK': 'SA', 'ACK': 'A', 'data': 'PA', 'FIN': 'FA', 'RST': 'R', 'RST-ACK': 'RA'}
CTSTATES = {4: 'NEW', 8: 'ESTABLISHED', 16: 'INVALID'}
FLAG = {'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16}
O, R = '10.9.1.2', '10.9.2.2'
OTHER = {'o': 'r', 'r': 'o'}


def sh(c, ok=True):
    r = subprocess.run(c, shell=True, text=True, capture_output=True)
    if ok and r.returncode:
        raise SystemExit('%s: %s' % (c, r.stderr))
    return r.stdout


def build():
    sh('mount -t tmpfs none /run && mkdir /run/netns')
    for name, net in (('o', '10.9.1'), ('r', '10.9.2')):
        sh(f'ip netns add {name} && ip link add {name}0 type veth peer name eth0 netns {name}')
        sh(f'ip addr add {net}.1/24 dev {name}0 && ip link set {name}0 address 02:00:00:00:00:01 && ip link set {name}0 up && ip -n {name} link set eth0 up')
        sh(f'ip neigh add {net}.2 lladdr 02:00:00:00:00:02 dev {name}0 nud permanent')
    sh('sysctl -qw net.ipv4.ip_forward=1')
    for tos, s in CTSTATES.items():
        sh(f'iptables -w -t mangle -A FORWARD -m conntrack --ctstate {s} -j TOS --set-tos {tos}')
    out = {}
    for name in 'or':
        before = open('/proc/self/ns/net')
        with open(f'/run/netns/{name}') as f:
            libc = ctypes.CDLL(None)
            libc.setns(f.fileno(), 0)
            out[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            out[name].bind(('eth0', 0x800))
            libc.setns(before.fileno(), 0)
    return out


def checksum(b):
    b += b'\0' * (len(b) % 2)
    s = sum(struct.unpack('!%dH' % (len(b) // 2), b))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return s ^ 0xffff


def packet(src, dst, proto, l4):
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(l4), 1, 0, 64, proto, 0, socket.inet_aton(src), socket.inet_aton(dst))
    return b'\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0' + ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:] + l4


class Connection:
    """Both ends of one TCP connection: what comes next is always in sequence and in window."""
    def __init__(self, socks, port):
        self.socks, self.port, self.next = socks, port, {'o': 1000, 'r': 5000}

    def say(self, who, flags):
        other = OTHER[who]
        src, dst = (O, R) if who == 'o' else (R, O)
        sport, dport = (self.port, 80) if who == 'o' else (80, self.port)
        bits = sum(FLAG[x] for x in flags)
        data = b'x' * 10 if 'P' in flags else b''
        head = struct.pack('!HHIIBBHHH', sport, dport, self.next[who], self.next[other] if 'A' in flags else 0, 0x50, bits, 8192, 0, 0)
        pseudo = socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack('!BBH', 0, 6, len(head) + len(data))
        head = head[:16] + struct.pack('!H', checksum(pseudo + head + data)) + head[18:]
        self.socks[who].send(packet(src, dst, 6, head + data))
        self.next[who] += len(data) + ('S' in flags) + ('F' in flags)


def forwarded(socks):
    """The ctstate of the last packet that came out on each side, for each port or id."""
    time.sleep(0.2)
    out = {}
    for side, s in socks.items():
        s.settimeout(0.05)
        try:
            while True:
                b, (_, _, kind, _, _) = s.recvfrom(2048)
                if kind == 4:  # PACKET_OUTGOING
                    continue
                ports = struct.unpack('!HH', b[34:38]) if b[23] != 1 else struct.unpack('!H', b[38:40])
                out[side, max(ports)] = CTSTATES.get(b[15], str(b[15])).lower()
        except socket.timeout:
            pass
    return out


def entries(proto):
    out = {}
    for line in sh(f'conntrack -L -p {proto} 2>/dev/null', ok=False).splitlines():
        state = re.search(r'^\w+\s+\d+\s+\d+ ([A-Z_0-9]+)', line)
        for port in re.findall(r'(?:sport|dport|id)=(\d+)', line):
            out[int(port)] = (state.group(1) if state else 'TRACKED') + ('' if '[UNREPLIED]' not in line else ' unreplied')
    return out


def tcp(socks, loose):
    sh(f'sysctl -qw net.netfilter.nf_conntrack_tcp_loose={loose}')
    asked, port = [], 20000 + 2000 * loose
    for who, direction in (('o', 'original'), ('r', 'reply')):
        for name, flags in SEGMENTS.items():
            for state, path in STATES.items():
                port += 1
                c = Connection(socks, port)
                for step in path.split():
                    c.say(step[0], step[1:])
                asked.append((port, c, who, direction, name, flags, state))
    forwarded(socks)
    reached = entries('tcp')
    for port, c, who, direction, name, flags, state in asked:
        if reached.get(port, 'NONE').split()[0] != state:
            raise SystemExit(f'{state} was not reached: {reached.get(port)}')
        c.say(who, flags)
    said, after, out = forwarded(socks), entries('tcp'), {}
    for port, c, who, direction, name, flags, state in asked:
        left = after.get(port, 'NONE' if state == 'NONE' else 'GONE')
        out.setdefault(direction, {}).setdefault(name, {})[state] = f'{said.get((OTHER[who], port), "dropped")} {left}'
    return out


def plain(socks):
    """UDP and echoes: question and answer, without an entry and with one."""
    def udp(who, port):
        src, dst, ports = (O, R, (port, 53)) if who == 'o' else (R, O, (53, port))
        socks[who].send(packet(src, dst, 17, struct.pack('!HHHH', *ports, 8, 0)))
    def echo(who, port, kind):
        src, dst = (O, R) if who == 'o' else (R, O)
        b = struct.pack('!BBHHH', kind, 0, 0, port, 1)
        socks[who].send(packet(src, dst, 1, b[:2] + struct.pack('!H', checksum(b)) + b[4:]))
    asks = (
        ('udp, first', 'udp', 'o'), ('udp, again', 'udp', 'oo'), ('udp, answer', 'udp', 'or'), ('udp, again after an answer', 'udp', 'oro'),
        ('echo request', 'icmp', '8'), ('echo request, again', 'icmp', '88'), ('echo reply', 'icmp', '80'), ('echo request after a reply', 'icmp', '808'), ('echo reply to nothing', 'icmp', '0'),
    )
    for port, (name, proto, path) in enumerate(asks, 30000):
        for step in path:
            udp(step, port) if proto == 'udp' else echo('o' if step == '8' else 'r', port, int(step))
    said, left = forwarded(socks), {**entries('udp'), **entries('icmp')}
    return {name: f'{said.get((OTHER["r" if path[-1] in "r0" else "o"], port), "dropped")} {left.get(port, "NONE")}' for port, (name, proto, path) in enumerate(asks, 30000)}


socks = build()
print(json.dumps({'loose': tcp(socks, 1), 'strict': tcp(socks, 0), 'plain': plain(socks)}, indent=1))
