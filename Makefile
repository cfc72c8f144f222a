# `make demo` and `make test` do all the set-up they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup system demo test soak lint bench audit lock clean

help:
	@echo "make demo    letters in at one end, memos out at the other"
	@echo "make test    all tests against real servers"
	@echo "make lint    ruff, mypy, import-linter"
	@echo "make soak    deaths of everything under load, and the upgrade of a large house: nothing lost, nothing twice"
	@echo "make bench   side-by-side measurements"
	@echo "make audit   known faults of the parts we build on (asks the advisory database)"

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "saraban: Python 3.11 or newer is needed; set PYTHON=python3.x" >&2; exit 4; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || deploy/python-venv.sh $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP)
	@$(BIN)/python -c "from classifiers.store import prepare_base; prepare_base()"

system:
	@deploy/system-packages.sh run || echo "saraban: going on without them; 'saraban doctor' tells what will be missing" >&2

demo: system setup
	@$(BIN)/saraban demo

# Three processes on two cores, for many tests wait; with four, servers come up too late. In the order of collection: the long walks
# through the whole house begin first, not last.
test: setup
	@deploy/system-packages.sh test
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# Two hundred deaths on each database; ten thousand letters of the first release; half an hour of letters while parts die.
SOAK_SECONDS ?= 1800
soak: setup
	SARABAN_TEST_BACKLOG=300 SARABAN_TEST_MACHINE_DEATHS=20 SARABAN_TEST_STORM_KILLS=200 SARABAN_TEST_KILLS=5 SARABAN_TEST_UPGRADE_LETTERS=10000 \
	    SARABAN_TEST_SOAK_SECONDS=$(SOAK_SECONDS) \
	    $(BIN)/pytest -s -m faults tests/integration/faults tests/integration/registry tests/e2e

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: system setup
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.reading_memory
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.classifier
	$(BIN)/python -m benchmarks.deadlines
	$(BIN)/python -m benchmarks.audit_chain
	$(BIN)/python -m benchmarks.drafting
	$(BIN)/python -m benchmarks.throughput

# Not part of CI: it needs the advisory database, which a closed network does not reach.
audit: $(STAMP)
	$(BIN)/pip-audit --no-deps --disable-pip --strict --requirement requirements.lock

# Rewrites the lock after a change of pyproject.toml.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --group dev \
	    --generate-hashes --no-annotate --no-header --quiet -o requirements.lock

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
