// SPDX-License-Identifier: GPL-2.0-only
/* Which lines of a kernel log are complaints: lines as kernels print them. */
#include <sys/socket.h>
#include "harness/klog.h"
#include "harness/known_issues.h"
#include "kselftest_harness.h"

static const char *const complaints[] = {
	"WARNING: CPU: 1 PID: 311 at virt/kvm/guest_memfd.c:118 kvm_gmem_get_folio+0x5c/0x1b0 [kvm]",
	"WARNING: virt/kvm/kvm_main.c:743 at kvm_mmu_invalidate_end+0x5e/0x70 [kvm], CPU#0: gmem_stress/91",
	"kernel BUG at mm/filemap.c:131!",
	"Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI",
	"Oops: general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1]",
	"BUG: kernel NULL pointer dereference, address: 0000000000000008",
	"BUG: unable to handle page fault for address: ffffc90000a3f000",
	"Unable to handle kernel paging request at virtual address dead000000000100",
	"Internal error: Oops: 0000000096000004 [#1] PREEMPT SMP",
	"BUG: KASAN: slab-use-after-free in kvm_gmem_release+0x1a2/0x300 [kvm]",
	"BUG: KFENCE: use-after-free read in kvm_gmem_fault_user_mapping+0x44/0x110",
	"UBSAN: shift-out-of-bounds in arch/x86/kvm/mmu/mmu.c:4523:17",
	"BUG: Bad page state in process gmem_scrub_test  pfn:10a3f",
	"BUG: Bad rss-counter state mm:00000000c1d0f6a4 type:MM_FILEPAGES val:3",
	"BUG: sleeping function called from invalid context at kernel/locking/mutex.c:582",
	"BUG: scheduling while atomic: gmem_stale_test/311/0x00000002",
	"BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 32s!",
	"watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [gmem_stress:91]",
	"watchdog: CPU0: Watchdog detected hard LOCKUP on cpu 0",
	"INFO: task gmem_stale_test:311 blocked for more than 120 seconds.",
	"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
	"rcu: INFO: rcu_preempt self-detected stall on CPU",
	"WARNING: possible circular locking dependency detected",
	"WARNING: possible recursive locking detected",
	"WARNING: suspicious RCU usage",
	"WARNING: inconsistent lock state",
	"INFO: trying to register non-static key.",
	"list_del corruption. prev->next should be ffff888003a7c0c8, but was dead000000000122",
	"list_add corruption. next->prev should be prev (ffff88800412), but was 0000000000000000.",
	"refcount_t: underflow; use-after-free.",
	"unreferenced object 0xffff888004b2e000 (size 1024):",
	"ODEBUG: free active (active state 0) object: 00000000d5b7d6a1 object type: timer_list",
	"Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000009",
	"irq 9: nobody cared (try booting with the \"irqpoll\" option)",
	NULL
};

static const char *const harmless[] = {
	"BUG: KCSAN: data-race in kvm_gmem_invalidate_begin / kvm_mmu_page_fault",
	"",
	"kvm-gmem: stale/punch-private-511",
	"kvm_amd: Nested Virtualization enabled",
	"kvm_amd: Nested Paging enabled",
	"kvm: vcpu 0: requested 128 ns lapic timer period limited to 200000 ns",
	"Memory failure: 0x10a3f: recovery action for dirty LRU page: Recovered",
	"Injecting memory failure for pfn 0x10a3f at process virtual address 0x7f0e5c000000",
	"mce: [Hardware Error]: Machine check events logged",
	"gmem_stress (91): drop_caches: 3",
	"SEV-SNP: RMP table physical range [0x00000000 - 0x00000000]",
	"hrtimer: interrupt took 3021142 ns",
	"clocksource: Switched to clocksource tsc",
	"perf: interrupt took too long (2519 > 2500), lowering kernel.perf_event_max_sample_rate",
	"process 'gmem_api_test' launched '/bin/true' with NULL argv: empty string added",
	"x86/split lock detection: #AC: crashing the kernel on kernel split_locks",
	"Spectre V2 : mitigation: debug info is off",
	"debugfs: File 'gpc' in directory '311-9' already present!",
	"EXT4-fs (vda1): warning: mounting fs with errors, running e2fsck is recommended",
	NULL
};

TEST(complaints_are_found)
{
	const char *const *line;

	for (line = complaints; *line; line++)
		EXPECT_TRUE(klog_complaint(*line)) TH_LOG("%s", *line);
}

TEST(other_lines_are_not)
{
	const char *const *line;

	for (line = harmless; *line; line++)
		EXPECT_FALSE(klog_complaint(*line)) TH_LOG("%s", *line);
}

/* A socket that keeps records apart stands in for /dev/kmsg. */
static int fake_kmsg(struct klog *k)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends))
		return -1;
	k->fd = ends[0];
	return ends[1];
}

static void say(int fd, const char *message)
{
	dprintf(fd, "4,1234,56789,-;%s\n SUBSYSTEM=WARNING: not the message\n", message);
}

TEST(complaint_with_what_belongs_to_it)
{
	struct klog k;
	int fd = fake_kmsg(&k), i;
	char text[3000];

	say(fd, "something before");
	say(fd, complaints[0]);
	say(fd, "Call Trace:");
	for (i = 0; i < 60; i++)
		say(fd, " kvm_gmem_get_folio+0x5c/0x1b0");
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, NULL, text, sizeof(text)));
	EXPECT_EQ(0, strncmp(text, complaints[0], strlen(complaints[0])));
	EXPECT_NE(NULL, strstr(text, "\nCall Trace:\n kvm_gmem_get_folio"));
	EXPECT_EQ(NULL, strstr(text, "SUBSYSTEM"));
	/* All was read: it is not reported twice. */
	EXPECT_EQ(KLOG_CLEAN, klog_check(&k, NULL, text, sizeof(text)));
	EXPECT_EQ(0, text[0]);
}

