/* SPDX-License-Identifier: GPL-2.0-only */
/* One word of each page of a scene, seen by host and guest, with a token that names its place. */
#ifndef SCENE_PAGE_H
#define SCENE_PAGE_H

#include "scenario/scene.h"

/**
 * scene_token() - what to put into a page's word
 * @s: the scene
 * @seq: tells one write from the next
 * @page: the page
 *
 * Return: the token.
 */
uint64_t scene_token(const struct scene *s, uint32_t seq, uint32_t page);

/**
 * scene_word() - the host's view of a page's word
 * @s: the scene
 * @page: the page
 *
 * Return: its address; whether the host may touch it is another matter.
 */
uint64_t *scene_word(const struct scene *s, uint32_t page);

/**
 * scene_word_gpa() - where the guest has a page's word
 * @s: the scene
 * @page: the page
 *
 * Return: its address, bytes.
 */
uint64_t scene_word_gpa(const struct scene *s, uint32_t page);

/**
 * scene_convert() - make pages private or shared, which has to succeed
 * @s: the scene
 * @first: first page
 * @pages: how many
 * @to_private: else shared
 */
void scene_convert(struct scene *s, uint32_t first, uint32_t pages, bool to_private);

/**
 * scene_host_may() - may the host read a page?
 * @s: the scene
 * @page: the page
 *
 * Return: false if it gets a signal.
 */
bool scene_host_may(const struct scene *s, uint32_t page);

/**
 * scene_host_write() - write a page's word through the host's mapping, which has to succeed
 * @s: the scene
 * @page: the page
 * @value: what
 */
void scene_host_write(const struct scene *s, uint32_t page, uint64_t value);

/**
 * scene_check() - fail unless a page's word is what it should be
 * @s: the scene
 * @page: the page
 * @found: what somebody read there
 * @expected: the token that is due
 * @what: was being checked
 */
void scene_check(const struct scene *s, uint32_t page, uint64_t found, uint64_t expected,
		 const char *what);

/**
 * scene_keeps() - do pages keep their contents when they are converted in place?
 * @s: the scene
 *
 * Return: true if they do in both directions (policy_contents()).
 */
bool scene_keeps(const struct scene *s);

/**
 * scene_open_shared() - create memory that is converted in place, all of it shared for now
 * @pages: how many; each page's word holds scene_token(s, 1, page), written by the host
 *
 * Return: the scene; skips the sub-test if the kernel does not convert in place.
 */
struct scene scene_open_shared(uint32_t pages);

/**
 * scene_convert_now() - convert pages in one call that has to succeed, EAGAIN included
 * @s: the scene
 * @first: first page
 * @pages: how many
 * @to_private: else shared
 * @what: why it has to
 */
void scene_convert_now(struct scene *s, uint32_t first, uint32_t pages, bool to_private,
		       const char *what);

#endif /* SCENE_PAGE_H */
