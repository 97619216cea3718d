# bgpwire. `make help` lists what there is; every target makes the environment that it needs.
#
#   PYTHON=...                      the interpreter (default: the best one found, 3.12 or newer)
#   VENV=.venv                      where the environment goes
#   BGPWIRE_BUILD_EXTENSION=yes|no  with or without the compiled kernels (default: with, given a C compiler)
#   PYTEST_ARGS=, BENCH_ARGS=       passed on
#   WORKERS=auto                    processes that share the tests: a number, or one for each core

VENV ?= .venv
WORKERS ?= auto
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip -qq --disable-pip-version-check

KERNELS := $(wildcard src/bgpwire/_cython/*.pyx src/bgpwire/_cython/*.pxd)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-engines test-live test-pure soak oracle check format bench bench-quick build dist dist-check clean force

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/.built ## build, and print the routes of the bundled recording
	$(BIN)/bgpwire dump samples/demo.mrt

test: $(VENV)/.built $(VENV)/.test ## every test, on every implementation that is built
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-engines: $(VENV)/.built $(VENV)/.engines ## Spark, Dask, Ray; what is not there (Java) is left out, and said
	$(BIN)/python -m pytest -rs $(PYTEST_ARGS) tests/engines

test-live: $(VENV)/.built $(VENV)/.live ## BIRD, FRR, GoBGP and ExaBGP as neighbours, a broker of Kafka's; installed where that can be (root, apt)
	@scripts/install_daemons.sh
	$(BIN)/python -m pytest -rs $(PYTEST_ARGS) tests/live

test-pure: ## the tests on an installed pure-Python wheel, in an environment of its own
	@rm -rf .venv-pure/.built build/lib build/bdist.*
	@$(MAKE) --no-print-directory VENV=.venv-pure .venv-pure/.test
	BGPWIRE_BUILD_EXTENSION=no .venv-pure/bin/python -m pip install -qq --disable-pip-version-check \
		--no-deps --no-build-isolation --force-reinstall .
	BGPWIRE_REQUIRE_PURE=1 .venv-pure/bin/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

soak: $(VENV)/.built ## two and a half minutes of routers that speak as fast as they are heard, and the memory of who listens
	PYTHON=$(BIN)/python GROWTH=15 scripts/soak.sh 150

oracle: $(VENV)/.built $(VENV)/.test ## what other decoders say of the same octets: tshark, GoBGP, bgpdump, where they are
	PYTHONPATH=tests $(BIN)/python -m oracle

check: $(VENV)/.built $(VENV)/.check ## ruff, cython-lint, mypy, the layers, stubtest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PATH="$(abspath $(BIN)):$$PATH" cython-lint src/bgpwire/_cython
	$(BIN)/mypy src/bgpwire
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/python scripts/check_layers.py
	$(BIN)/python scripts/make_coverage.py --check
	$(BIN)/python scripts/make_schema.py --check
	$(BIN)/python scripts/make_fields.py --check
	$(BIN)/python scripts/make_columns.py --check
	@if [ "$$(cat $(VENV)/.built)" = yes ]; then \
		echo "stubtest bgpwire._cython"; $(BIN)/python scripts/check_twins.py; \
	else echo "stubtest left out: the kernels are not compiled"; fi

format: $(VENV)/.check ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.built $(VENV)/.bench ## bgpwire and its peers, side by side; into the README and docs/benchmarks.md
	$(BIN)/python -m benchmarks --write $(BENCH_ARGS)

bench-quick: $(VENV)/.built $(VENV)/.bench ## the same on small inputs, once, to be read and not to be kept
	$(BIN)/python -m benchmarks --quick $(BENCH_ARGS)

build: $(VENV)/.built ## the environment, with bgpwire in it

dist: $(VENV)/.dist ## an sdist, a wheel for this Python, and the pure wheel, in dist/
	rm -rf dist build/lib build/lib.* build/bdist.*
	BGPWIRE_BUILD_EXTENSION=no $(BIN)/python -m build --sdist --outdir dist .
	BGPWIRE_BUILD_EXTENSION=yes $(BIN)/python -m pip wheel -qq --no-deps --wheel-dir dist dist/*.tar.gz
	BGPWIRE_BUILD_EXTENSION=no $(BIN)/python -m pip wheel -qq --no-deps --wheel-dir dist dist/*.tar.gz

dist-check: dist ## that each of them installs into an empty environment and passes the tests there
	scripts/check_dist.sh dist $(BIN)

clean: ## all that make made
	rm -rf .venv .venv-* build dist wheelhouse src/*.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -f src/bgpwire/_cython/*.so src/bgpwire/_cython/*.pyd
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment -------------------------------------------------------------------------------

# another PYTHON than the environment was made with makes it anew
OTHER := $(shell [ -z "$(PYTHON)" ] || [ ! -e $(VENV)/.python ] || \
	[ "$$($(PYTHON) --version 2>&1)" = "$$(cat $(VENV)/.python)" ] || echo force)

$(VENV)/.python: $(OTHER)
	@python=$$(scripts/find_python.sh) && rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@$(PIP) install --upgrade "pip>=25.1"
	@$(BIN)/python --version > $@
	@echo "$$(cat $@) in $(VENV)"

# build, test, check, bench, dist: the dependency groups of pyproject.toml
$(VENV)/.group-%: $(VENV)/.python pyproject.toml
	@$(PIP) install --group $*
	@touch $@

$(VENV)/.test: $(VENV)/.group-build $(VENV)/.group-test
	@touch $@
$(VENV)/.live: $(VENV)/.group-build $(VENV)/.group-live
	@touch $@
$(VENV)/.engines: $(VENV)/.group-build $(VENV)/.group-engines
	@touch $@
$(VENV)/.check: $(VENV)/.group-check
	@touch $@
$(VENV)/.bench: $(VENV)/.group-bench
	@touch $@
$(VENV)/.dist: $(VENV)/.group-dist
	@touch $@
.SECONDARY:

# `yes` where C can be compiled, which takes Python.h too; what was asked for, where something was
$(VENV)/.mode: force $(VENV)/.python
	@mode="$(BGPWIRE_BUILD_EXTENSION)"; \
	if [ -z "$$mode" ]; then \
		include=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))'); \
		if [ -e "$$include/Python.h" ] && command -v $${CC:-cc} >/dev/null; then mode=yes; \
		else mode=no; echo "No C compiler, or no Python.h: bgpwire is built in pure Python."; fi; \
	fi; \
	[ "$$(cat $@ 2>/dev/null)" = "$$mode" ] || echo "$$mode" > $@

# editable, so that a change to a .py needs nothing; a change to a kernel builds that kernel
$(VENV)/.built: $(VENV)/.mode $(VENV)/.group-build pyproject.toml setup.py $(KERNELS)
	@BGPWIRE_BUILD_EXTENSION=no $(PIP) install --no-build-isolation --no-deps --editable .
	@find build/cython -name '*.c' ! -newer setup.py -delete 2>/dev/null || true
	@mode=$$(cat $(VENV)/.mode); \
	if [ "$$mode" = no ]; then rm -f src/bgpwire/_cython/*.so src/bgpwire/_cython/*.pyd; \
	else echo "building the kernels"; mkdir -p build; \
		BGPWIRE_BUILD_EXTENSION=$$mode $(BIN)/python setup.py --quiet build_ext --inplace > build/log 2>&1 \
			|| { cat build/log; exit 1; }; \
	fi; \
	echo "$$mode" > $@
