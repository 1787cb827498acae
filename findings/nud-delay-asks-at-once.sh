#!/usr/bin/env bash
# What `ip neighbour add … nud delay` is a moment later.
#
# Guess: DELAY, for delay_first_probe_time (5 s), as any entry that a packet has just used; only then a probe.
# Behaviour: it is PROBE and asks at once. DELAY that is written starts its timer with no time left; only DELAY that a packet made of STALE
#   waits its 5 seconds. Who wants to write down a neighbour in use writes STALE and sends something.
# Source: neigh_update() (net/core/neighbour.c): neigh_add_timer(neigh, jiffies + (new & NUD_REACHABLE ? reachable_time : 0)). The other
#   way is __neigh_event_send(), which adds DELAY_PROBE_TIME.
# Seen (Linux 6.18.44, iproute2 6.1.0):
#   STALE, then used, after 0.5 s: probes 0 DELAY
#   written as DELAY, after 0.5 s: probes 1 PROBE
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2'
cannot() { echo "cannot be asked here: $*"; exit 3; }

if [ "${1:-}" != inside ]; then
  [ "$(id -u)" = 0 ] || cannot 'needs root'
  dir=$(mktemp -d)
  trap 'rm -rf "$dir"' EXIT
  for p in $packages; do
    (cd "$dir" && timeout 120 apt-get -qq -o APT::Sandbox::User=root download "$p" >/dev/null 2>&1) || cannot "apt-get has no $p"
  done
  for d in "$dir"/*.deb; do dpkg-deb -x "$d" "$dir/fs"; done
  lib=$(echo "$dir"/fs/usr/lib/*-linux-gnu)
  export PATH="$dir/fs/sbin:$dir/fs/bin:$dir/fs/usr/sbin:$dir/fs/usr/bin:$PATH"
  export LD_LIBRARY_PATH="$lib:$dir/fs/lib/${lib##*/}"
  timeout -k 5 60 unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" inside && rc=0 || rc=$?
  case $rc in 0 | 3) exit $rc ;; 10) exit 1 ;; *) cannot "the setup ended with $rc" ;; esac
fi
changed() { echo "changed: $*"; exit 10; }
mount -t tmpfs run /run # ip netns keeps its names there
ip link add eth0 type veth peer name peer
ip address add 10.9.0.1/24 dev eth0
ip link set dev eth0 up
ip link set dev peer up
entry() { ip -s neighbour show "$1" dev eth0 | grep -oE 'probes [0-9]+ [A-Z]+'; }

ip neighbour add 10.9.0.8 lladdr 02:00:00:00:00:08 dev eth0 nud stale
perl -MSocket -e 'socket(my $s, AF_INET, SOCK_DGRAM, 0); send($s, "hi", 0, pack_sockaddr_in(9, inet_aton("10.9.0.8"))) or die $!'
ip neighbour add 10.9.0.9 lladdr 02:00:00:00:00:09 dev eth0 nud delay
sleep 0.5
used=$(entry 10.9.0.8) written=$(entry 10.9.0.9)
echo "STALE, then used, after 0.5 s: $used"
echo "written as DELAY, after 0.5 s: $written"
[ "$used" = 'probes 0 DELAY' ] || changed 'an entry that a packet used no longer waits'
[ "$written" = 'probes 1 PROBE' ] || changed 'an entry written as DELAY is not PROBE at once'
echo 'as stated'
