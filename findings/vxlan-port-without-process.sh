#!/usr/bin/env bash
# A UDP port that is taken, and by no process.
#
# Guess: a line of `ss -lnup` is a socket that a process holds; the kernel's tunnels receive below the sockets and need none.
# Behaviour: a VXLAN device that is up holds a UDP socket on 0.0.0.0 of its dstport. ss lists it with no process, bind() gets EADDRINUSE,
#   and it is gone as soon as the device is down. The other way round a process on that port keeps the device from coming up:
#   "Address already in use", from `ip link set … up`, not from `ip link add`.
# Source: vxlan_open(), vxlan_sock_add(), vxlan_stop() (drivers/net/vxlan/vxlan_core.c); udp_sock_create() (net/ipv4/udp_tunnel_core.c).
# Seen (Linux 6.18.44, iproute2 6.1.0):
#   added: nothing
#   up: UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*
#   a process then: bind: Address already in use
#   down: nothing
#   a process first, then up: RTNETLINK answers: Address already in use
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
ip link set dev lo up
ip link add vx0 type vxlan id 7 dstport 8472 local 127.0.0.1
listed() { ss -Hlnup 'sport = 8472' | tr -s ' '; }
added=$(listed)
ip link set dev vx0 up
up=$(listed)
bind='use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0); bind($s, pack_sockaddr_in(8472, INADDR_ANY)) or print("bind: $!\n"), exit;'
process=$(perl -e "$bind")
ip link set dev vx0 down
down=$(listed)
device=$(perl -e "$bind"' print `ip link set dev vx0 up 2>&1`')
printf '%s\n' "added: ${added:-nothing}" "up: ${up:-nothing}" "a process then: ${process:-bound}" \
  "down: ${down:-nothing}" "a process first, then up: ${device:-up}"
[ -z "$added$down" ] && [[ $up == 'UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*'* && $up != *users:* ]] || changed 'the port is listed at other times, or with a process'
[ "$process" = 'bind: Address already in use' ] || changed 'a process may bind the port of a device that is up'
[ "$device" = 'RTNETLINK answers: Address already in use' ] || changed 'the device comes up on a port that a process holds'
echo 'as stated'
