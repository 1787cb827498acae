/* What every program of a lab begins with, and orders that no program is started for. */

export const COMMON = `"""lab.py RUN PREFIX: the programs of a lab. Reads one order a line: sysctl NAME PATH VALUE; or, each answered with "done": plain, carrier, connections, start PROGRAM..., done.
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
