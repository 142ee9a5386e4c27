// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-other-ioctl
// fault: a guest_memfd does not say that it does not know an ioctl
// expect: ABI
// killed-by: gmem_convert_api_test:convert-api/elsewhere
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1

@@
@@
- return -ENOTTY;
+ return 0;
