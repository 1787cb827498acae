/* Connections that the kernel is told of before anything is sent. */

export const CONNECTIONS = `

TCP_STATES = ['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE']  # enum tcp_conntrack


def attr(kind, *parts):
    """One netlink attribute, filled up to four bytes; of attributes, where it is given several or nested ones."""
    body = b''.join(parts)
    return struct.pack('=HH', 4 + len(body), kind) + body + b'\\0' * (-len(body) % 4)


def nest(kind, *parts):
    return attr(kind | 0x8000, *parts)  # NLA_F_NESTED


def ends(kind, c, way):
    """CTA_TUPLE_ORIG (1) or CTA_TUPLE_REPLY (2)."""
    t, number = c[way], {'icmp': 1, 'ipencap': 4, 'tcp': 6, 'udp': 17, 'gre': 47}[c['proto']]
    if c['proto'] == 'icmp':
        l4 = attr(4, struct.pack('!H', t['sport'])) + attr(5, b'\\x08' if way == 'original' else b'\\0') + attr(6, b'\\0')
    elif number in (4, 47):
        l4 = b''
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
