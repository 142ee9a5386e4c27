// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-error-always
// fault: error_offset is written whatever comes of the call
// expect: ABI
// killed-by: gmem_convert_api_test:convert-api/ranges
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a caller may keep something of its own there.

@@
expression x, y;
@@
set_attributes(...) {
<...
- if (r) {
-	a.error_offset = x;
-	if (copy_to_user(...))
-		return -EFAULT;
- }
+ a.error_offset = 0;
+ if (copy_to_user(&user->error_offset, &a.error_offset, sizeof(a.error_offset)))
+	return -EFAULT;
...>
}
