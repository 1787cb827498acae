"""The hands of `packet-walk verify` inside a lab: sends flows with real sockets and captures every device of every namespace.

Reads one JSON object a line and answers each with one: first {prefix, connections, spaces: [{name, bridges, sockets}]}, then {flow} or {reset}.
Python's standard library only. It knows the rows and what is to be sent, nothing of what the model says will happen.
"""
import ctypes, errno, json, mmap, os, select, socket, struct, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
IP_RECVERR, IP_MTU_DISCOVER, IP_FREEBIND, IP_PKTINFO = 11, 10, 15, 8
# A program acts when the network has been quiet for QUIET s, one that relays for RELAY s, so that no acknowledgement is due before (40 ms); a flow is over when it has been for DONE s after success, for LOST s without.
# Who was sent no data has not learned how long to wait, so its acknowledgement of a FIN waits for the next tick alone (tcp_send_delayed_ack() with an ato of 0; 10 ms at the slowest HZ): it is to go out before the program closes.
QUIET, RELAY, TICKED, DONE, LOST, LIMIT = 0.006, 0.001, 0.03, 0.04, 0.4, 8.0
# Times of the kernel that a lab cannot wait for: the allowance "timers" names them.
NEIGH = {'retrans_time_ms': 80, 'base_reachable_time_ms': 3600000, 'delay_first_probe_time': 600}
# A kernel without tcp_rto_min_us (before 6.11) sends data again after TCP_RTO_MIN, 0.2 s: nobody waits so long for what follows it.
RTO_MIN, BEFORE = '/proc/sys/net/ipv4/tcp_rto_min_us', 0.15
SYSCTLS = {'net/ipv4/tcp_rto_min_us': 5000000, 'net/ipv4/tcp_early_retrans': 0}
# A frame is as long as one that a bridge put together; a node has more taps than a pod.
FRAME, BLOCK, BLOCKS = 32768, 65536, {True: 192, False: 64}


def enter(space):
    if libc.setns(space['fd'], 0x40000000):
        raise OSError(ctypes.get_errno(), 'setns ' + space['name'])


def put(path, value):
    try:
        with open(path, 'w') as f:
            f.write(str(value))
    except OSError:
        pass  # an older kernel has no such sysctl


