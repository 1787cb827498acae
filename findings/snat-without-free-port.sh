#!/usr/bin/env bash
# What a program hears when SNAT has no port left.
#
# Guess: the packet is dropped on its way, so no program hears of it: a datagram is lost in silence and a connection times out; or the
#   kernel takes a port twice.
# Behaviour: send() of UDP fails at once with EPERM, which reads like a firewall's refusal, although the ruleset holds no DROP. connect() of
#   TCP hears nothing: each SYN fails in the same way, TCP takes it for lost and sends again, until it times out. Both count as
#   insert_failed in /proc/net/stat/nf_conntrack: the only place that tells.
# Source: the tuple is taken, so __nf_conntrack_confirm() answers NF_DROP, and in a hook of output that is EPERM to the caller (nf_hook_slow());
#   tcp_connect() looks at ECONNREFUSED only (net/ipv4/tcp_output.c).
# Seen (Linux 6.18.44, iptables 1.8.9 (nf_tables)):
#   UDP: sent,Operation not permitted
#   TCP: connected,Connection timed out
#   insert_failed: 1 after UDP, more after TCP: yes
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2
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
# One port for everyone: the first flow has it.
for proto in udp tcp; do iptables-nft -t nat -A POSTROUTING -p $proto -j SNAT --to-source 10.9.0.1:5000 || cannot 'no NAT in this kernel'; done
ip netns exec server perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 9) or die;
  while (my $c = $s->accept) { push @c, $c }' &
sleep 1
failed() { awk 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "insert_failed") c = i; next } { print $c }' /proc/net/stat/nf_conntrack |
  while read -r n; do echo $((16#$n)); done | awk '{ all += $1 } END { print all }'; }

udp=$(perl -MSocket -e 'for (1, 2) { socket(my $s, AF_INET, SOCK_DGRAM, 0); push @kept, $s;
  print defined send($s, "hi", 0, pack_sockaddr_in(9, inet_aton("10.9.0.2"))) ? "sent" : "$!", "\n" }')
udp_failed=$(failed)
tcp=$(perl -MIO::Socket::INET -e 'for (1, 2) { my $s = IO::Socket::INET->new(PeerAddr => "10.9.0.2:80", Timeout => 4);
  push @kept, $s; print $s ? "connected" : "$!", "\n" }')
all_failed=$(failed)
printf 'UDP: %s\nTCP: %s\n' "$(paste -sd, <<<"$udp")" "$(paste -sd, <<<"$tcp")"
echo "insert_failed: $udp_failed after UDP, more after TCP: $([ "$all_failed" -gt "$udp_failed" ] && echo yes || echo no)"
[ "$udp" = $'sent\nOperation not permitted' ] || changed 'UDP without a port is not EPERM'
[ "$tcp" = $'connected\nConnection timed out' ] || changed 'TCP without a port does not time out'
[ "$udp_failed" = 1 ] && [ "$all_failed" -gt 1 ] || changed 'insert_failed does not count it'
echo 'as stated'
