/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Through which alias does a guest reach its memory?  Where guests are encrypted, private pages
 * are reached through the private one alone, and shared pages through the other: who posts an
 * operation to an agent need not care, since this remembers what the host made of each page.
 */
#ifndef ALIAS_H
#define ALIAS_H

#include "machine/vm.h"

/**
 * alias_init() - all test memory is shared; to be remembered from now on
 * @vm: the VM, whose aliases differ
 */
void alias_init(struct vm *vm);

/**
 * alias_note() - pages have become private or shared
 * @vm: the VM
 * @gpa: start, bytes
 * @size: bytes
 * @private: which
 */
void alias_note(struct vm *vm, uint64_t gpa, uint64_t size, bool private);

/**
 * alias_shared() - is the shared alias the one to use?
 * @vm: the VM
 * @gpa: where
 *
 * Return: true if aliases differ and the page is shared test memory.
 */
bool alias_shared(const struct vm *vm, uint64_t gpa);

/**
 * alias_other() - is the alias that an access took the wrong one?
 * @vm: the VM
 * @gpa: where
 * @private: it took the private one
 *
 * Return: true if aliases differ, and the page is of the other kind now.
 */
bool alias_other(const struct vm *vm, uint64_t gpa, bool private);

/**
 * alias_accept() - a page is accepted, where TDX is played
 * @vm: the VM
 * @gpa: a private page of test memory
 *
 * Return: true if it was not since it became private.
 */
bool alias_accept(struct vm *vm, uint64_t gpa);

#endif /* ALIAS_H */
