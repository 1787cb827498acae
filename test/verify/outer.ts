import { spawnSync } from 'node:child_process'

/* A machine of one's own to run lab scripts on: mount, process and network namespaces that nobody else sees, with a network in it that is not a lab's. */

/** What is there before any lab; without IPv6, which changes its addresses by itself. */
const MACHINE = `mount -t tmpfs outer /run; mkdir /run/netns
for f in all default; do f=/proc/sys/net/ipv6/conf/$f/disable_ipv6; if [ -e $f ]; then echo 1 > $f; fi; done
ip link set lo up
ip link add br0 type bridge; ip link add v0 type veth peer name v1; ip link set v0 master br0
for d in v0 v1 br0; do ip link set $d up; done
ip addr add 10.9.0.1/24 dev br0; ip route add 10.8.0.0/16 via 10.9.0.9; ip route add 10.7.0.0/16 via 10.9.0.9 table 77; ip rule add to 10.7.0.0/16 table 77 priority 99
ip neigh add 10.9.0.9 dev br0 lladdr 02:00:00:00:00:09 nud permanent
iptables -t nat -A POSTROUTING -s 10.9.0.0/24 -j MASQUERADE; iptables -P FORWARD DROP
for i in {1..100}; do if ip link show br0 | grep -q 'state UP'; then break; fi; sleep 0.05; done
`

/** What the test's scripts say and ask with. Every answer begins with a line "@@ NAME". */
const WORDS = `
say() { echo "@@ $1"; cat; }
# Without what counts and what tells the time.
firewall() { iptables-save | sed '/^#/d; s/\\[[0-9:]*\\]$//'; }
# Everything of the machine that a lab could touch by mistake.
machine() {
  ip -json link; ip -json addr; ip -json route show table all; ip -json rule; ip -json neigh
  bridge -json link; bridge -json fdb; firewall
  # Counted by the kernel, whoever it is that has connections.
  (cd /proc/sys && (grep -r . net 2> /dev/null || true) | grep -v nf_conntrack_count | sort)
  grep -v /run/netns /proc/self/mountinfo
}
spaces() { ls /run/netns; }
# The programs of labs that run, each by the directory it is from.
programs() { for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/cmdline 2> /dev/null | grep -x '.*/lab\\.py' || true; done | sort; }
# A program that was told to end takes a moment.
ended() { for i in {1..100}; do if [ -z "$(programs | grep -F "$1")" ]; then return; fi; sleep 0.05; done; }
# Exit status, and what it said on standard error.
run() { local status=0 said; said=$(mktemp -p /run); "$@" > "$said" 2>&1 || status=$?; echo "$status"; cat "$said"; rm "$said"; }
# What a listener behind ADDRESS PORT answers to somebody in a namespace, in bytes.
answer() { timeout 10 ip netns exec "$1" bash -c 'exec 3<> "/dev/tcp/$1/$2" && echo hello >&3 && head -c 22 <&3 | wc -c' answer "$2" "$3" || echo nothing; }
`

// A busy machine has been seen to need 50 seconds for two labs.
const LIMIT = 150_000

/** Runs a bash script there and returns its answers by name. `env` is what it finds besides. */
export function onMachine(
  script: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const r = spawnSync(
    'unshare',
    [
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'bash',
      '-euo',
      'pipefail',
      '-c',
      `${MACHINE}${WORDS}${script}`,
    ],
    {
      encoding: 'utf8',
      timeout: LIMIT,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...env },
    },
  )
  if (r.status !== 0)
    throw new Error(
      `the script ended with ${r.status ?? r.signal}: ${r.error?.message ?? ''}${r.stderr}\n${r.stdout.slice(-1000)}`,
    )
  const parts = r.stdout.split(/^@@ (.+)\n/m).slice(1)
  return Object.fromEntries(
    parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1]!]] : [])),
  )
}
