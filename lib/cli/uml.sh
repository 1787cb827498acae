# What watches a User-Mode Linux: uml.ts runs it in a session of its own, DIR its folder, behind it the kernel's command line.
# 0 is a pipe from the command that asks: when it closes, however that command ended, kernel and folder go.
dir=$1
shift
exec 7<&0
"$@" < /dev/null >&2 7<&- &
kernel=$!
exec 3<&- 4>&- 5<&- 6>&-
{ cat <&7 > /dev/null; kill -KILL "$kernel"; } 2> /dev/null &
wait "$kernel" 2> /dev/null
rm -rf "$dir"
# It has a group of its own, and what it traced and its helpers outlive it.
kill -KILL "-$kernel" 2> /dev/null
kill -KILL 0
