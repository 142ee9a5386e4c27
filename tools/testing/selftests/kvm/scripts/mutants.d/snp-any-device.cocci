// SPDX-License-Identifier: GPL-2.0-only
// mutant: snp-any-device
// fault: commands of a launch may come with any file
// expect: ABI
// killed-by: snp_launch_test:snp-launch/device
// file: arch/x86/kvm/svm/sev.c
// feature: snpsim

@@
expression f, id, data, error;
@@
- sev_issue_cmd_external_user(f, id, data, error)
+ sev_do_cmd(id, data, error)
