#!/usr/bin/env bash
# What net.ipv4.conf.all does to a device that says otherwise.
#
# Guess: a device's own value wins over `all`, which is only what devices begin with; or at least it is the same for every name.
# Behaviour: a device does not switch off what `all` switches on, and how the two are put together differs with the name. proxy_arp is on if
#   either is. rp_filter and arp_ignore are the larger number of the two: all=1 makes a device strict that says 0, and, since 2 is loose,
#   all=2 opens a device that says 1 (strict), and a device with 2 is loose although all=1.
# Source: IN_DEV_RPFILTER and IN_DEV_ARP_IGNORE (IN_DEV_MAXCONF), IN_DEV_PROXY_ARP (IN_DEV_ORCONF), include/linux/inetdevice.h;
#   Documentation/networking/ip-sysctl.rst.
# Seen (Linux 6.18.44; a datagram whose source is reached through another device; ARP for an address behind, and one on, another device):
#   rp_filter all=0 device=0: in
#   rp_filter all=1 device=0: dropped
#   rp_filter all=0 device=1: dropped
#   rp_filter all=2 device=1: in
#   rp_filter all=1 device=2: in
#   proxy_arp all=0 device=0: silent
#   proxy_arp all=1 device=0: answered
#   proxy_arp all=0 device=1: answered
#   arp_ignore all=0 device=0: answered
#   arp_ignore all=1 device=0: silent
#   arp_ignore all=0 device=1: silent
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
ip netns add peer
ip link add eth0 type veth peer name eth0 netns peer
ip link add other type veth peer name end
ip address add 10.9.0.1/24 dev eth0
ip address add 10.99.0.254/24 dev other
for d in lo eth0 other end; do ip link set dev $d up; done
ip -n peer address add 10.9.0.2/24 dev eth0
ip -n peer address add 10.99.0.1/32 dev lo
for d in lo eth0; do ip -n peer link set dev $d up; done
ip route add 192.0.2.0/24 dev other
ip -n peer route add 192.0.2.7 dev eth0
ip -n peer route add 10.99.0.254 dev eth0
ip -n peer neighbour add 10.9.0.1 lladdr "$(ip -o link show dev eth0 | grep -oE 'ether [0-9a-f:]+' | cut -c7-)" dev eth0
conf=/proc/sys/net/ipv4/conf
for d in all eth0; do echo 0 >$conf/$d/rp_filter; done
echo 1 >$conf/eth0/forwarding
echo 1 >$conf/other/forwarding
echo 0 >/proc/sys/net/ipv4/neigh/eth0/proxy_delay

set_both() { echo "$2" >$conf/all/"$1"; echo "$3" >$conf/eth0/"$1"; }
send() { # from, to
  ip netns exec peer perl -MSocket -e 'socket(my $s, AF_INET, SOCK_DGRAM, 0); bind($s, pack_sockaddr_in(0, inet_aton($ARGV[0]))) or die $!;
    send($s, "hi", 0, pack_sockaddr_in(9, inet_aton($ARGV[1])))' "$1" "$2"
}
# No process listens: a datagram that gets in is counted as NoPorts.
arrived() { awk '/^Udp: [0-9]/ { print $3 }' /proc/net/snmp; }
gets_in() {
  local before; before=$(arrived)
  send 10.99.0.1 10.9.0.1
  sleep 0.2
  [ "$(arrived)" -gt "$before" ] && echo in || echo dropped
}
answered() {
  ip -n peer neighbour flush to "$1" dev eth0
  send 10.9.0.2 "$1"
  sleep 0.5
  ip -n peer neighbour show "$1" dev eth0 | grep -q lladdr && echo answered || echo silent
}
{
  for v in '0 0' '1 0' '0 1' '2 1' '1 2'; do set_both rp_filter $v; echo "rp_filter all=${v% *} device=${v#* }: $(gets_in)"; done
  set_both rp_filter 0 0
  for v in '0 0' '1 0' '0 1'; do set_both proxy_arp $v; echo "proxy_arp all=${v% *} device=${v#* }: $(answered 192.0.2.7)"; done
  for v in '0 0' '1 0' '0 1'; do set_both arp_ignore $v; echo "arp_ignore all=${v% *} device=${v#* }: $(answered 10.99.0.254)"; done
} | tee /run/seen
seen=$(sed 's/.*: //' /run/seen | paste -sd' ')
[ "$seen" = 'in dropped dropped in in silent answered answered answered silent silent' ] || changed 'all and the device are put together in another way'
echo 'as stated'
