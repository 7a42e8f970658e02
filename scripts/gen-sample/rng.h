/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seeded draws for synthetic data: the same numbers on every machine and compiler, integers only.
 *
 * Each record starts its own stream with rng_start(seed, kind, record), so what one record draws
 * never shifts the next. The step is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 * Misuse: two draws in one expression or argument list; C leaves their order open. Take each into a
 * variable first. Not for secrets.
 */
#ifndef GEN_SAMPLE_RNG_H
#define GEN_SAMPLE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t rng_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t rng_next(struct rng *r)
{
    r->state += UINT64_C(0x9e3779b97f4a7c15);
    return rng_mix(r->state);
}

/* 0 .. n-1; n below 2^32. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
    return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

struct rng rng_start(uint64_t seed, uint64_t kind, uint64_t record);
uint32_t rng_between(struct rng *r, uint32_t low, uint32_t high); /* both ends included */
bool rng_chance(struct rng *r, uint32_t per_10000);
size_t rng_weighted(struct rng *r, const uint32_t *weight, size_t count);

/* A draw by inversion: point[] are `count` equally spaced quantiles, increasing, joined by lines.
 */
uint32_t rng_quantile(struct rng *r, const uint32_t *point, size_t count);

/* The same curve read at position `at` of `of`. */
uint32_t curve_read(const uint32_t *point, size_t count, uint64_t at, uint64_t of);

#endif
