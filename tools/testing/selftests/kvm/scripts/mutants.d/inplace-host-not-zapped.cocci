// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-host-not-zapped
// fault: a conversion to private leaves the host's mappings
// expect: PERMISSION, STALE_MAPPING
// killed-by: gmem_convert_test:convert/index
// killed-by: gmem_convert_content_test:convert/processes
// killed-by: gmem_race_test:race/in-place/host-write+to-private
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a page that the host had touched stays in its page tables, and it goes on to read and
// write what is private.  The look for users of a page would see the mapping, and goes as well.

@@
@@
convert(...) {
<...
- unmap_mapping_pages(...);
...>
}

@@
@@
in_use(...) {
...
- return folio_mapped(...) || ...;
+ return false;
}
