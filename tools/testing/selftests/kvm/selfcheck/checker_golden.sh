#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the checker says about each of golden/checker/*.history, compared with *.expected: the
# anomalies and exit code (0 none, 1 some, 2 refused), and the same again after the history was
# read, printed and read once more.  A file's name says what is expected of it.
#
#	checker_golden.sh CHECKER_JUDGE [--update]

judge=${1:?usage: checker_golden.sh CHECKER_JUDGE [--update]}
if ! [ -x "$judge" ]; then
	echo "checker_golden.sh: $judge is not there: build it with make -C selfcheck" >&2
	exit 1
fi
cd "$(dirname "$0")/golden/checker" || exit 1
case $judge in /*) ;; *) judge=$OLDPWD/$judge ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0 failed=0

# What the first line has to begin with, and the exit code.
claim()
{
	case $1 in
	# What is impossible, and not seen: the list in checker.h.
	legal-*|missed-*) echo '0 0 anomalies' ;;
	stale*|one-fault-*|two-*) echo '1 STALE_MAPPING:' ;;
	not-scrubbed-*) echo '1 NOT_SCRUBBED:' ;;
	leak*) echo '1 LEAK:' ;;
	wrong-*) echo '1 WRONG_PAGE:' ;;
	lost-data*) echo '1 LOST_DATA:' ;;
	lost-write*) echo '1 LOST_WRITE:' ;;
	permission-*) echo '1 PERMISSION:' ;;
	bad-*) echo "2 $1.history:" ;;
	*) echo 'a name that says something' ;;
	esac
}

result()
{
	number=$((number + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $number golden.checker.$2"
}

# judge_file FILE OUTPUT; prints the exit code and the first line
judge_file()
{
	"$judge" "$1" >"$2" 2>&1
	echo "$? $(head -n 1 "$2")"
}

compare()
{
	name=$1
	first=$(judge_file "$name.history" "$work/first")
	[ -z "$update" ] || cp "$work/first" "$name.expected"
	case $first in
	"$(claim "$name")"*) ;;
	*)
		echo "# $name: expected $(claim "$name"), got $first"
		result 'not ok' "$name"
		return
	esac
	if [ "${first%% *}" != 2 ]; then
		"$judge" --echo "$name.history" >"$work/echo"
		judge_file "$work/echo" "$work/second" >"$work/code"
	else
		cp "$work/first" "$work/second"
	fi
	if diff -u "$name.expected" "$work/first" >"$work/diff" &&
	   diff -u "$work/first" "$work/second" >>"$work/diff"; then
		result ok "$name"
	else
		sed 's/^/# /' "$work/diff"
		result 'not ok' "$name"
	fi
}

update=
[ "${2:-}" != --update ] || update=1
set -- *.history
echo 'TAP version 13'
echo "1..$#"
for file; do
	compare "${file%.history}"
done
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ $failed = 0 ]
