#!/usr/bin/env bash
# The state of a TUN device that carries packets.
#
# Guess: `ip link` says UNKNOWN for every TUN, which has no carrier; or UP for each that a program holds.
# Behaviour: it depends on who made it. One made by `ip tuntap add` is DOWN without a carrier until a program opens it, then UP, and DOWN again
#   when that program ends. One that the program itself makes is UNKNOWN, up and carrying all the same. What waits for "state UP" waits
#   for ever with the one, and what takes UNKNOWN for healthy never sees the other.
# Source: tun_set_iff(), __tun_detach() (drivers/net/tun.c): the carrier is there while a program holds the device. The state follows
#   changes of the carrier (rfc2863_policy(), net/core/link_watch.c), and a device that a program makes has it from the first.
# Seen (Linux 6.18.44, iproute2 6.1.0):
#   made by ip tuntap: state DOWN; opened: state UP; its program gone: state DOWN
#   made by its program: state UNKNOWN
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
[ -c /dev/net/tun ] || cannot 'no /dev/net/tun'
state() { ip -o link show dev "$1" | grep -oE 'state [A-Z]+'; }
# TUNSETIFF with IFF_TUN and IFF_NO_PI
hold='open(my $f, "+<", "/dev/net/tun") or die $!; ioctl($f, 0x400454ca, pack("a16 S x22", $ARGV[0], 0x1001)) or die $!;
  system("ip link set dev $ARGV[0] up"); system("ip -o link show dev $ARGV[0]")'
ip tuntap add dev early mode tun
ip link set dev early up
before=$(state early) during=$(perl -e "$hold" early | grep -oE 'state [A-Z]+') after=$(state early)
own=$(perl -e "$hold" late | grep -oE 'state [A-Z]+')
printf '%s\n' "made by ip tuntap: $before; opened: $during; its program gone: $after" "made by its program: $own"
[ "$before, $during, $after" = 'state DOWN, state UP, state DOWN' ] || changed 'a device of ip tuntap has other states'
[ "$own" = 'state UNKNOWN' ] || changed 'a device that its program made is not UNKNOWN'
echo 'as stated'
