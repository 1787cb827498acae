#!/usr/bin/env bash
# What iptables-save prints of a range of ports that begins at 0.
#
# Guess: what was typed, as for any other range: who keeps rules as text and compares it with iptables-save sees no difference.
# Behaviour: iptables-nft turns a negated range that begins at 0 into the range above it, without the `!`; and one from 0 to 65535 is
#   no longer there, only its `-m udp`. Any other range is printed as typed, negated or not.
# Source: since 1.8.9 iptables-nft writes ports as comparisons of nftables (release notes: "native" tcp and udp matches), and the words
#   are read back from those: `> 80` of the one, nothing of the other.
# Seen (Linux 6.18.44, iptables 1.8.9 (nf_tables)):
#   ! --dport 0:80    -> --dport 81:65535
#   --dport 0:65535   ->
#   ! --dport 10:80   -> ! --dport 10:80
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
saved() { # what is saved of these words
  iptables-nft -F INPUT
  iptables-nft -A INPUT -p udp "$@" -j DROP || cannot 'no nf_tables in this kernel'
  iptables-nft-save -t filter | sed -n 's/^-A INPUT -p udp -m udp *\(.*\)-j DROP$/\1/p' | sed 's/ *$//'
}
low=$(saved ! --dport 0:80)
all=$(saved --dport 0:65535)
other=$(saved ! --dport 10:80)
printf '%s\n' "! --dport 0:80    -> $low" "--dport 0:65535   -> $all" "! --dport 10:80   -> $other"
[ "$low" = '--dport 81:65535' ] || changed "! --dport 0:80 is saved as $low"
[ "$all" = '' ] || changed "--dport 0:65535 is saved as $all"
[ "$other" = '! --dport 10:80' ] || changed "! --dport 10:80 is saved as $other"
echo 'as stated'
