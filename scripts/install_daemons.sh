#!/bin/sh
# The BGP daemons of tests/live, of Debian's packages, where this may be done: as root, with apt. What is not there
# afterwards is left out of the tests, by name. None of them is started as a service.
set -u

missing=
for pair in bird:bird2 bgpd:frr gobgpd:gobgpd; do
    PATH="$PATH:/usr/sbin:/usr/lib/frr" command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "not installed, which takes root and apt:$missing"
    exit 0
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
fi
apt-get update -qq || true
for package in $missing; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null \
        || echo "cannot be installed: $package"
done
exit 0
