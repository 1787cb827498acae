#!/usr/bin/env bash
# What tcpdump calls a UDP datagram.
#
# Guess: a datagram on a port that no protocol has is "UDP, length …"; Linux's own VXLAN is VXLAN; and either end's port tells as much.
# Behaviour: tcpdump goes by port numbers that nobody remembers. Source port 49152, within Linux's default range of ephemeral ports
#   (32768–60999), is BCM-LI-SHIM; the same as a destination is not. A port in 16512–16639, 200–327 or 768–895 is AppleTalk if the third
#   byte of the payload is 2, as in a payload that counts 00 01 02 03 …. VXLAN on port 8472, the port of Linux's driver where none is
#   named, is OTV: the same bytes on 4789 are VXLAN.
# Source: udp_print() (print-udp.c), atalk_port() (appletalk.h), BCM_LI_PORT and OTV_PORT (udp.h).
# Seen (tcpdump 4.99.3):
#   49152 > 9999, plain: BCM-LI-SHIM: direction ingress, pkt-type unknown, pkt-subtype single VLAN tag, li-id 2908521
#   9999 > 49152, plain: UDP, length 11
#   16550 > 9999, counting: 2314.12.14 > 1800.11.13: at-#15 8
#   9999 > 16550, counting: 2314.12.14 > 1800.11.13: at-#15 8
#   16550 > 9999, plain: UDP, length 11
#   300 > 9999, counting: 2314.12.14 > 1800.11.13: at-#15 8
#   800 > 9999, counting: 2314.12.14 > 1800.11.13: at-#15 8
#   40000 > 8472, vxlan: OTV, flags [I] (0x08), overlay 0, instance 7
#   40000 > 4789, vxlan: VXLAN, flags [I] (0x08), vni 7
set -euo pipefail
packages='tcpdump=4.99.3-1 libpcap0.8=1.10.3-1 libdbus-1-3 libssl3'
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
# One datagram in a capture of raw IP. $1, $2: its ports. $3: its payload, in hex.
datagram() {
  perl -e 'my ($sport, $dport, $hex) = @ARGV; my $udp = pack("nnnn", $sport, $dport, 8 + length($hex) / 2, 0) . pack("H*", $hex);
    my $ip = pack("CCnnnCCnC4C4", 0x45, 0, 20 + length $udp, 1, 0, 64, 17, 0, 10, 0, 0, 1, 10, 0, 0, 2) . $udp;
    print pack("VvvVVVV", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101), pack("VVVV", 1, 0, length $ip, length $ip), $ip' "$@"
}
counting=$(printf '%02x' $(seq 0 23))
plain=$(printf 'plain words' | od -An -tx1 | tr -d ' \n')
# A VXLAN header of VNI 7 and the Ethernet header of an empty frame (local experimental EtherType).
vxlan=080000000000070002000000000202000000000188b5
while read -r sport dport payload; do
  said=$(datagram "$sport" "$dport" "${!payload}" | tcpdump -Z root -tnr - 2>/dev/null | head -1)
  echo "$sport > $dport, $payload: ${said#*: }"
done >/run/seen <<'I'
49152 9999 plain
9999 49152 plain
16550 9999 counting
9999 16550 counting
16550 9999 plain
300 9999 counting
800 9999 counting
40000 8472 vxlan
40000 4789 vxlan
I
cat /run/seen
is() { grep -qE "^$1" /run/seen || changed "not seen: $1"; }
is '49152 > 9999, plain: BCM-LI-SHIM'
is '9999 > 49152, plain: UDP, length 11$'
for p in '16550 > 9999' '9999 > 16550' '300 > 9999' '800 > 9999'; do is "$p, counting: .*at-"; done
is '16550 > 9999, plain: UDP, length 11$'
is '40000 > 8472, vxlan: OTV'
is '40000 > 4789, vxlan: VXLAN'
echo 'as stated'
