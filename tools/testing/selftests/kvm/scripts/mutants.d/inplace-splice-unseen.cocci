// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-splice-unseen
// fault: only pins count as users, not references
// expect: ABI
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a pipe holds its page by a reference alone.

@@
expression a, b, c, d;
@@
in_use(...) {
...
- return a || b || c != d;
+ return a || b;
}
