/** What the words of the chapters mean, by the word as `<Term>` has it, in small letters; `name` where it should stand here otherwise. A word without a text is explained by the sentence that introduces it. */
export const GLOSSARY: Readonly<
  Record<string, string | { readonly name: string; readonly says: string }>
> = {
  node: 'A machine of the cluster. Pods run on it.',
  pod: 'One or more containers on a node that share one network: one address, one set of tables.',
  device:
    'What a packet enters or leaves a machine or pod by: a card, or a part of the kernel that stands for one.',
  link: 'All that can be reached without a router: a wire, or a bridge or switch with all that is plugged into it.',
  wire: 'What connects two devices. What goes in at one end comes out at the other.',
  packet:
    'Data, and in front of it a header that says which address it is from and which it is for.',
  header: 'The fields in front of data: who sent it, who it is for, and what follows.',
  'ip addresses': {
    name: 'IP address',
    says: 'The 32 bits that name a sender or a receiver of packets, written as four numbers from 0 to 255.',
  },
  routes: {
    name: 'route',
    says: 'A row of a route table: a prefix, and where a packet to an address in it goes next.',
  },
  table:
    'Rows that a machine asks to decide about a packet: routes, neighbours, forwarding entries, rules.',
  tcp: 'A protocol of connections. SYN, SYN-ACK and ACK open one, ACKs say what has arrived, and a FIN from each side closes it.',
  udp: 'A protocol of single packets, datagrams. None of them opens or answers anything by itself.',
  prefix:
    'All addresses that begin alike. 10.1.15.0/24 holds those whose first 24 bits are the same.',
  'mac address': 'The name of a device on its link: six bytes. It says nothing beyond that link.',
  frame: 'A packet with one more header in front, which says from which MAC address to which.',
  broadcast: 'What is sent to every device of a link at once.',
  arp: 'How a machine finds the MAC address of an IP address on its link: it asks everybody, and the owner answers.',
  'neighbour table':
    'Which MAC address each IP address on a link has, learned by ARP or written. Also called ARP table.',
  bridge:
    'An Ethernet switch in software. It reads MAC addresses, learns where they are, and does not route.',
  'bridge port': 'A device that belongs to a bridge. What comes in there, the bridge hands on.',
  'forwarding database':
    'The table of a bridge or of a tunnel device: behind which port, or which machine, a MAC address is. FDB for short.',
  ttl: 'A number in the header, time to live. Every router lowers it by one; at zero the packet is dropped.',
  router:
    'Who takes a packet that is for somebody else, looks its destination up in a table, and sends it on.',
  'default route':
    'The route 0.0.0.0/0. It holds every address, and wins where no other route does.',
  'next hop': 'The machine that a packet is handed to next. It will know more of the way.',
  'longest prefix':
    'What decides when several routes hold an address: the one that fixes the most bits wins.',
  'port number': 'Which program of a machine is meant. Not to be confused with a port of a bridge.',
  socket: 'Where a program meets the network: an address, a protocol and a port number.',
  container:
    'A program started with files and a network of its own, beside others on the same machine.',
  kernel: 'The part of a machine’s system that moves packets. All pods of a node share one.',
  'network namespace':
    'A set of devices, routes, rules and sockets of its own. Each pod has one, and so does the node.',
  'veth pair': 'Two devices joined back to back, one end in the pod, the other on the node.',
  'firewall rules': {
    name: 'firewall rule',
    says: 'A row that a packet is compared with, and what becomes of it where it fits: it passes, is dropped, or is changed.',
  },
  chains: {
    name: 'chain',
    says: 'A list of firewall rules, asked from the top. A rule that lets pass, drops or translates ends it; where none does, the chain’s policy decides.',
  },
  iptables:
    'The command that writes firewall rules into a Linux kernel, and a name for those rules.',
  'source nat':
    'To write another source address into a packet on its way. The answers are translated back.',
  'connection tracking':
    'The kernel’s memory of conversations. It lets answers through and turns their addresses back.',
  published: {
    name: 'to publish',
    says: 'To give a container a port number of its machine, so that others can reach it.',
  },
  'destination nat':
    'To write another destination address into a packet on its way, as for a published port or a Service.',
  'user space': 'Where programs run, above the kernel. What goes there and back costs time.',
  'port registry':
    'A list of who has which port number of which machine, kept by somebody where containers share them.',
  kubernetes: 'The system that decides which pod runs on which node. It moves no packet itself.',
  promises: {
    name: 'promise',
    says: 'What Kubernetes asks of every network: pods reach each other, and nodes their pods, at the addresses that they call their own.',
  },
  counterexample: 'One case in which a promise does not hold. It is enough to break it.',
  sandbox:
    'What a pod’s network belongs to: it is made before the pod’s containers, and outlives their crashes.',
  runtime: 'The program on a node that starts containers and has the plugin called.',
  plugin:
    'A program that connects a pod to the network, or takes it off. It is not in the way of packets.',
  cni: 'The agreement between runtimes and plugins: what is called, what it is told, and what it answers.',
  add: 'The call of CNI by which a pod is connected.',
  del: 'The call of CNI by which a pod is taken off the network.',
  conflist: 'The file that says which plugins are called for a pod, in which order, and with what.',
  ipam: 'Which address a pod gets, and who keeps the book of it.',
  'host-local':
    'A plugin that gives addresses of the node’s own range, and keeps its book in files on that node.',
  version: 'The call of CNI that asks a plugin which versions of the agreement it speaks.',
  check: 'The call of CNI that asks whether a pod is still connected as it was.',
  status: 'The call of CNI that asks whether the plugin could connect a pod now.',
  gc: 'The call of CNI that says which pods there still are, so that the rest can be cleared away.',
  vpc: 'A private network in AWS, with its own ranges of addresses.',
  'elastic network interface':
    'What attaches a machine to a VPC; the machine sees it as eth0, another as eth1. ENI for short.',
  'source/destination check':
    'A gate of an ENI: what leaves must be from one of its addresses, and what arrives must be for one.',
  'overlay network':
    'A network laid over another that does not know its addresses: its packets travel inside packets of the other.',
  icmp: 'The protocol for reports about packets, such as “time exceeded”, and for ping.',
  mtu: 'The longest packet that a device takes, in bytes.',
  'tun device':
    'A device whose other end is a program: what the kernel sends in, the program reads.',
  lease: 'A range of pod addresses that a node has taken, known to flanneld on every node.',
  encapsulation: 'To put a whole packet, as data, into another.',
  'security group':
    'A list of what may leave an ENI and what may reach it. What no row allows is dropped; answers are remembered.',
  traceroute:
    'A tool that sends packets of TTL 1, 2, 3 and so on, and lists who reports their end.',
  vxlan: 'A format for frames inside UDP. Here the kernel makes them.',
  "don't fragment": 'The bit of a packet that forbids to cut it into pieces. DF for short.',
  capture: 'A record of what a device sent and received, as tcpdump makes it.',
  substrate: 'The network that AWS’s own machines stand in, below every VPC.',
  'route tables': {
    name: 'route table',
    says: 'Routes that are asked together. Each subnet of a VPC uses one; a Linux machine may have several.',
  },
  subnet: {
    name: 'subnet',
    says: 'A range of a VPC’s addresses, in one Availability Zone. It uses one route table, perhaps together with other subnets.',
  },
  'mapping service': 'AWS’s list of which address of which VPC is behind which of its machines.',
  'implicit router':
    'The router that each subnet of a VPC has at the address after its own, here .1. It answers ARP but no ping, and nobody has found a box.',
  observer: 'Who sees a packet somewhere on its way: a pod, a node, AWS.',
  'flow log':
    'AWS’s record of what came to an interface within a minute or ten: a line for each direction of a conversation.',
  record: 'A line of a flow log.',
  '5-tuple':
    'What packets of one direction of a conversation share: two addresses, two port numbers, and the protocol.',
  networkpolicy:
    'Rules of Kubernetes about which pods may talk. The network’s plugin has to enforce them.',
  'control plane': 'What decides and writes rows, when nodes and pods come and go.',
  'data plane': 'What reads rows and moves packets.',
  census:
    'To take away each row of a network in turn, and to see which single rows a packet cannot do without.',
  'secondary addresses': {
    name: 'secondary address',
    says: 'A further address of an ENI beside its first. The VPC CNI gives them to pods.',
  },
  ipamd:
    'The VPC CNI’s program on each node. It keeps addresses in reserve, and ADD asks it for one.',
  'vpc cni': 'AWS’s plugin. It gives pods addresses that the VPC itself knows.',
  'policy rule':
    'A row that is asked before any route: which route table is it for this packet? `ip rule` lists them.',
  stateful: 'Of a gate: what was let through is remembered, and its answers pass.',
  mark: 'A number that the kernel keeps with a packet while it is on this machine. Rules can write and read it.',
  'internet gateway': 'Where a VPC meets the internet. It gives a private address its public one.',
  rp_filter:
    'A setting of a device: drop what comes in by it, if the answer would leave by another device (1, strict) or by none (2, loose).',
  'peering connection':
    'What joins two VPCs: packets cross it as they are, where a route of each leads to the other.',
  service: 'One address that stands for several pods. A rule on each node chooses one of them.',
  'node port': 'A port number of every node by which a Service is reached from outside.',
}
