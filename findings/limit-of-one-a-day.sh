#!/usr/bin/env bash
# Whether a rule may match once a day.
#
# Guess: `--limit 1/day` is what the manual page says the match takes (rate[/second|/minute|/hour|/day]), so both backends of iptables
#   take it, with the burst that stands for none, 5: a file of rules that one has saved is loaded by the other.
# Behaviour: iptables-nft takes it and saves it as typed. iptables-legacy refuses it, "Numerical result out of range", and takes it with
#   a burst of 1 or 3, not with 2, 4 or 5. Who moves a file of rules from nft to legacy loses all of it by that line.
# Source: xt_limit keeps time in 32 bits: limit_mt_check() (net/netfilter/xt_limit.c) refuses a rule where avg times burst, of which those
#   bits are what is left, is less than avg; avg depends on HZ (here 250 or 1000). nft_limit.c, which iptables-nft writes, has 64 bits.
# Seen (Linux 6.18.44, iptables 1.8.9):
#   nft    --limit 1/day                   -> -m limit --limit 1/day
#   legacy --limit 1/day                   -> refused
#   legacy --limit 1/day --limit-burst 1   -> -m limit --limit 1/day --limit-burst 1
#   legacy --limit 1/day --limit-burst 3   -> -m limit --limit 1/day --limit-burst 3
#   legacy --limit 12/day                  -> -m limit --limit 12/day
set -euo pipefail
packages='iptables=1.8.9-2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 libmnl0=1.0.4-3 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2'
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
  export LD_LIBRARY_PATH="$lib:$dir/fs/lib/${lib##*/}" XTABLES_LIBDIR="$lib/xtables"
  timeout -k 5 60 unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" inside && rc=0 || rc=$?
  case $rc in 0 | 3) exit $rc ;; 10) exit 1 ;; *) cannot "the setup ended with $rc" ;; esac
fi
changed() { echo "changed: $*"; exit 10; }
mount -t tmpfs run /run # its lock
saved() { # BACKEND WORDS: what is saved of them
  local backend=$1
  shift
  "iptables-$backend" -F INPUT 2>/dev/null || cannot "no $backend in this kernel"
  if "iptables-$backend" -A INPUT -m limit "$@" -j ACCEPT 2>/dev/null
  then "iptables-$backend-save" -t filter 2>/dev/null | sed -n 's/^-A INPUT \(.*\) -j ACCEPT$/\1/p'
  else echo refused; fi
}
asked() { # what is expected, then as above
  local expected=$1 got
  shift
  got=$(saved "$@")
  printf '%-6s %-32s -> %s\n' "$1" "${*:2}" "$got"
  [ "$got" = "$expected" ] || changed "$* is $got"
}
saved legacy --limit 1/hour | grep -q . || cannot 'no ip_tables in this kernel'
asked '-m limit --limit 1/day' nft --limit 1/day
asked refused legacy --limit 1/day
asked '-m limit --limit 1/day --limit-burst 1' legacy --limit 1/day --limit-burst 1
asked '-m limit --limit 1/day --limit-burst 3' legacy --limit 1/day --limit-burst 3
asked '-m limit --limit 12/day' legacy --limit 12/day
echo 'as stated'
