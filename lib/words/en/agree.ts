/** What is said where a walk is held against a kernel. */
export const agree = {
  /** Where the engine need not give the kernel's number, and why. Each still demands what the kernel guarantees. */
  rules: {
    'ip-id':
      'The kernel starts its IP ids at random. Demanded: never 0, one id for one packet wherever it is seen, distinct packets distinct, and a TCP connection counts up by one.',
    'vxlan-source-port':
      'The kernel hashes the inner flow with a secret of its own. Demanded: within ip_local_port_range, one port for each of the kernel’s.',
    'geneve-source-port':
      'The kernel hashes the inner flow with a secret of its own. Demanded: 1 to 65534, one port for each of the kernel’s.',
    'nat-port':
      'NAT that finds its port taken, or is told --random-fully, draws one, and so does a program that relays, for its own connection. Demanded: 1024 or above, not the one asked for, one port for each of the kernel’s.',
    'icmp-id':
      'NAT told --random-fully draws the id of an echo too. Demanded: not the one asked for, one id for each of the kernel’s.',
    'tcp-number':
      'The kernel starts its sequence numbers at random. Demanded: the same distance from the first number of their byte stream.',
    'tcp-clock':
      'Windows and timestamps depend on memory and on the time. Demanded: the same options in the same order, the same MSS, the same window in a SYN, which follows the MSS; the same SACK blocks.',
    'tcp-push':
      'The kernel sets PSH on each packet of several segments, and cutting leaves it on the last; how many it sends in one go follows the measured round-trip time (tcp_tso_autosize). Ours sends five at first. Demanded: PSH on the last segment of a write; elsewhere never on two in a row.',
    scheduling:
      'Which of two processors or woken programs runs first is the scheduler’s choice; flanneld, the VPC’s stand-in and the ends of a connection are programs. Demanded: the order within each namespace; where flanneld runs, and where fragments come by the VPC, that of what each device takes in and of what it sends; so also on a machine that gets what a flanneld sends one by one, and on one with ipvlan slaves, whose broadcasts wait in a work queue, ARP and the rest each for itself.',
    offload:
      'With checksum offload a capture inside the host shows checksums that are not computed yet; the engine’s always are. Demanded: ours is right.',
    'tcp-bursts':
      'How many segments of a write leave in one go is timing, and so what comes in between: acknowledgements, ICMP errors; and where what is sent again in smaller segments is cut. Demanded: bursts of two segments or more; the order of what each device takes in, and of what it sends; never more segments than ten and two for each acknowledged.',
    'tcp-acks':
      'How many segments of a write longer than the first window one acknowledgement covers is timing. Demanded: each at the end of a segment, in order, up to the last; IP ids that count up.',
    timers:
      'A lab does not wait: ARP asks again after 80 ms instead of a second, proxy_delay is as much shorter, and TCP sends again only after 5 s. Demanded: three questions, then the same errors.',
    'beyond-aws':
      'Security groups and network ACLs are AWS’s, and nothing stands in for them: a kernel without them goes on where AWS drops. Demanded: all frames up to there, and the further ones behind them in each namespace.',
    draw: 'A rule with a probability draws at random. In the lab the rules that the walk asked have 1 or 0 in its place, as the walk drew. Demanded: the same endpoint, and all that follows from it.',
  },
  /** What the stub of the VPC takes for granted; AWS documents the first six, the rest is a choice (lib/vpc makes the same). */
  vpcAssumes: [
    'TTL and IP header pass unchanged; nothing is broadcast',
    'it answers ARP itself: the router (subnet + 1) and the private addresses of the same subnet’s other ENIs, with their MACs; nobody else',
    'the subnet’s route table decides by longest prefix: local to the ENI that has the address, an ENI, an internet gateway, or a peered VPC, which is handed the packet as it is and lets it pass',
    'the gateway translates 1:1 between an ENI’s primary address and its public one; without a public address it drops',
    'an interface whose source/destination check is on sends and takes only with its own addresses; what exceeds the gateway’s MTU is cut, or with DF answered with ICMP 3/4 by the router',
    'security groups and network ACLs are NOT applied: what they decide is not verified here',
    'a frame to the MAC of another ENI of the subnet is delivered to it, with the sender’s MAC as source; every other frame is routed, and arrives with the router’s MAC as source',
    'a NIC takes frames of any size, and all of them are equally long under way: the order in which they were sent is kept, whichever NIC they come from',
  ],
  missing: (frame: string): string => `missing (${frame})`,
  notCaptured: (frame: string): string => `not in the kernel’s capture: ${frame}`,
  field: (field: string, kernel: string, ours: string): string =>
    `${field}: kernel ${kernel}, ours ${ours}`,
  ids: 'IP ids of the connection do not count up by one as the kernel’s',
  pushedAlone: (place: string, seq: string): string =>
    `${place}: PSH on a segment that left alone, seq ${seq}`,
  acknowledgesBack: (place: string, ack: number, before: number): string =>
    `${place}: acknowledges ${ack} after ${before}`,
  acknowledgesInside: (place: string, ack: number): string =>
    `${place}: acknowledges ${ack}, which ends no segment`,
  lost: (frames: number): string =>
    `the capture lost ${frames === 1 ? '1 frame' : `${frames} frames`}`,
  program: (kernel: string, ours: string): string => `the program: kernel ${kernel}, ours ${ours}`,
  onlyAws: (reason: string): string =>
    `${reason}: not verifiable outside AWS; compared up to where the frame enters the VPC`,
  onlyDocumented: (reason: string): string =>
    `${reason}: not verifiable outside AWS; the lab does what AWS documents, and the rest was compared`,

  // What a lab leaves out
  oneVpc: (vpc: string, first: string): string =>
    `${vpc}: a lab has one VPC, ${first}; what is wired to this one is wired to nothing`,
  inSpace: (space: string, gap: string): string => `${space}: ${gap}`,
  notHeld: (device: string): string => `nobody holds ${device}, so it has no carrier`,
  routeDown: (route: string, device: string): string =>
    `the route ${route} is not there, as ${device} is down`,
  routeGone: (route: string, device: string): string =>
    `the route ${route} is not there, as there is no ${device}`,
  neighbourDown: (ip: string, device: string): string =>
    `the neighbour ${ip} is not there, as ${device} is down`,
  neighbourGone: (ip: string, device: string): string =>
    `the neighbour ${ip} is not there, as there is no ${device}`,
  pathMtu: (mtu: string, to: string): string =>
    `the path MTU ${mtu} to ${to} is not known there; flows learn it`,
  longAgo: (ip: string, list: string): string =>
    `${ip} is not in the list ${list}: what is put there is put there now`,
  notLearned: (mac: string, device: string): string =>
    `the bridge has not learned ${mac}, as ${device} has no carrier`,
  oneProgram: (first: string, other: string): string =>
    `of its programs only ${first} runs, not ${other}`,
  programOn: (program: string, device: string): string => `${program} on ${device}`,
  echoPorts: (from: string, to: string): string =>
    `the connection ${from} → ${to} is not there: an echo has one id, and its two ports differ`,
  entryTaken: (from: string, to: string): string =>
    `the connection ${from} → ${to} is not there: an entry before it has one of its ends: the kernel says EEXIST`,
  unprintable: (place: string, was: string, right: string): string =>
    `${place}: ${was} cannot stand in a lab script; ${right}`,
  nameTwice: (name: string): string => `${name}: two spaces have this name; give each its own`,
  noCommand: (place: string, line: string): string =>
    `${place}: ${line} has characters that no command takes`,
}
