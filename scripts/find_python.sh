#!/bin/sh
# Print the path of a Python that runs here and is fit to build and test bgpwire.
#
#   find_python.sh          3.12 or newer; $PYTHON, if set, is the only one looked at
#   find_python.sh 3.12     that version and no other
#
# A name on PATH is not enough: a version manager's shim may stand there for a version that is not
# selected, so each candidate is run.

wanted=${1:-}

fits() {
    "$1" -c '
import sys, venv, ensurepip
have, wanted = "%d.%d" % sys.version_info[:2], sys.argv[1]
sys.exit(sys.version_info < (3, 12) or (wanted != "" and have != wanted))
' "$wanted" >/dev/null 2>&1
}

found() {
    "$1" -c 'import sys; print(sys.executable)'
    exit 0
}

if [ -n "${PYTHON:-}" ] && [ -z "$wanted" ]; then
    fits "$PYTHON" && found "$PYTHON"
    echo "bgpwire needs Python 3.12 or newer with its venv module, and PYTHON=$PYTHON is none." >&2
    exit 1
fi

for candidate in ${wanted:+"python$wanted"} python3.13 python3.14 python3.12 python3.15 python3 python; do
    fits "$candidate" && found "$candidate"
done
if candidate=$(uv python find --no-project "${wanted:->=3.12}" 2>/dev/null); then
    fits "$candidate" && found "$candidate"
fi
if root=$(pyenv root 2>/dev/null); then
    for candidate in "$root"/versions/"${wanted:-3.}"*/bin/python; do
        fits "$candidate" && found "$candidate"
    done
fi

if [ -n "$wanted" ]; then
    echo "bgpwire: no Python $wanted with its venv module on this machine." >&2
else
    echo "bgpwire needs Python 3.12 or newer with its venv module, and none is here; with one elsewhere: make PYTHON=/path/to/python3" >&2
fi
exit 1
