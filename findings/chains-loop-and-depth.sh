#!/usr/bin/env bash
# When a loop of chains is refused, and how deep chains may lead.
#
# Guess: iptables refuses the rule that closes a loop ("loop"), and a chain may lead to as many others as one likes, whichever iptables it is.
# Behaviour: a loop that no built-in chain leads to is taken without a word; it is refused when a built-in chain is to lead to it, and the
#   rule that is refused is then an innocent one. The message speaks of something else: "Too many links" (nft), "Too many levels of
#   symbolic links" (legacy). nft knows a loop only as too deep: it says the same to 16 user chains in a row, where
#   there is no loop; it takes 15. Legacy takes 200.
# Source: nft_chain_validate() with NFT_JUMP_STACK_SIZE 16 and EMLINK (net/netfilter/nf_tables_api.c); mark_source_chains() and ELOOP
#   (net/ipv4/netfilter/ip_tables.c).
# Seen (Linux 6.18.44, iptables 1.8.9):
#   iptables-nft: the loop: taken; INPUT to it: Too many links
#   iptables-nft: 15 in a row: taken
#   iptables-nft: 16 in a row: Too many links
#   iptables-nft: 200 in a row: Too many links
#   iptables-legacy: the loop: taken; INPUT to it: Too many levels of symbolic links
#   iptables-legacy: 15 in a row: taken
#   iptables-legacy: 16 in a row: taken
#   iptables-legacy: 200 in a row: taken
set -euo pipefail
packages='iptables=1.8.9-2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2'
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
mount -t tmpfs run /run # ip netns keeps its names there
# $1: which iptables. $2: how many chains. They lead one to the next, and INPUT to the first.
row() {
  { echo '*filter'
    for n in $(seq "$2"); do echo ":C$n - [0:0]"; done
    for n in $(seq 2 "$2"); do echo "-A C$((n - 1)) -j C$n"; done
    printf '%s\n' '-A INPUT -j C1' COMMIT; } | "$1-restore" 2>&1
}
[ "$(printf '6.18\n%s\n' "$(uname -r)" | sort -V | head -1)" = 6.18 ] || cannot "Linux $(uname -r) is older than 6.18: other messages"
short() { grep -oE 'Too many[^).]*|^taken' <<<"$1" || echo "$1"; }
for tables in iptables-nft iptables-legacy; do
  "$tables" -L -n >/dev/null 2>&1 || cannot "no $tables in this kernel"
  "$tables" -N A && "$tables" -N B && "$tables" -A A -j B
  closed=$("$tables" -A B -j A 2>&1) && closed=taken
  led=$("$tables" -A INPUT -j A 2>&1) && led=taken
  "$tables" -F && "$tables" -X
  echo "$tables: the loop: $closed; INPUT to it: $(short "$led")"
  for n in 15 16 200; do
    said=$(row "$tables" $n) && said=taken
    echo "$tables: $n in a row: $(short "$said")"
  done
done | tee /run/seen
is() { grep -qE "$1" /run/seen || changed "not seen: $1"; }
is '^iptables-nft: the loop: taken; INPUT to it: .*Too many links'
is '^iptables-legacy: the loop: taken; INPUT to it: .*Too many levels of symbolic links'
is '^iptables-nft: 15 in a row: taken'
is '^iptables-nft: 16 in a row: .*Too many links'
is '^iptables-legacy: 200 in a row: taken'
echo 'as stated'
