#!/usr/bin/env bash
# What `ip rule add fwmark 0` selects.
#
# Guess: packets without a mark. And a rule as `ip rule` prints it can be typed again.
# Behaviour: every packet, whatever its mark: the kernel takes a mark of 0 without a mask for no condition at all, and prints the rule
#   without one. `fwmark 0/0xffffffff` selects packets without a mark, and is printed as `fwmark 0`: who types that again has the other rule.
# Source: fib_nl2rule() in net/core/fib_rules.c (“compatibility: if the mark value is non-zero all bits are compared”); print_rule() in
#   iproute2's ip/iprule.c, which leaves out a mask of all bits.
# Seen (Linux 6.18.44, iproute2 6.1.0; the route of a packet with mark 7, where table 100 says unreachable):
#   fwmark 0: printed from all lookup 100: mark 7 is unreachable
#   fwmark 0/0xffffffff: printed from all fwmark 0 lookup 100: mark 7 is routed
#   fwmark 0: printed from all lookup 100: mark 7 is unreachable
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
mount -t tmpfs run /run
ip link add eth0 type veth peer name end
ip address add 10.9.0.1/24 dev eth0
for d in lo eth0 end; do ip link set dev $d up; done
ip route add unreachable default table 100

# Adds the rule, says how it is printed and what becomes of a packet with a mark, and takes it away.
rule() {
  local printed
  ip rule add priority 9 fwmark "$1" table 100
  printed=$(ip rule show priority 9 | sed 's/^9:\s*//; s/ *$//')
  echo "fwmark $1: printed $printed: mark 7 is $(ip route get 10.9.0.2 mark 7 >/dev/null 2>&1 && echo routed || echo unreachable)"
  ip rule del priority 9
}
{
  rule 0
  rule 0/0xffffffff
  # As it was printed.
  rule 0
} | tee /run/seen
[ "$(paste -sd'|' /run/seen)" = 'fwmark 0: printed from all lookup 100: mark 7 is unreachable|fwmark 0/0xffffffff: printed from all fwmark 0 lookup 100: mark 7 is routed|fwmark 0: printed from all lookup 100: mark 7 is unreachable' ] || changed 'a mark of 0 is read or printed in another way'
echo 'as stated'
