#!/usr/bin/env bash
# A bridge's MTU that was given when it was made.
#
# Guess: `ip link add br0 type bridge mtu 9000` and `ip link add br0 type bridge; ip link set br0 mtu 9000` leave the same bridge.
# Behaviour: what is given at birth is gone with the first port: the bridge takes the least of its ports' MTUs, and is 1500 when the
#   last port goes. What `ip link set` gives stays. An agent that makes its bridge in one command has the pods' MTU on it, not its own.
# Source: br_mtu_auto_adjust() (net/bridge/br_if.c) is done with once BROPT_MTU_SET_BY_USER is set, which br_change_mtu() does and
#   br_dev_newlink() does not.
# Seen (Linux 6.18.44 and 6.1.176, iproute2 6.1.0):
#   at birth: 9000, with a port of 1400: 1400, without: 1500
#   later: 9000, with a port of 1400: 9000, without: 9000
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
mtu() { ip -o link show "$1" | sed -E 's/.* mtu ([0-9]+) .*/\1/'; }
told() { echo "$1: $2, with a port of 1400: $3, without: $4"; }

# Gives the bridge a port and takes it away again, and says its MTU each time.
ports() {
  local alone with
  alone=$(mtu "$2")
  ip link add "p$2" mtu 1400 type veth peer name "q$2"
  ip link set "p$2" master "$2"
  with=$(mtu "$2")
  ip link set "p$2" nomaster
  told "$1" "$alone" "$with" "$(mtu "$2")"
}
ip link add br0 mtu 9000 type bridge
ip link add br1 type bridge
ip link set br1 mtu 9000
{
  ports 'at birth' br0
  ports later br1
} | tee /run/seen
[ "$(paste -sd'|' /run/seen)" = 'at birth: 9000, with a port of 1400: 1400, without: 1500|later: 9000, with a port of 1400: 9000, without: 9000' ] || changed 'a bridge keeps, or loses, another MTU'
echo 'as stated'
