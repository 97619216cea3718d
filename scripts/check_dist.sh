#!/bin/bash
# check_dist.sh DIST BIN: the sdist, the wheel and the pure wheel in DIST hold what they should, and each,
# installed into an empty environment on Python 3.12 and 3.13, passes the tests that the sdist carries.
# BIN is the bin/ of an environment with twine and auditwheel.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dist=$(cd "$1" && pwd)
bin=$(cd "$2" && pwd)
export PATH="$bin:$PATH"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHON BGPWIRE_IMPLEMENTATION BGPWIRE_BUILD_EXTENSION

die() {
    echo "check_dist: $*" >&2
    exit 1
}

pip() {
    "$1" -m pip -qq --disable-pip-version-check install "${@:2}"
}

sdist=$(ls "$dist"/bgpwire-*.tar.gz)
pure=$(ls "$dist"/bgpwire-*-py3-none-any.whl)

"$bin/twine" check --strict "$dist"/*

mkdir "$work/sdist"
tar -xzf "$sdist" -C "$work/sdist" --strip-components=1
if find "$work/sdist" -name '*.c' -o -name '*.so' | grep .; then die "generated files in the sdist"; fi
for file in Makefile setup.py tests/unit/test_build.py samples/demo.mrt src/bgpwire/py.typed; do
    [ -e "$work/sdist/$file" ] || die "no $file in the sdist"
done
kernels=$(find "$work/sdist/src" -name '*.pyx' | wc -l)

# built from the sdist for both Pythons
for version in 3.12 3.13; do
    python=$("$root/scripts/find_python.sh" "$version")
    BGPWIRE_BUILD_EXTENSION=yes "$python" -m pip -q --disable-pip-version-check wheel --no-deps \
        --wheel-dir "$work/$version" "$sdist" 2>"$work/log" || { cat "$work/log"; die "no wheel on $version"; }
    wheel=$(ls "$work/$version"/*.whl)
    built=$(unzip -Z1 "$wheel" | grep -c '\.so$' || true)
    [ "$built" = "$kernels" ] || die "$built of $kernels kernels in $(basename "$wheel")"
    "$bin/auditwheel" show "$wheel"
done
for wheel in "$pure" "$work"/3.*/*.whl; do
    unzip -Z1 "$wheel" >"$work/names"
    grep -qx 'bgpwire/py.typed' "$work/names" || die "no py.typed in $(basename "$wheel")"
    if grep -E '\.(c|pyx|pxd)$|^(tests|samples|benchmarks)/' "$work/names"; then
        die "the above in $(basename "$wheel")"
    fi
done
if unzip -Z1 "$pure" | grep '\.so$'; then die "a compiled module in the pure wheel"; fi

# installed, and tested from the sdist's tests against the installed package
for version in 3.12 3.13; do
    python=$("$root/scripts/find_python.sh" "$version")
    for kind in wheel pure sdist; do
        case $kind in
            wheel) artifact=$(ls "$work/$version"/*.whl) require=BGPWIRE_REQUIRE_CYTHON ;;
            pure) artifact=$pure require=BGPWIRE_REQUIRE_PURE ;;
            sdist) artifact=$sdist require=BGPWIRE_REQUIRE_CYTHON ;;
        esac
        echo "== Python $version, $kind: $(basename "$artifact")"
        environment=$work/env-$version-$kind
        "$python" -m venv "$environment"
        pip "$environment/bin/python" --upgrade "pip>=25.1"
        pip "$environment/bin/python" "$artifact"
        # nothing but the package: it imports and runs with no dependency at all
        (cd "$work" && "$environment/bin/bgpwire" dump sdist/samples/demo.mrt >/dev/null)
        pip "$environment/bin/python" --group "$work/sdist/pyproject.toml:test"
        (cd "$work/sdist" && env "$require=1" "$environment/bin/python" -P -m pytest -p no:cacheprovider ${PYTEST_ARGS:-})
    done
done
echo "check_dist: $(basename "$sdist") and its wheels are fit to publish"
