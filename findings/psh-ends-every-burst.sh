#!/usr/bin/env bash
# Where PSH stands in the middle of a long write.
#
# Guess: TCP sets PSH on the last segment of a write (and where a window ends): one write of 30,000 bytes has it once.
# Behaviour: every burst that goes down for segmentation (GSO) ends with PSH, in the middle of a write too, so that a receiver's GRO hands on
#   at once. How long a burst is the kernel decides (pacing, gso_max_segs), not the program: PSH tells nothing of what was written.
# Source: __tcp_transmit_skb() (net/ipv4/tcp_output.c): "Force a PSH flag on all (GSO) packets to expedite GRO flush"; tcp_tso_autosize().
# Seen (Linux 6.18.44; bursts of 4 segments at most, so that the write has several):
#   Flags [P.], seq 0:5792
#   Flags [P.], seq 5792:11584
#   Flags [P.], seq 11584:14480
#   Flags [P.], seq 14480:20272
#   Flags [P.], seq 20272:26064
#   Flags [P.], seq 26064:30000
set -euo pipefail
packages='iproute2=6.1.0-3 libbpf1=1:1.1.2-0+deb12u1 libelf1=0.188-2.1 libmnl0=1.0.4-3 libbsd0=0.11.7-2
  tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 libdbus-1-3 libssl3'
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
ip netns add server
ip link add eth0 type veth peer name peer netns server
ip link set dev eth0 gso_max_segs 4
ip address add 10.9.0.1/24 dev eth0
ip link set dev eth0 up
ip -n server address add 10.9.0.2/24 dev peer
ip -n server link set dev peer up
ip netns exec server perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 9000, Listen => 1) or die;
  my $c = $s->accept; 1 while sysread $c, my $b, 65536' &
timeout 30 tcpdump -Z root -U -ni eth0 -w /run/pcap 'src 10.9.0.1 and tcp' 2>/run/err &
for _ in $(seq 50); do grep -q listening /run/err && break; sleep 0.2; done
sleep 0.5
perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => "10.9.0.2:9000", Timeout => 5) or die; syswrite($s, "x" x 30000) == 30000 or die; sleep 1'
sleep 0.5
tcpdump -Z root -nr /run/pcap 2>/dev/null | grep -E 'length [1-9]' | sed -E 's/.*(Flags \[[^]]*\], seq [0-9:]+).*/\1/' | tee /run/seen
# The last one is the end of the write; those before it stand in its middle, each more than one segment.
middle=$(grep -c . /run/seen) pushed=$(grep -c 'P' /run/seen)
[ "$middle" -ge 2 ] || cannot 'the write went down as one burst'
[ "$pushed" -ge 2 ] || changed 'PSH is on the end of the write only'
echo 'as stated'
