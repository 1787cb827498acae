#!/usr/bin/env bash
# What a clamp of the MSS does to packets that are no SYN.
#
# Guess: an MSS is said in SYNs only, so `-p tcp -j TCPMSS --set-mss 1400` without `--tcp-flags SYN,RST SYN` is refused; or it is taken,
#   and leaves all other packets as they are.
# Behaviour: iptables-nft takes it without a word. The SYN's option is set to 1400, and each later packet without data gets an option that
#   it did not have, four bytes longer: mss 536, whatever the rule says. Packets with data stay as they are.
# Source: tcpmss_tg4_check() asks for a SYN match only where the rule is not nft's (par->nft_compat), and tcpmss_mangle_packet() inserts an
#   option where there is none and nothing stands behind the header, min(newmss, 536) (net/netfilter/xt_TCPMSS.c).
# Seen (Linux 6.18.44, iptables 1.8.9 (nf_tables), tcpdump 4.99.3):
#   SYN: mss 1400
#   ACK: mss 536
#   data: no mss
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2
  tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 libdbus-1-3 libssl3
  iptables=1.8.9-2 libxtables12=1.8.9-2 libnftnl11=1.2.4-2 libip4tc2=1.8.9-2 libip6tc2=1.8.9-2'
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
ip link add eth0 type veth peer name peer
ip address add 10.9.0.1/24 dev eth0
ip link set dev eth0 up
ip link set dev peer up
ip netns add server
ip link set dev peer netns server
ip -n server address add 10.9.0.2/24 dev peer
ip -n server link set dev peer up
iptables-nft -t mangle -A OUTPUT -p tcp -j TCPMSS --set-mss 1400 || cannot 'no TCPMSS in this kernel'
ip netns exec server perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 9) or die;
  my $c = $s->accept; sysread($c, my $x, 9); sleep 9' &
ip netns exec server tcpdump -Uni peer --immediate-mode -c 3 'tcp and src 10.9.0.1' > /run/seen 2> /dev/null &
sleep 2
perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => "10.9.0.2:80", Timeout => 4) or die "$!";
  select undef, undef, undef, 0.5; syswrite($s, "hello"); sleep 1'
for _ in 1 2 3 4 5; do [ "$(wc -l < /run/seen)" -lt 3 ] || break; sleep 1; done
mss() { sed -n "$1p" /run/seen | grep -o 'mss [0-9]*' || echo 'no mss'; }
[ "$(wc -l < /run/seen)" = 3 ] || cannot "only $(wc -l < /run/seen) packets were captured"
printf '%s\n' "SYN: $(mss 1)" "ACK: $(mss 2)" "data: $(mss 3)"
[ "$(mss 1)" = 'mss 1400' ] || changed "the SYN has $(mss 1)"
[ "$(mss 2)" = 'mss 536' ] || changed "the ACK has $(mss 2)"
[ "$(mss 3)" = 'no mss' ] || changed "data has $(mss 3)"
echo 'as stated'