TEST(long_complaint_is_cut)
{
	struct klog k;
	int fd = fake_kmsg(&k), i;
	char text[100];

	for (i = 0; i < 5; i++)
		say(fd, complaints[0]);
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, NULL, text, sizeof(text)));
	EXPECT_EQ(sizeof(text) - 1, strlen(text));
}

#define KNOWN	"WARNING: virt/kvm/guest_memfd.c:* at *get_folio*"

TEST(known_complaint)
{
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];

	say(fd, complaints[0]);
	say(fd, "---[ end trace 0000000000000000 ]---");
	EXPECT_EQ(KLOG_KNOWN, klog_check(&k, KNOWN, text, sizeof(text)));
	EXPECT_EQ(0, strncmp(text, complaints[0], strlen(complaints[0])));
	say(fd, complaints[1]);
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, KNOWN, text, sizeof(text)));
}

/* Before and after the form of a WARN changed. */
TEST(known_complaint_in_both_forms)
{
	static const char *const forms[] = {
		"WARNING: CPU: 1 PID: 311 at arch/x86/kvm/mmu/tdp_mmu.c:1137 kvm_tdp_mmu_map+0x5c8/0x750 [kvm]",
		"WARNING: arch/x86/kvm/mmu/tdp_mmu.c:1137 at kvm_tdp_mmu_map+0x5c8/0x750 [kvm], CPU#1: gmem_stress/91",
	};
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		say(fd, forms[i]);
		say(fd, "---[ end trace 0000000000000000 ]---");
		EXPECT_EQ(KLOG_KNOWN, klog_check(&k, known_hole_warn.complaint, text,
						 sizeof(text)));
		say(fd, forms[i]);
		say(fd, "---[ end trace 0000000000000000 ]---");
		EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, known_gpc_never_active.complaint, text,
						     sizeof(text)));
	}
	say(fd, "WARNING: CPU: 1 PID: 311");
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, known_hole_warn.complaint, text, sizeof(text)));
}

/* One fault that two MMUs report, each in its own place; no other place will do. */
TEST(known_complaint_in_two_places)
{
	static const struct {
		const char *line;
		enum klog_result result;
	} rows[] = {
		{ "WARNING: arch/x86/kvm/mmu/mmu.c:3135 at mmu_set_spte+0x46d/0x490 [kvm]",
		  KLOG_KNOWN },
		{ "WARNING: arch/x86/kvm/mmu/tdp_mmu.c:1137 at kvm_tdp_mmu_map+0x5c8/0x750 [kvm]",
		  KLOG_KNOWN },
		{ "WARNING: arch/x86/kvm/mmu/mmu.c:3135 at kvm_mmu_load+0x46d/0x490 [kvm]",
		  KLOG_COMPLAINT },
		{ "WARNING: arch/x86/kvm/mmu/spte.c:9 at mmu_set_spte+0x46d/0x490 [kvm]",
		  KLOG_COMPLAINT },
	};
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		klog_mark(&k, "test");
		say(fd, rows[i].line);
		EXPECT_EQ(rows[i].result, klog_check(&k, known_hole_warn.complaint, text,
						     sizeof(text))) TH_LOG("%s", rows[i].line);
	}
}

/* In whichever order they come, the one that is not known decides and is shown. */
TEST(known_complaint_hides_no_other)
{
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];

	say(fd, complaints[0]);
	say(fd, "---[ end trace 0000000000000000 ]---");
	say(fd, complaints[2]);
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, KNOWN, text, sizeof(text)));
	EXPECT_STREQ(complaints[2], text);

	say(fd, complaints[2]);
	say(fd, "---[ end trace 0000000000000000 ]---");
	say(fd, complaints[0]);
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, KNOWN, text, sizeof(text)));
	EXPECT_EQ(0, strncmp(text, complaints[2], strlen(complaints[2])));
}

/* A report of many lines is one complaint, not one for each line that looks like it. */
TEST(report_is_one_complaint)
{
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];

	say(fd, complaints[0]);
	say(fd, "RIP: 0010:kvm_gmem_get_folio+0x5c/0x1b0 [kvm]");
	say(fd, "INFO: task in a line of the same report");
	say(fd, "---[ end trace 0000000000000000 ]---");
	say(fd, "not part of it");
	EXPECT_EQ(KLOG_KNOWN, klog_check(&k, KNOWN, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "same report"));
	EXPECT_EQ(NULL, strstr(text, "not part of it"));
}

TEST(known_report_hides_no_other)
{
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[3000];

	say(fd, complaints[0]);
	say(fd, "RIP: 0010:kvm_gmem_get_folio+0x5c/0x1b0 [kvm]");
	say(fd, "BUG: KASAN: use-after-free, before the first report had ended");
	EXPECT_EQ(KLOG_COMPLAINT, klog_check(&k, KNOWN, text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "use-after-free"));
}

TEST(quiet_log)
{
	struct klog k;
	int fd = fake_kmsg(&k);
	char text[100];

	say(fd, harmless[1]);
	EXPECT_EQ(KLOG_CLEAN, klog_check(&k, NULL, text, sizeof(text)));
	EXPECT_EQ(0, text[0]);
}

TEST(log_that_cannot_be_read_says_why)
{
	struct klog k;
	char text[100];

	klog_open(&k);
	EXPECT_EQ(k.fd < 0, k.why_not[0] != 0);
	k.fd = -1;
	klog_mark(&k, "nowhere");
	EXPECT_EQ(KLOG_CLEAN, klog_check(&k, NULL, text, sizeof(text)));
}

TEST_HARNESS_MAIN
