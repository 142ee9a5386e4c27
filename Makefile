# SPDX-License-Identifier: GPL-2.0-only
#
# The two commands of the project. The suite itself is built by kselftest's rules in $(KVM).

KVM := tools/testing/selftests/kvm

.PHONY: help setup run report check bench clean
help:
	@echo 'make run      build what is needed, run every test program on a real KVM, summarise'
	@echo 'make check    all tests of the project itself'
	@echo 'make report  the last run (RUN=build/runs/DATE-N: that one) as a page to look at'
	@echo 'make bench    what checking costs, and other ratios'
	@echo 'make setup    only install what is missing (as root; else say what is)'
	@echo 'make clean    remove build/ (the cache of kernels: $(KVM)/scripts/testbed clean)'
	@echo
	@echo 'KVM_ENV=auto|vm|host KSRC=/path/to/linux PROGRAMS="gmem_*" SEED=N SUITE_ARGS="..."'
	@echo 'BUDGET=60s|10m|8h SHARD=I/N OUT=DIR (docs/fleet.md)'
	@echo 'VARIANT=debug FEATURE=in-place,hooks,pfncache-gmem PARAMS="kvm.NAME=VALUE ..."'

setup:
	@$(KVM)/scripts/setup

run: setup
	@$(KVM)/scripts/run-suite

report:
	@$(KVM)/scripts/report $(RUN)

check:
	@$(KVM)/scripts/setup check
	@$(KVM)/scripts/check

bench: setup
	@$(KVM)/scripts/bench

clean:
	rm -rf build
