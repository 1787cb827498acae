#!/usr/bin/env bash
# How often a VXLAN device wraps a packet whose outer packets come back to it.
#
# Guess: such a loop goes round until the TTL is used up, or up to one limit that the kernels of these years share; and a route to the
#   VTEP through its own device is such a loop.
# Behaviour: a DNAT in OUTPUT leads each outer packet back into the device. No TTL is used up: each round has a new outer header.
#   Linux 6.18 sends 3 times, drops what it wrapped the fourth time, and the device counts one error. A route to the VTEP through its
#   own device is no loop: it is refused at the first packet, before anything is sent, and counted as an error and a collision.
# Source: IP_TUNNEL_RECURSION_LIMIT (iptunnel_xmit() in net/ipv4/ip_tunnel_core.c, drop reason RECURSION_LIMIT), besides
#   XMIT_RECURSION_LIMIT (__dev_queue_xmit() in net/core/dev.c), which all kernels have. It came with stable releases and was 4 before
#   it was 5, so the number of the version's second part does not tell. The route: vxlan_xmit_one(), ELOOP.
# Versions: the running kernel (6.18.44 or newer).
# Seen:
#   6.18 route: sent 0 errors 1 collisions 1
#   6.18 DNAT: sent 3 errors 1 collisions 0
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2
  iptables=1.8.9-2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2'
cannot() { echo "cannot be asked here: $*"; exit 3; }

if [ "${1:-}" = probe ]; then # in a network of its own; $2: which iptables
  vtep() { # $1: where its outer packets go
    ip link add vx type vxlan id 7 dstport 8472 local 10.9.0.1 nolearning
    ip address add 10.8.0.1/24 dev vx
    ip link set dev vx up
    ip neighbour add 10.8.0.2 lladdr 02:00:00:00:00:02 dev vx
    bridge fdb append 02:00:00:00:00:02 dev vx dst "$1"
  }
  ask() { # one datagram; what was sent and counted
    "$1" -t mangle -F
    "$1" -t mangle -A POSTROUTING -p udp --dport 8472
    perl -MSocket -e 'socket(my $s, AF_INET, SOCK_DGRAM, 0); send($s, "hi", 0, pack_sockaddr_in(9, inet_aton("10.8.0.2")))'
    echo "sent $("$1" -t mangle -nvxL POSTROUTING | awk '/dpt:8472/ { print $1 }')" \
      "errors $(cat /sys/class/net/vx/statistics/tx_errors) collisions $(cat /sys/class/net/vx/statistics/collisions)"
  }
  ip link set dev lo up
  ip address add 10.9.0.1/24 dev lo
  vtep 172.31.0.9
  ip route add 172.31.0.9/32 dev vx
  echo "$(uname -r | grep -oE '^[0-9]+\.[0-9]+') route: $(ask "$2")"
  ip link delete dev vx
  ip link add eth0 type veth peer name peer
  ip address add 192.0.2.1/24 dev eth0
  ip link set dev eth0 up
  ip link set dev peer up
  vtep 192.0.2.9
  "$2" -t nat -A OUTPUT -p udp --dport 8472 -j DNAT --to-destination 10.8.0.2
  echo "$(uname -r | grep -oE '^[0-9]+\.[0-9]+') DNAT: $(ask "$2")"
  exit
fi

[ "$(id -u)" = 0 ] || cannot 'needs root'
[ "$(printf '6.18.44\n%s\n' "$(uname -r)" | sort -V | head -1)" = 6.18.44 ] || cannot "Linux $(uname -r) is older than 6.18.44"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for p in $packages; do
  (cd "$dir" && timeout 120 apt-get -qq -o APT::Sandbox::User=root download "$p" >/dev/null 2>&1) || cannot "apt-get has no $p"
done
for d in "$dir"/*.deb; do dpkg-deb -x "$d" "$dir/fs"; done
lib=$(echo "$dir"/fs/usr/lib/*-linux-gnu)
export PATH="$dir/fs/sbin:$dir/fs/usr/sbin:$dir/fs/usr/bin:$PATH"
export LD_LIBRARY_PATH="$lib:$dir/fs/lib/${lib##*/}" XTABLES_LIBDIR="$lib/xtables"
cp "$0" "$dir/self"

new=$(timeout -k 5 30 unshare --net --mount --pid --fork --kill-child --mount-proc bash -ec \
  'mount -t sysfs sys /sys; mount -t tmpfs run /run; exec bash "$0" probe iptables-nft' "$dir/self" 2>/dev/null) ||
  cannot 'the running kernel: no VXLAN device, veth or NAT'

echo "$new"
if [ "$(sed 's/^[^ ]* //' <<<"$new")" = 'route: sent 0 errors 1 collisions 1
DNAT: sent 3 errors 1 collisions 0' ]; then echo 'as stated'; else echo 'changed: another number than 3 outer packets, or than a refused route'; exit 1; fi
