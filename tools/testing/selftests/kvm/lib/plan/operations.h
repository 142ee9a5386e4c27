/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one table of what the host can do to guest memory.  A row is at once an operation of plans
 * (plan.h), of the race matrix (race/race.h), of the scenarios that take operations by name, and
 * of the races against pfncaches.
 *
 *	OPERATION(ID, run, undo, prepare, lacks, members of struct operation ...)
 *
 * run, undo, prepare and lacks name functions of lib/memory without their prefix, memory_;
 * "none" stands for no function.  Whoever includes this file defines OPERATION() and takes from
 * a row what it needs: operation.h the number, operation.c the data, which know no KVM, and
 * memory/memory_operation.c the functions.
 *
 *	run	does it to pages [first, first + pages), which lie in one memslot unless the
 *		operation has OPERATION_ACROSS: 0 or -errno
 *	undo	brings back what it took
 *	prepare	what has to be so before it makes a difference
 *	lacks	why this machine cannot do it, or NULL
 *
 * The order is that in which ids of the race matrix name a pair; new rows come last.
 */
#ifndef OPERATION
#error "OPERATION() says what to take from a row"
#endif

OPERATION(PUNCH, punch, none, none, none,
	  .name = "punch", .claim = "PUNCH_HOLE empties the range of the guest_memfd",
	  .memory = FILES, .fields = RANGE, .effect = OPERATION_RESETS_FILE, .weight = 20)

OPERATION(ALLOCATE, allocate, none, none, none,
	  .name = "allocate", .alias = "fallocate",
	  .claim = "fallocate brings the range of the guest_memfd in",
	  .memory = FILES, .fields = RANGE, .weight = 6)

OPERATION(TO_PRIVATE, to_private, none, to_shared, none,
	  .name = "to-private", .alias = "convert", .claim = "the host makes the range private",
	  .memory = CONVERTED, .fields = RANGE, .effect = OPERATION_TO_PRIVATE,
	  .flags = OPERATION_ACROSS, .weight = 10)

OPERATION(TO_SHARED, to_shared, none, to_private, none,
	  .name = "to-shared", .alias = "convert", .claim = "the host makes the range shared",
	  .memory = CONVERTED, .fields = RANGE, .effect = OPERATION_TO_SHARED,
	  .flags = OPERATION_ACROSS, .weight = 10)

OPERATION(PRE_FAULT, pre_fault, none, none, pre_fault_lacks,
	  .name = "pre-fault", .claim = "KVM_PRE_FAULT_MEMORY maps the range",
	  .memory = ALL, .fields = RANGE, .flags = OPERATION_ACROSS, .weight = 6)

OPERATION(SLOT_DELETE, slot_delete, slot_create, none, none,
	  .name = "slot-delete", .alias = "replug", .claim = "KVM deletes the memslot",
	  .memory = ALL, .fields = PLAN_MEMSLOT, .flags = OPERATION_TAKES, .weight = 2)

OPERATION(SLOT_CREATE, slot_set, slot_create, slot_delete, none,
	  .name = "slot-create", .claim = "KVM creates the memslot",
	  .memory = ALL, .fields = PLAN_MEMSLOT, .flags = OPERATION_TAKES | OPERATION_NO_PLAN)

/* A memslot on a guest_memfd cannot be moved: EINVAL (kvm_set_memory_region()). */
OPERATION(SLOT_MOVE, slot_move, slot_create, none, none,
	  .name = "slot-move", .claim = "KVM moves the memslot to another address",
	  .memory = ANON, .fields = PLAN_MEMSLOT, .flags = OPERATION_TAKES, .weight = 1)

OPERATION(SLOT_TOGGLE, slot_toggle, none, none, none,
	  .name = "slot-toggle", .claim = "KVM refuses to change a flag of the memslot",
	  .memory = ALL, .fields = PLAN_MEMSLOT, .error = EINVAL, .weight = 1)

OPERATION(OTHER_SLOT, other_slot, none, none, none,
	  .name = "other-slot", .claim = "another memslot comes and goes",
	  .memory = ALL, .fields = PLAN_MEMSLOT, .weight = 1)

