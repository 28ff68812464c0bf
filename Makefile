# Everything lives in .venv and build/. `make demo` and `make test` work on a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
# Bytecode comes when a module is imported; most never are.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint requirements.lock
NODE := $(if $(shell command -v node),,$(shell echo ,sim))

.PHONY: demo voices course test check debian sim-boards bench soak zoo size native fuzz generate clean

demo: .venv/demo
	$(BIN)/smidgen demo --out build/demo

# More speakers to train keywords on: neural ones, Debian's (as root), and Pico, which a C compiler builds.
voices: .venv/voices
	$(BIN)/python tools/debian.py voices
	$(PIP) ttspico

# The notebooks, in the browser.
course: .venv/course
	$(BIN)/jupyter notebook docs/course

# Three at a time: some wait for boards. tests/conftest.py says which files begin.
test:
	$(MAKE) --jobs=2 check debian
	$(PIP) ttspico || echo "One test will be skipped: ttspico needs a C compiler and Python's headers"
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/test
	$(BIN)/python tools/generate.py --check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python tools/check_c.py
	$(BIN)/python tools/size.py --check

# Compilers, emulators and MicroPython's source for the deeper tests, where this is root on Debian.
debian:
	$(PYTHON) tools/debian.py --tests

# An hour of sound through a simulated board.
soak: .venv/demo
	$(BIN)/smidgen soak --minutes 60

# The models that the demos of gestures, machines and pictures ship, made again by their recipes.
zoo: .venv/demo
	$(BIN)/smidgen train gesture --out build/zoo/gesture
	cp build/zoo/gesture/model.smg firmware/demos/gesture/
	$(BIN)/smidgen train anomaly --out build/zoo/anomaly
	cp build/zoo/anomaly/model.smg firmware/demos/anomaly/
	$(BIN)/smidgen train vision --out build/zoo/vision
	cp build/zoo/vision/model.smg firmware/demos/vision/

# MicroPython for the boards that QEMU emulates: `smidgen sim --board qemu-m0` and its like.
sim-boards: .venv/test
	$(BIN)/python tools/sim_boards.py

size: .venv/test
	$(BIN)/python tools/size.py

# The boards' native modules, with Debian's compilers; MPY_DIR names a MicroPython source of your own.
native: .venv/test
	$(BIN)/python tools/native.py
	$(BIN)/python tools/mip.py

# Cycles of the usual networks, and what Python adds to them, beside what docs/performance.md says; and a PDM filter's.
bench: .venv/test
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_microphone.py
	$(BIN)/python tools/bench_predict.py

# Minutes; needs clang with libFuzzer.
fuzz: .venv/test
	$(BIN)/python -m tests.fuzz

generate: .venv/test
	$(BIN)/python tools/generate.py

clean:
	rm -rf .venv build

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Smidgen needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

# The builders first: with them in .venv, no package fetches its own a second time. setuptools: esptool comes as source.
.venv/demo: .venv/bin/python pyproject.toml requirements.lock
	$(PIP) hatchling editables ziglang "setuptools>=77"
	$(PIP) --no-build-isolation --editable '.[train,verify,build$(NODE)]'
	touch $@

.venv/voices: .venv/demo
	$(PIP) --no-build-isolation --editable '.[train,voices$(NODE)]'
	touch $@

.venv/course: .venv/demo
	$(PIP) --no-build-isolation --editable '.[train,course$(NODE)]'
	touch $@

.venv/test: .venv/demo
	$(PIP) --no-build-isolation --editable '.[train,voices,verify,build,test$(NODE)]'
	touch $@
