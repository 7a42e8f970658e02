/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers by counting: number i of stream s is a function of (seed, s, i) and nothing else.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC
 * '11): ten rounds of multiplication and exchange of a 128-bit counter under a 64-bit key.  There
 * is no state, so draws do not depend on the order of rows, threads or batches.  The key is the
 * seed, the counter is (i, stream).  Cost: about 10 ns for four words.  Misuse: as a cipher.
 */
#ifndef MARSAD_STAT_RANDOM_H
#define MARSAD_STAT_RANDOM_H

#include <stdint.h>

/* Four words of 32 bits. */
void random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* 64 bits; number `i` of stream (high, low). */
uint64_t random_bits(uint64_t seed, uint32_t high, uint32_t low, uint64_t i);

/* 0..below-1, exactly even: draws that would favour some are drawn again (from the same i). */
uint32_t random_below(uint64_t seed, uint32_t high, uint32_t low, uint64_t i, uint32_t below);

/* In (0, 1), 52 bits, never 0 or 1. */
double random_unit(uint64_t seed, uint32_t high, uint32_t low, uint64_t i);

#endif