OPERATION(FILE_CLOSE, file_close, file_open, none, none,
	  .name = "file-close", .alias = "reopen",
	  .claim = "the last reference to the guest_memfd goes",
	  .memory = FILES, .effect = OPERATION_RESETS_FILE,
	  .flags = OPERATION_TAKES | OPERATION_WHOLE | OPERATION_FILE, .weight = 1)

OPERATION(DISCARD, discard, none, none, none,
	  .name = "discard", .claim = "MADV_DONTNEED discards the mapping's pages",
	  .memory = ALL, .fields = RANGE, .effect = OPERATION_RESETS_MAPPING,
	  .flags = OPERATION_MAPPING | OPERATION_ACROSS, .weight = 8)

OPERATION(UNMAP, unmap, map, none, none,
	  .name = "unmap", .claim = "munmap removes the mapping",
	  .memory = ALL, .fields = RANGE, .effect = OPERATION_RESETS_MAPPING,
	  .flags = OPERATION_MAPPING | OPERATION_TAKES, .weight = 2)

OPERATION(PROTECT, protect, unprotect, none, none,
	  .name = "protect", .claim = "mprotect makes the mapping read-only",
	  .memory = ALL, .fields = RANGE,
	  .flags = OPERATION_MAPPING | OPERATION_TAKES | OPERATION_ACROSS, .weight = 4)

OPERATION(FORK, fork, none, none, none,
	  .name = "fork", .claim = "a child gets the mapping, writes to it and exits",
	  .memory = ALL, .fields = RANGE, .flags = OPERATION_MAPPING | OPERATION_ACROSS,
	  .weight = 1)

OPERATION(BIND, bind, none, none, bind_lacks,
	  .name = "bind", .claim = "mbind moves the mapping's pages to another node",
	  .memory = ALL, .fields = RANGE, .flags = OPERATION_MAPPING | OPERATION_ACROSS,
	  .weight = 3)

OPERATION(PAGE_OUT, page_out, none, none, page_out_lacks,
	  .name = "page-out", .claim = "MADV_PAGEOUT swaps the mapping's pages out",
	  .memory = ANON | SPLIT, .fields = RANGE,
	  .flags = OPERATION_MAPPING | OPERATION_ACROSS, .weight = 3)

/* Memslots on a guest_memfd do not log (api.rst, KVM_SET_USER_MEMORY_REGION2). */
OPERATION(DIRTY_LOG, dirty_log, none, none, none,
	  .name = "dirty-log", .claim = "KVM_GET_DIRTY_LOG reads and clears the log",
	  .memory = ANON, .fields = PLAN_MEMSLOT, .weight = 4)

/* A VM has but so many, and keeps those that were closed until it goes. */
OPERATION(VCPU_CREATE, vcpu_create, none, none, none,
	  .name = "vcpu-create", .claim = "a vCPU comes and its file is closed",
	  .memory = ALL, .flags = OPERATION_ACROSS, .limit = 80, .weight = 1)

OPERATION(REMAP, map, none, none, none,
	  .name = "remap", .claim = "mmap replaces the mapping in one step",
	  .memory = ALL, .fields = RANGE, .effect = OPERATION_RESETS_MAPPING,
	  .flags = OPERATION_MAPPING, .weight = 4)

OPERATION(SLOT_REPLACE, slot_replace, slot_create, none, none,
	  .name = "slot-replace", .alias = "replace",
	  .claim = "KVM deletes the memslot and its memory is given back",
	  .memory = ALL, .fields = PLAN_MEMSLOT, .effect = OPERATION_RESETS_FILE,
	  .flags = OPERATION_TAKES, .weight = 2)

OPERATION(SLOT_LOG, slot_log, slot_set, none, none,
	  .name = "slot-log", .claim = "KVM stops and starts to log the memslot's dirty pages",
	  .memory = ANON, .fields = PLAN_MEMSLOT, .weight = 1)

/* In a plan vCPUs go on while the file is gone; elsewhere that is how file-close is looked at. */
OPERATION(ORPHAN, file_close, file_open, none, none,
	  .name = "orphan", .claim = "the guest_memfd goes while no vCPU is in the guest",
	  .memory = FILES, .effect = OPERATION_RESETS_FILE,
	  .flags = OPERATION_TAKES | OPERATION_WHOLE | OPERATION_FILE | OPERATION_HELD,
	  .weight = 1)
