import { STEERING } from '#lib/topology/text.ts'

/** What the person at the terminal got wrong: one line, exit status 2. */
export class UsageError extends Error {}

/** A line for a terminal: what would steer it is written out, since names of files and what is in them are not ours. */
export function plain(line: string): string {
  return line.replace(new RegExp(STEERING, 'gu'), (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export const HELP = `packet-walk: how a packet travels, computed from tables

  packet-walk list [--json]
      the worlds, their flows and what-ifs, and every reason for a drop
  packet-walk trace <world | file> --from NAME --to NAME|IP[:PORT] [options]
      walk a packet and print what decided each step
  packet-walk validate <file>
      check a cluster or topology file; prints every problem
  packet-walk lab <world | file> [--what-if NAME]
      print a script that builds it of network namespaces
  packet-walk verify <world | file> [options]
      as root: build it, send the flow, compare every frame with the kernel's
  packet-walk <command> --help

worlds: docker-bridge flannel-udp flannel-vxlan flannel-host-gw vpc-cni
`

export const TRACE_HELP = `packet-walk trace <world | file> --from NAME --to NAME|IP[:PORT] [options]

  --from NAME        pod, node or host that sends
  --to NAME|IP:PORT  no port: ICMP echo; a port: a whole TCP connection;
                     a Service's name stands for its ClusterIP
  --flow NAME        a named flow of the world, instead of --from and --to
  --proto udp        with a port: one datagram, answered with one by a listener
  --size BYTES       L4 payload (56 for an echo)
  --ttl N            the sender's TTL (64)
  --df               set DF (TCP always has it)
  --draw N           what random rules draw from (0): another number
                     may choose another endpoint of a Service
  --warm             neighbours and bridge FDB are known already
  --what-if NAME     apply a what-if of the world; may be given more than once
  --pcap FILE        also write the frames of every device to FILE, as pcapng for Wireshark
  --json             steps and frames as JSON, version 1
exit status: 0 delivered, 1 not delivered, 2 bad input
`

export const LAB_HELP = `packet-walk lab <world | file> [--what-if NAME[,NAME]] > lab.sh

  --what-if NAME     apply a what-if of the world first; may be given more than once
the script, as root (needs iproute2, iptables, python3):
  bash lab.sh        build the namespaces, one for each pod, node and host
  bash lab.sh down   take them away
  PREFIX=pw-         stands before their names; RUN=DIR holds the programs and what was made
exit status: 0 printed, 2 bad input
`

export const VERIFY_HELP = `packet-walk verify <world | file> [--from NAME --to NAME|IP[:PORT]] [options]

as root, on Linux: builds the world of network namespaces that only this command sees, sends the flow with
real sockets, captures every device of every pod, node and host, and compares with the walk frame by frame
  --from, --to, --proto, --size, --ttl, --df, --flow NAME
                     which flow, as for trace; none of them: every flow of the world
  --what-if NAME     apply a what-if of the world first; may be given more than once
  --json             the results as JSON, version 1
exit status: 0 all agree, 1 something differs, 2 bad input, 3 this machine cannot be asked
`