def ring(space):
    """A ring copies each frame at the moment it passes the tap (a plain recv() may see it as changed later). All devices, both directions."""
    enter(space)
    names = dict(socket.if_nameindex())
    blocks = BLOCKS[len(names) > 2]
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.setsockopt(263, 10, 1)  # PACKET_VERSION: TPACKET_V2
    # PACKET_RX_RING. Not by the socket's own method, which would keep the other threads waiting as it waits.
    if libc.setsockopt(s.fileno(), 263, 5, struct.pack('IIII', BLOCK, blocks, FRAME, BLOCK * blocks // FRAME), 16):
        raise OSError(ctypes.get_errno(), 'PACKET_RX_RING ' + space['name'])
    space.update(sock=s, map=mmap.mmap(s.fileno(), BLOCK * blocks), count=BLOCK * blocks // FRAME, at=0, t=0, names=names)


def release(space):
    space['map'].close()
    libc.close(space['sock'].detach())


def at_once(what, spaces):
    """In all namespaces beside each other: opening and closing a ring waits for all processors (synchronize_net), and all may wait for the same."""
    failed = []

    def one(space):
        try:
            what(space)
        except Exception as e:
            failed.append(e)
    threads = [threading.Thread(target=one, args=(x,)) for x in spaces]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failed:
        raise failed[0]


class Lab:
    def __init__(self, setup):
        self.setup, self.spaces, self.poll, self.frames, self.last = setup, setup['spaces'], select.poll(), [], 0.0
        for x in self.spaces:
            x['fd'] = os.open('/run/netns/' + setup['prefix'] + x['name'], os.O_RDONLY)
            enter(x)
            for d in os.listdir('/proc/sys/net/ipv4/neigh'):
                for k, v in NEIGH.items():
                    put('/proc/sys/net/ipv4/neigh/' + d + '/' + k, v)
                # As much less as who asks waits: the answer is to come before the second question.
                with open('/proc/sys/net/ipv4/neigh/' + d + '/proxy_delay') as f:
                    delay = int(f.read())
                put('/proc/sys/net/ipv4/neigh/' + d + '/proxy_delay', delay * NEIGH['retrans_time_ms'] // 1000)
            for k, v in SYSCTLS.items():
                put('/proc/sys/' + k, v)
            x['stats'] = [open('/proc/thread-self/net/' + f) for f in ('snmp', 'netstat')]
        at_once(ring, self.spaces)
        for x in self.spaces:
            self.poll.register(x['sock'], select.POLLIN)
        self.rings = {x['sock'].fileno(): x for x in self.spaces}

    def drain(self, x):
        m, count = x['map'], x['count']
        while True:
            o = x['at'] * FRAME
            status, full, snap, start, _, sec, nsec, tci, tpid = struct.unpack_from('IIIHHIIHH', m, o)
            if not status & 1:
                return
            index, _, kind = struct.unpack_from('iHB', m, o + 36)
            x['t'] = max(x['t'], sec * 10**9 + nsec)
            frame = m[o + start:o + start + snap]
            if status & 0x10:  # TP_STATUS_VLAN_VALID: the kernel keeps the tag beside the frame
                frame, full = frame[:12] + struct.pack('!HH', tpid, tci) + frame[12:], full + 4
            self.frames.append((x['t'], len(self.frames), x['name'], x['names'].get(index, '?%d' % index), kind, full, frame.hex()))
            struct.pack_into('I', m, o, 0)
            x['at'] = (x['at'] + 1) % count
            self.last = time.monotonic()

    def counters(self):
        out = {}
        for x in self.spaces:
            out[x['name']] = found = {}
            for f in x['stats']:
                f.seek(0)
                lines = [l.split() for l in f.read().splitlines()]
                for names, values in zip(lines[::2], lines[1::2]):
                    found.update((names[0][:-1] + n, int(v)) for n, v in zip(names[1:], values[1:]))
        return out

    def lost(self):
        return sum(struct.unpack('II', x['sock'].getsockopt(263, 6, 8))[1] for x in self.spaces)  # PACKET_STATISTICS

    def reset(self):
        """As it was built: no learned neighbours, path MTUs or forwarding entries, and the connections of the rows."""
        import subprocess  # slow to load, and a lab of one flow does without
        for x in self.spaces:
            enter(x)
            lines = ['neigh flush all', 'route flush cache'] + ['link set dev %s type bridge fdb_flush' % b for b in x['bridges']]
            subprocess.run(['ip', '-force', '-batch', '-'], input='\n'.join(lines) + '\n', text=True, capture_output=True)
            with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as s:  # NETLINK_NETFILTER: IPCTNL_MSG_CT_DELETE of everything
                s.send(struct.pack('=IHHIIBBH', 20, 1 << 8 | 2, 5, 1, 0, 0, 0, 0))
                s.settimeout(0.5)
                try:
                    s.recv(4096)
                except OSError:
                    pass
        if self.setup['connections']:
            subprocess.run([sys.executable, '-BIS', '/run/lab/lab.py', '/run/lab', self.setup['prefix']], input='connections\n', text=True, check=True, stdout=sys.stderr)


class Talk:
    """One flow: a client, the listeners of all namespaces, and what they do next."""

    def __init__(self, lab, flow):
        self.lab, self.flow, self.handlers, self.todo, self.relayed, self.open = lab, flow, {}, [], [], []
        self.outcome, self.got, self.closed = None, 0, {'client': False, 'server': False}
        self.lost = LOST
        self.answer = flow['answer']
        for x in lab.spaces:
            enter(x)
            for row in x['sockets']:
                s = self.add(socket.socket(socket.AF_INET, socket.SOCK_STREAM if row['proto'] == 'tcp' else socket.SOCK_DGRAM))
                s.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind((row['addr'], row['port']))
                if row['proto'] == 'tcp':
                    s.listen(8)
                if row['relay']:
                    (Calls if row['proto'] == 'tcp' else Datagrams)(self, s, x, row['relay'])
                else:
                    self.on(s, select.POLLIN, self.accept if row['proto'] == 'tcp' else self.serve)

    def add(self, s):
        s.setblocking(False)
        self.open.append(s)
        return s

    def on(self, s, events, what):
        self.handlers[s.fileno()] = (s, what)
        self.lab.poll.register(s, events)

    def off(self, s):
        self.handlers.pop(s.fileno(), None)
        self.lab.poll.unregister(s)

    def later(self, what, quiet=QUIET):
        self.todo.append((what, quiet))

    def relay(self, what):
        self.relayed.append((what, RELAY))

    # the server
    def serve(self, s):
        data, peer = s.recvfrom(65536)
        if self.answer:
            self.later(lambda: s.sendto(said(self.flow['reply'], self.answer), peer))
        else:
            self.outcome = 'answer'

    def accept(self, s):
        c = self.add(s.accept()[0])
        state = {'got': 0}

        def read(c):
            data = c.recv(65536)
            state['got'] += len(data)
            if data and state['got'] == self.flow['size']:
                self.later(lambda: c.sendall(said(self.flow['reply'], self.answer)))
            if not data:
                self.off(c)
                self.later(lambda: self.close(c, 'server'), QUIET if state['got'] else TICKED)
        self.on(c, select.POLLIN, read)
        if not self.flow['size']:
            self.later(lambda: c.sendall(said(self.flow['reply'], self.answer)))

    def close(self, c, who):
        c.close()
        self.closed[who] = True
        if all(self.closed.values()):
            self.outcome = 'answer'

    # the client
    def start(self):
        f = self.flow
        enter(next(x for x in self.lab.spaces if x['name'] == f['from']))
        kind = {'icmp': socket.SOCK_RAW, 'udp': socket.SOCK_DGRAM, 'tcp': socket.SOCK_STREAM}[f['proto']]
        s = self.client = self.add(socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP if f['proto'] == 'icmp' else 0))
        s.setsockopt(socket.SOL_IP, socket.IP_TTL, f['ttl'])
        s.setsockopt(socket.SOL_IP, socket.IP_TOS, f['tos'])
        s.setsockopt(socket.SOL_IP, IP_RECVERR, 1)
        s.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
        if f['proto'] != 'tcp' and f['df'] is not None:
            s.setsockopt(socket.SOL_IP, IP_MTU_DISCOVER, 2 if f['df'] else 0)  # IP_PMTUDISC_DO, DONT
        if f['proto'] == 'tcp':
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((f['src'] or '0.0.0.0', 0 if f['proto'] == 'icmp' else f['sport']))
        try:
            if f['proto'] == 'tcp':
                e = s.connect_ex((f['to'], f['dport']))
                if e != errno.EINPROGRESS:
                    raise OSError(e, 'connect')
                return self.on(s, select.POLLOUT, self.connected)
            self.on(s, select.POLLIN, self.echoed if f['proto'] == 'icmp' else self.answered)
            if f['proto'] == 'udp':
                s.sendto(said(f['question'], f['size']), (f['to'], f['dport']))
            for i in range(f['count'] if f['proto'] == 'icmp' else 0):
                s.sendto(echo(f['sport'], f['seq'] + i, f['size']), (f['to'], 0))
        except OSError as e:
            self.failed(s, e)

    def echoed(self, s):
        p = s.recv(65536)
        i = p[(p[0] & 15) * 4:]
        if i[0] == 0 and struct.unpack('!H', i[4:6])[0] == self.flow['sport']:
            self.got += 1
            if self.got == self.flow['count']:
                self.outcome = 'answer'

    def answered(self, s):
        s.recv(65536)
        self.outcome = 'answer'

    def connected(self, s):
        e = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self.off(s)
        if e:
            raise OSError(e, 'connect')
        if self.answer:
            self.on(s, select.POLLIN, self.response)
        if not os.path.exists(RTO_MIN):
            self.lost = BEFORE
        self.later(lambda: s.sendall(said(self.flow['question'], self.flow['size'])))
        if not self.answer:
            self.later(lambda: self.close(s, 'client'))

    def response(self, s):
        data = s.recv(65536)
        self.got += len(data)
        if self.got == self.answer or not data:
            self.off(s)
            self.later(lambda: self.close(s, 'client'))

    def told(self, s):
        """What the error queue says: the ICMP error that came for this socket."""
        try:
            for level, kind, data in s.recvmsg(2048, 512, socket.MSG_ERRQUEUE)[1]:
                if (level, kind) == (socket.SOL_IP, IP_RECVERR):
                    number, origin, t, c = struct.unpack_from('IBBB', data)
                    said = 'ICMP %d/%d from %s' % (t, c, socket.inet_ntoa(data[20:24])) if origin == 2 else errno.errorcode.get(number, str(number))
                    self.outcome = self.outcome or said
        except OSError:
            return False
        return s.type != socket.SOCK_STREAM

    def failed(self, s, e):
        """The kernel queues the ICMP error before it gives the socket its number (net/ipv4/raw.c, raw_err), and what comes between poll and the call tells only the number."""
        self.told(s)
        self.outcome = self.outcome or errno.errorcode.get(e.errno, str(e.errno))

    def run(self):
        begun = self.lab.last = time.monotonic()
        self.start()
        while True:
            for fd, event in self.lab.poll.poll(1):
                x = self.lab.rings.get(fd)
                if x:
                    self.lab.drain(x)
                elif fd in self.handlers:
                    s, what = self.handlers[fd]
                    try:
                        if event & select.POLLERR and s is self.client and self.told(s):
                            continue
                        what(s)
                    except OSError as e:
                        if e.errno not in (errno.EAGAIN, errno.EINTR):
                            if s is self.client:
                                self.failed(s, e)
                            if s.type == socket.SOCK_STREAM and fd in self.handlers:
                                self.off(s)
            now = time.monotonic()
            quiet = now - self.lab.last
            # What is relayed goes first: who waits for it is not to know how long it takes.
            next_up = self.relayed or self.todo
            if next_up and quiet > next_up[0][1]:
                try:
                    next_up.pop(0)[0]()
                except OSError:
                    pass
                self.lab.last = time.monotonic()
            elif not next_up and quiet > (DONE if self.outcome == 'answer' else self.lost) or now - begun > LIMIT:
                return

    def end(self):
        """Nothing of this flow may speak later: connections are reset, and what that sends is thrown away."""
        for fd in list(self.handlers):
            self.off(self.handlers[fd][0])
        for s in self.open:
            if s.fileno() >= 0:
                if s.type == socket.SOCK_STREAM:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                s.close()


class Calls:
    """docker-proxy on a port of TCP: for each connection one of its own, and each copied to the other until both have ended."""

    def __init__(self, talk, listener, space, to):
        self.talk, self.space, self.to = talk, space, (to['ip'], to['port'])
        talk.on(listener, select.POLLIN, self.accept)

    def accept(self, s):
        front = self.talk.add(s.accept()[0])
        self.talk.relay(lambda: self.dial(front))

    def dial(self, front):
        enter(self.space)
        back = self.talk.add(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        if back.connect_ex(self.to) != errno.EINPROGRESS:
            return front.close()
        self.talk.on(back, select.POLLOUT, lambda s: self.dialled(front, s))

    def dialled(self, front, back):
        self.talk.off(back)
        if back.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return self.talk.relay(front.close)
        ended = []
        self.copy(front, back, ended)
        self.copy(back, front, ended)

    def copy(self, a, b, ended):
        held = bytearray()

        def flush():
            data = bytes(held)
            held.clear()
            b.sendall(data)

        def end():
            ended.append(a)
            try:
                b.shutdown(socket.SHUT_WR)
            finally:
                if len(ended) == 2:
                    a.close()
                    b.close()

        def read(s):
            try:
                data = s.recv(65536)
            except ConnectionError:
                data = b''
            if data and not held:
                self.talk.relay(flush)
            held.extend(data)
            if not data:
                self.talk.off(s)
                self.talk.relay(end)
        self.talk.on(a, select.POLLIN, read)


class Datagrams:
    """docker-proxy on a port of UDP: each sender has a socket of its own towards the container, and is answered from the address it asked."""

    def __init__(self, talk, listener, space, to):
        self.talk, self.space, self.to, self.backs = talk, space, (to['ip'], to['port']), {}
        listener.setsockopt(socket.SOL_IP, IP_PKTINFO, 1)
        talk.on(listener, select.POLLIN, self.heard)

    def heard(self, s):
        data, said, _, peer = s.recvmsg(65536, 64)
        asked = next(d[8:12] for level, kind, d in said if (level, kind) == (socket.SOL_IP, IP_PKTINFO))
        self.talk.relay(lambda: self.back(s, peer, asked).send(data))

    def back(self, s, peer, asked):
        if peer not in self.backs:
            enter(self.space)
            b = self.backs[peer] = self.talk.add(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            b.connect(self.to)

            def answer(b):
                data = b.recv(65536)
                self.talk.relay(lambda: s.sendmsg([data], [(socket.SOL_IP, IP_PKTINFO, b'\0' * 4 + asked + b'\0' * 4)], 0, peer))
            self.talk.on(b, select.POLLIN, answer)
        return self.backs[peer]


def pattern(n):
    return bytes(i & 255 for i in range(n))


def said(text, n):
    return pattern(n) if text is None else bytes.fromhex(text).ljust(n, b'\0')


def echo(ident, seq, size):
    b = struct.pack('!BBHHH', 8, 0, 0, ident, seq) + pattern(size)
    even = b + b'\0' * (len(b) % 2)
    s = sum(struct.unpack('!%dH' % (len(even) // 2), even))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return b[:2] + struct.pack('!H', s ^ 0xffff) + b[4:]


def settle(lab, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for fd, _ in lab.poll.poll(2):
            if fd in lab.rings:
                lab.drain(lab.rings[fd])
    lab.frames = []


def send(lab, flow):
    settle(lab, 0.005)
    lab.lost()
    before = lab.counters()
    talk = Talk(lab, flow)
    try:
        talk.run()
    finally:
        after, lost, frames = lab.counters(), lab.lost(), list(lab.frames)  # a copy: what closing sends is drained into the list
        talk.end()
    settle(lab, 0.02)
    moved = {n: {k: v - before[n].get(k, 0) for k, v in c.items() if v != before[n].get(k, 0)} for n, c in after.items()}
    to = {0: 'host', 1: 'broadcast', 2: 'multicast', 3: 'otherhost'}
    return {'outcome': talk.outcome or 'nothing', 'lost': lost, 'counters': moved,
            'frames': [{'in': n, 'dev': d, 'dir': 'out' if k == 4 else 'in', 'to': to.get(k), 'len': full, 'hex': h} for _, _, n, d, k, full, h in sorted(frames)]}


def main():
    lab = Lab(json.loads(sys.stdin.readline()))
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        if 'reset' in ask:
            lab.reset()
            settle(lab, 0.005)
            print('{}', flush=True)
        else:
            print(json.dumps(send(lab, ask['flow'])), flush=True)
    at_once(release, lab.spaces)


main()
