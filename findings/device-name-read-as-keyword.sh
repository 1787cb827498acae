#!/usr/bin/env bash
# Devices whose names iproute2 takes for words of its own.
#
# Guess: in `ip link add a type veth` and `ip link set a up` the name of the device may be any; `dev` before it is only politeness.
# Behaviour: without `dev` the word is first tried as a keyword, also as the beginning of one. `a` is `address`, `b` is `broadcast`,
#   `m` is `mtu`, and "type" is then an invalid link-layer address. `n` takes no word after it: the command succeeds, and the device is
#   called veth0. `x` begins no keyword and works. With `dev` every name works.
# Source: matches() in iplink_parse() (ip/iplink.c): a prefix of a keyword is the keyword; the name is what no keyword matched.
# Seen (iproute2 6.1.0):
#   a: refused, refused
#   b: refused, refused
#   m: refused, refused
#   n: veth0, refused
#   x: x, set
#   "type" is invalid lladdr.
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
for name in a b m n x; do
  ip link add "$name" type veth peer name other 2>/dev/null && made=$(ip -o link show dev other | grep -oE '@\w+') || made=refused
  [ "$made" = refused ] || ip link delete dev other
  ip link add dev "$name" type veth peer name other || changed "even \`dev $name\` is refused"
  ip link set "$name" up 2>/dev/null && set=set || set=refused
  ip link set dev "$name" up || changed "even \`set dev $name\` is refused"
  ip link delete dev "$name"
  echo "$name: ${made#@}, $set"
done | tee /run/seen
ip link add a type veth peer name other 2>&1 | tee -a /run/seen || true
[ "$(cat /run/seen)" = 'a: refused, refused
b: refused, refused
m: refused, refused
n: veth0, refused
x: x, set
"type" is invalid lladdr.' ] || changed 'other names are refused'
echo 'as stated'
