#!/bin/sh
# Listens for routers that speak as fast as they are heard, and looks at the memory of who listens each second:
#
#   scripts/soak.sh [SECONDS] [ROUTERS] [WORDS OF bgpwire listen…]
#
# An hour is 3600, and the default. Ends with 1 where the memory of the last quarter is more than GROWTH (1) per cent above
# that of the second, or something was not read. For some minutes it still grows to what a full pump takes, some 100 MiB:
# a short run wants a greater GROWTH, and finds what is lost of each message all the same. PYTHON names the interpreter.
set -eu
seconds=${1:-3600}
routers=${2:-2}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-"$here/../.venv/bin/python"}
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
work=$(mktemp -d)

"$python" -m bgpwire listen "bmp://127.0.0.1:$port" --metrics 127.0.0.1:0 "$@" >/dev/null 2>"$work/said" &
listener=$!
loader=
trap 'kill "$listener" $loader 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM
until grep -q "listening at" "$work/said"; do
    kill -0 "$listener"
    sleep 0.1
done

"$python" "$here/bmp_load.py" --port "$port" --routers "$routers" --routes 200000 --each 2 --seconds "$seconds" \
    >"$work/load" 2>&1 &
loader=$!
while kill -0 "$loader" 2>/dev/null; do
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$listener/status" >>"$work/memory"
    sleep 1
done
wait "$loader" || { cat "$work/load"; exit 1; }
cat "$work/load"
kill -TERM "$listener"
wait "$listener" && status=0 || status=$?
grep -v "listening at\|metrics at\|is there\|gone after" "$work/said" || true

"$python" - "$work/memory" "$status" "${GROWTH:-1}" <<'END'
import statistics
import sys

memory = [int(line) for line in open(sys.argv[1])]
quarter = max(1, len(memory) // 4)
second, last = memory[quarter : 2 * quarter] or memory, memory[-quarter:]
grown = statistics.median(last) / statistics.median(second) - 1
print(f"memory: {statistics.median(second):,.0f} KiB in the second quarter, {statistics.median(last):,.0f} KiB in the last:"
      f" {grown:+.2%}; at most {max(memory):,} KiB, {len(memory)} looks; exit status {sys.argv[2]}")
sys.exit(100 * grown > float(sys.argv[3]) or sys.argv[2] != "0")
END
