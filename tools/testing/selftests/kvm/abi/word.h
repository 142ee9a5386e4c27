/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How actors access the words that are tested, in the guest and on the host: word_load(),
 * word_store(), word_exchange(), as the architecture needs them.
 */
#ifndef WORD_H
#define WORD_H

#if defined(__x86_64__)
#include "abi/x86/word.h"
#elif defined(__aarch64__)
#include "abi/arm64/word.h"
#else
#error "no access to words for this architecture"
#endif

#endif /* WORD_H */
