#!/usr/bin/env bash
# A bound socket that sends from another address than it is bound to.
#
# Guess: what bind() with IP_FREEBIND took is the source of all that the socket sends; ss shows it, whenever it was bound.
# Behaviour: in a namespace that never had an address, bound is bound to a broadcast address: ss shows it, and packets to it are
#   received, but datagrams leave with the source that the route says. One address anywhere in the namespace before the bind,
#   127.0.0.1 of a loopback that comes up is enough, and they leave with the socket's.
# Source: inet_bind(), "Use device" (net/ipv4/af_inet.c): RTN_BROADCAST, which __inet_dev_addr_type() says where there is no table
#   local yet (net/ipv4/fib_frontend.c).
# Seen (Linux 6.18.44 and 6.1.176, iproute2 6.1.0):
#   bound before any address: ss: 10.0.0.2:7; sent from 10.0.0.1
#   bound when lo was up: ss: 10.0.0.2:7; sent from 10.0.0.2
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2 libtirpc3=1.3.3+ds-1'
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
ip netns add early
ip netns add late
# Binds, then has the addresses and the link made, sends to itself on another address of the link, and says whom it came from.
program='use Socket; $| = 1;
socket(my $s, AF_INET, SOCK_DGRAM, 0); setsockopt($s, 0, 15, 1); bind($s, pack_sockaddr_in(7, inet_aton("10.0.0.2"))) or die "bind: $!";
system(q(ip link set lo up; ip link add d0 type bridge; ip addr add 10.0.0.1/24 dev d0; ip addr add 10.0.0.2/24 dev d0; ip link set d0 up)) == 0 or die;
socket(my $r, AF_INET, SOCK_DGRAM, 0); bind($r, pack_sockaddr_in(9, inet_aton("10.0.0.1"))) or die "bind: $!";
`ss -Hlnu sport = 7` =~ /(10\S+)/; my $bound = $1;
send($s, "x", 0, pack_sockaddr_in(9, inet_aton("10.0.0.1"))) or die "send: $!";
my $from = recv($r, my $data, 9, 0); my (undef, $ip) = unpack_sockaddr_in($from);
print "ss: $bound; sent from ", inet_ntoa($ip), "\n";'
early=$(ip netns exec early perl -e "$program")
ip -n late link set lo up
late=$(ip netns exec late perl -e "$program")
printf '%s\n' "bound before any address: $early" "bound when lo was up: $late"
[ "$early" = 'ss: 10.0.0.2:7; sent from 10.0.0.1' ] || changed "bound early: $early"
[ "$late" = 'ss: 10.0.0.2:7; sent from 10.0.0.2' ] || changed "bound late: $late"
echo 'as stated'
