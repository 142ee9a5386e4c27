// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-lru-not-drained
// fault: a page in a CPU's list of new pages is taken for one in use
// expect: ABI
// killed-by: gmem_convert_use_test:convert-use/fresh
// killed-by: gmem_race_test:race/in-place/*+to-private
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a page that was just brought in cannot become private until the list is full.

@@
@@
in_use(...) {
- lru_cache_drain_for_folio(...);
...
}
