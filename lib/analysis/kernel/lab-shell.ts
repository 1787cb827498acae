/* The parts of a lab script that are the same for every topology. */

interface Prologue {
  readonly title: string
  readonly command: string
  readonly names: readonly string[]
  readonly assumes: readonly string[]
  readonly gaps: readonly string[]
}

const oneLine = (text: string): string => text.replaceAll(/[^ -~]+/g, ' ')
const bullets = (lines: readonly string[]): string =>
  lines.map((l) => `#   - ${oneLine(l)}\n`).join('')

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

# lab.py does what no tool does, in every namespace: it is told a line each, and answers when all is done.
lab() {
  local said=
  { [ -n "\${LAB_PID-}" ] && printf '%s\\n' "$@" >&"\${LAB[1]}" && read -r said <&"\${LAB[0]}"; } 2> /dev/null && [ "$said" = done ] || fail 'lab.py ended'
}

# How one namespace is worked on: in_ns NAME COMMAND, or lines for one tool on standard input, where @ stands for PREFIX.
in_ns() { local n=$PREFIX$1; shift; ip netns exec "$n" "$@"; }
ips() { local lines; IFS= read -rd '' lines || true; ip -n "$PREFIX$1" -batch - <<< "\${lines//@/$PREFIX}"; }
bridges() { bridge -n "$PREFIX$1" -batch -; }
# Lines "PATH VALUE" under /proc/sys, there only below net; a path in brackets may be missing. NAME * is every namespace.
sysctls() {
  local k v f told=()
  while read -r k v; do
    f=\${k#[}; f=\${f%]}
    case /$f/ in /net/?*) ;; *) f=.. ;; esac
    case /$f/ in */../* | */./* | *//*) fail "$k is no sysctl of the network" ;; esac
    told+=("sysctl $1 $k $v")
  done
  lab "\${told[@]}" 'done'
}

# The namespaces that are there, with their inodes: the first $1 of them, which this lab made.
list() {
  local n path i files=()
  for n in $NAMES; do
    if [ "\${#files[@]}" -ge "$1" ] || [ ! -e "/run/netns/$PREFIX$n" ]; then break; fi
    files+=("/run/netns/$PREFIX$n")
  done
  if [ "\${#files[@]}" -gt 0 ]; then
    stat -L -c '%n %i' "\${files[@]}" | while read -r path i; do echo "\${path##*/} $i"; done > "$RUN/namespaces"
  fi
}

# Every namespace begins alike. ICMP redirects are sent where a row says so, and heeded.
namespaces() {
  local n said lines=
  for n in $NAMES; do lines+="netns add $PREFIX$n"$'\\n'; done
  made=9999
  if ! said=$(ip -batch - 2>&1 <<< "$lines"); then
    # It ended at a line: what is there under that name is somebody else's.
    n=\${said##*Command failed -:}
    case $n in *[!0-9]*) n=1 ;; esac
    made=$((n - 1))
    list "$made"
    fail "$said"
  fi
  list 9999
  coproc LAB { exec "$PYTHON" -BIS "$RUN/lab.py" "$RUN" "$PREFIX"; }
  sysctls '*' <<'DEFAULTS'
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
net/ipv4/conf/all/accept_redirects 1
net/ipv4/conf/default/accept_redirects 1
[net/ipv6/conf/all/disable_ipv6] 1
[net/ipv6/conf/default/disable_ipv6] 1
DEFAULTS
}

`
}

/** What takes it up and down. `tools`: what it needs beside those that every lab needs. */
export const epilogue = (tools: readonly string[]): string => `
up() {
  [ "$(id -u)" = 0 ] || fail 'needs root'
  for tool in ${['ip', 'bridge', 'iptables-restore', ...tools].join(' ')} "$PYTHON"; do command -v "$tool" > /dev/null || fail "$tool is not installed"; done
  if [ -e "$RUN/namespaces" ]; then fail "it is up already ($RUN); take it down first, or choose another PREFIX"; fi
  for n in $NAMES; do if [ -e "/run/netns/$PREFIX$n" ]; then fail "there is a namespace $PREFIX$n that this lab did not make; choose another PREFIX"; fi; done
  # Whose directory it is must be certain: down removes it with all that is in it.
  if [ -e "$RUN" ]; then fail "$RUN is there already; choose another RUN"; fi
  mkdir -p "$(dirname "$RUN")"
  mkdir "$RUN" || fail "somebody else is making $RUN"
  : > "$RUN/namespaces"
  # Where the shell keeps long lines that it hands to a tool.
  export TMPDIR=$RUN
  # What fails half-way is taken away: of the namespaces as many as were made.
  made=0
  trap '[ -s "$RUN/namespaces" ] || list "$made"; kill $(jobs -p) 2> /dev/null || true; down' EXIT
  # lab.py that ended is said so, not by a signal.
  trap '' PIPE
  programs
  build
  exec {LAB[1]}>&-
  wait "$LAB_PID"
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
