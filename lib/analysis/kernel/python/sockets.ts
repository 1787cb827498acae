/* Who waits on the sockets: listeners, and docker-proxy. */

export const BOUND = `

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

export const LISTEN = `

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

export const RELAY = `

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
