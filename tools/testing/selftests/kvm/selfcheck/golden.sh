#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the runner prints, compared with golden/*.expected after times, numbers of processes and
# the like were replaced.
#
#	golden.sh DEMO_TEST [--update]

demo=${1:?usage: golden.sh DEMO_TEST [--update]}
if ! [ -x "$demo" ]; then
	echo "golden.sh: $demo is not there: build it with make -C selfcheck" >&2
	exit 1
fi
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0 failed=0

# Kernel stacks need privilege, the log and debugfs too: a run without has to look the same.
# The first line and the remark on skips are kselftest.h's own and change with its version.
normalise()
{
	sed -e '1s/^K*TAP version [0-9]*$/TAP version 13/' \
	    -e '/^# [0-9]* skipped test(s) detected/d' \
	    -e 's/ [0-9]\{1,\} ms$/ N ms/' \
	    -e 's/^\(# demo_test: seed\) 0x[0-9a-f]*, kernel .*, kvm vendor .*/\1 SEED and so on/' \
	    -e '/is not part of the verdict/d' \
	    -e '/^# demo\/[a-z-]*: \[<0>\]/d' \
	    -e '/^# demo\/[a-z-]*: Permission denied/d' \
	    -e 's/^\(# demo\/[a-z-]*: thread\) [0-9]* .*/\1 PID demo_test/' \
	    -e 's/at address 0x[0-9a-f]*/at address ADDRESS/'
}

# compare NAME EXIT_CODE [ARGUMENT...]
compare()
{
	name=$1 code=$2
	shift 2
	KVM_GMEM_HANG=1 ASAN_OPTIONS=handle_abort=0 "$demo" "$@" >"$work/raw" 2>&1
	got=$?
	normalise <"$work/raw" >"$work/$name"
	[ -z "$update" ] || cp "$work/$name" "$here/golden/$name.expected"
	number=$((number + 1))
	if [ $got != "$code" ]; then
		echo "# $name: exit code $got, expected $code"
	elif diff -u "$here/golden/$name.expected" "$work/$name" >"$work/diff"; then
		echo "ok $number golden.$name"
		return
	fi
	[ -s "$work/diff" ] && sed 's/^/# /' "$work/diff"
	echo "not ok $number golden.$name"
	failed=$((failed + 1))
}

update=
[ "${2:-}" != --update ] || update=1
echo 'TAP version 13'
echo '1..13'
compare all 1 --seed 1
compare list 0 --list
compare list-some 0 --list --run '*race*'
compare pass 0 --run demo/pass --run demo/race --run demo/last --iterations 5 --seed 0xff
compare skip 4 --run demo/skip --run demo/race-missed
compare pass-and-skip 0 --run demo/skip --run demo/pass
compare no-match 2 --run 'nothing/*'
compare bad-option 2 --iterations none
compare reporter 1 reporter
compare short-of-plan 1 short-of-plan
compare only-xfail 0 only-xfail
compare nothing 1 nothing
number=$((number + 1))
if "$1" --list >/dev/full 2>"$work/full" || ! grep -q 'cannot be written' "$work/full"; then
	failed=$((failed + 1))
	printf 'not '
fi
echo "ok $number golden.full-disk"
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ $failed = 0 ]
