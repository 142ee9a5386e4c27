/* SPDX-License-Identifier: GPL-2.0-only */
/* Backings that lead to a guest_memfd alone: pfncaches that do not know it skip the sub-test. */
#ifndef BACKING_GMEM_H
#define BACKING_GMEM_H

#include "pfncache/backing.h"

/**
 * backing_private() - the host has a mapping, and may not touch it while the page is private
 * @s: the scene
 */
void backing_private(struct backing_scene *s);

/**
 * backing_unmapped() - nothing of the host's leads to the file: no notifier speaks of its pages
 * @s: the scene
 */
void backing_unmapped(struct backing_scene *s);

/**
 * backing_elsewhere() - the host can map the file, and the memslot's address is not such a mapping
 * @s: the scene
 */
void backing_elsewhere(struct backing_scene *s);

/**
 * backing_no_map() - pages that the host has mapped, and that are not in the direct map
 * @s: the scene
 */
void backing_no_map(struct backing_scene *s);

/**
 * backing_private_no_map() - private pages that are not in the direct map
 * @s: the scene
 */
void backing_private_no_map(struct backing_scene *s);

/**
 * backing_make_private() - make the page private, if this type of VM has that
 * @s: the scene, with its memslot
 */
void backing_make_private(struct backing_scene *s);

#endif /* BACKING_GMEM_H */
