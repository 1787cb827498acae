/* The parts of a lab script that are the same for every topology. */

interface Prologue { readonly title: string; readonly command: string; readonly names: readonly string[]; readonly assumes: readonly string[]; readonly gaps: readonly string[] }

const oneLine = (text: string): string => text.replaceAll(/[^ -~]+/g, ' ')
const bullets = (lines: readonly string[]): string => lines.map((l) => `#   - ${oneLine(l)}\n`).join('')

export function prologue(o: Prologue): string {
  return `#!/usr/bin/env bash
# ${oneLine(o.title)}
# as network namespaces of this machine's kernel. Printed by: ${oneLine(o.command)}
#
#   sudo bash lab.sh          builds it; then for example: sudo ip netns exec pw-${o.names.find((n) => n !== 'internet') ?? 'NAME'} ip route
#   sudo bash lab.sh down     takes it away
#
# PREFIX=pw-                  stands before the name of every namespace
# RUN=/run/packet-walk/pw-    a directory that it makes and takes away: the programs, their process ids, and the list of what was made
#
# Needs root, iproute2, iptables and python3. It changes nothing outside the namespaces it makes. A namespace counts as its own only
# if RUN/namespaces lists its name with its inode; any other is refused, and left alone by down.
${o.assumes.length === 0 ? '' : `#\n# The VPC is not Linux: a small program stands in for it (lab.py vpc). Its assumptions:\n${bullets(o.assumes)}`}${o.gaps.length === 0 ? '' : `#\n# Not built:\n${bullets(o.gaps)}`}
[ -n "\${BASH_VERSION-}" ] || exec bash "$0" "$@"
set -euo pipefail
PREFIX=\${PREFIX-pw-}
RUN=\${RUN-/run/packet-walk/\${PREFIX:-_}}
PYTHON=\${PYTHON-python3}
NAMES='${o.names.join(' ')}'
fail() { echo "lab: $*" >&2; exit 1; }
case $RUN in /*) ;; *) fail "RUN=$RUN is no path from the root; begin it with /" ;; esac
# An empty or relative part of PATH means the directory one stands in: no tool is looked for there.
found=
IFS=: read -ra dirs <<< "$PATH"
for d in "\${dirs[@]}"; do case $d in /*) found+=$d: ;; esac; done
PATH=$found/usr/sbin:/usr/bin:/sbin:/bin
case $PREFIX in -* | *[!A-Za-z0-9_.-]*) fail "PREFIX=$PREFIX cannot begin the name of a namespace; letters, digits, dots, dashes and underscores can" ;; esac
inode() { stat -L -c %i "/run/netns/$1" 2> /dev/null || true; }

# How one namespace is worked on: in_ns NAME COMMAND, or lines for one tool on standard input, where @ stands for PREFIX.
in_ns() { local n=$PREFIX$1; shift; ip netns exec "$n" "$@"; }
ips() { local lines; lines=$(cat); ip -n "$PREFIX$1" -batch - <<< "\${lines//@/$PREFIX}"; }
bridges() { bridge -n "$PREFIX$1" -batch -; }
# Lines "PATH VALUE" under /proc/sys, there only below net; a path in brackets may be missing.
sysctls() {
  in_ns "$1" bash -euc 'while read -r k v; do
    f=\${k#[}; f=\${f%]}
    case /$f/ in /net/?*) ;; *) f=.. ;; esac
    case /$f/ in */../* | */./* | *//*) echo "lab: $k is no sysctl of the network" >&2; exit 1 ;; esac
    f=/proc/sys/$f
    if [ -e "$f" ]; then printf "%s\\n" "$v" > "$f"; elif [ "$k" = "\${k#[}" ]; then echo "lab: this kernel has no sysctl $k" >&2; fi
  done'
}

# Every namespace begins alike. ICMP redirects, which Packet Walk leaves out, are off.
namespace() {
  ip netns add "$PREFIX$1"
  echo "$PREFIX$1 $(inode "$PREFIX$1")" >> "$RUN/namespaces"
  sysctls "$1" <<'DEFAULTS'
net/ipv4/ip_forward 0
net/ipv4/conf/all/rp_filter 0
net/ipv4/conf/default/rp_filter 0
net/ipv4/conf/all/accept_local 0
net/ipv4/conf/default/accept_local 0
net/ipv4/conf/all/arp_ignore 0
net/ipv4/conf/default/arp_ignore 0
net/ipv4/conf/all/proxy_arp 0
net/ipv4/conf/default/proxy_arp 0
net/ipv4/conf/all/send_redirects 0
net/ipv4/conf/default/send_redirects 0
[net/ipv6/conf/all/disable_ipv6] 1
[net/ipv6/conf/default/disable_ipv6] 1
DEFAULTS
}

lab() { "$PYTHON" -BIS "$RUN/lab.py" "$RUN" "$PREFIX" "$@"; }

# A program that stays: it makes RUN/WHAT.ready when it has what it needs.
start() {
  local what=$*
  what=\${what// /-}
  # Not by lab(): $! would be the number of a shell that waits for the program.
  "$PYTHON" -BIS "$RUN/lab.py" "$RUN" "$PREFIX" "$@" > "$RUN/$what.log" 2>&1 < /dev/null &
  echo "$!" >> "$RUN/pids"
  for _ in {1..500}; do
    if [ -e "$RUN/$what.ready" ]; then return; fi
    kill -0 "$!" 2> /dev/null || break
    sleep 0.01
  done
  cat "$RUN/$what.log" >&2
  fail "$what did not start"
}

`
}

export const EPILOGUE = `
up() {
  [ "$(id -u)" = 0 ] || fail 'needs root'
  for tool in ip bridge iptables-restore "$PYTHON"; do command -v "$tool" > /dev/null || fail "$tool is not installed"; done
  if [ -e "$RUN/namespaces" ]; then fail "it is up already ($RUN); take it down first, or choose another PREFIX"; fi
  for n in $NAMES; do if [ -e "/run/netns/$PREFIX$n" ]; then fail "there is a namespace $PREFIX$n that this lab did not make; choose another PREFIX"; fi; done
  # Whose directory it is must be certain: down removes it with all that is in it.
  if [ -e "$RUN" ]; then fail "$RUN is there already; choose another RUN"; fi
  mkdir -p "$(dirname "$RUN")"
  mkdir "$RUN" || fail "somebody else is making $RUN"
  : > "$RUN/namespaces"
  # Where the shell keeps long lines that it hands to a tool.
  export TMPDIR=$RUN
  # What fails half-way is taken away, a program too that has not begun to run our file yet.
  trap 'kill $(jobs -p) 2> /dev/null || true; down' EXIT
  programs
  build
  trap - EXIT
}

down() {
  if [ ! -e "$RUN/namespaces" ]; then fail "nothing is up under PREFIX=$PREFIX ($RUN is not there)"; fi
  # A number may be another's process by now: only one that runs our file is ended.
  if [ -e "$RUN/pids" ]; then
    while read -r pid; do if grep -qzF "$RUN/lab.py" "/proc/$pid/cmdline" 2> /dev/null; then kill "$pid"; fi; done < "$RUN/pids"
  fi
  while read -r name was; do
    case $(inode "$name") in
      "$was") ip netns del "$name" ;;
      ?*) echo "lab: $name is not the namespace that was made here; left alone" >&2 ;;
    esac
  done < "$RUN/namespaces"
  rm -r "$RUN"
}

case \${1-up} in
  up) up ;;
  down) down ;;
  *) fail "up or down, not $1" ;;
esac
`
