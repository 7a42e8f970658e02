/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws built on rng_next(): see rng.h. Each costs one step of the generator. */
#include "rng.h"

struct rng rng_start(uint64_t seed, uint64_t kind, uint64_t record)
{
    uint64_t key = rng_mix(seed + UINT64_C(0x632be59bd9b4e019) * (kind + 1));
    struct rng r = {rng_mix(key ^ (record * UINT64_C(0xd1342543de82ef95)))};
    return r;
}

uint32_t rng_between(struct rng *r, uint32_t low, uint32_t high)
{
    return low + rng_below(r, high - low + 1);
}

bool rng_chance(struct rng *r, uint32_t per_10000)
{
    return rng_below(r, 10000) < per_10000;
}

size_t rng_weighted(struct rng *r, const uint32_t *weight, size_t count)
{
    uint32_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += weight[i];
    uint32_t at = rng_below(r, total);
    size_t i = 0;
    while (at >= weight[i])
        at -= weight[i++];
    return i;
}

uint32_t curve_read(const uint32_t *point, size_t count, uint64_t at, uint64_t of)
{
    uint64_t scaled = at * (count - 1);
    size_t i = (size_t)(scaled / of);
    uint64_t rest = scaled % of;
    return point[i] + (uint32_t)((uint64_t)(point[i + 1] - point[i]) * rest / of);
}

uint32_t rng_quantile(struct rng *r, const uint32_t *point, size_t count)
{
    return curve_read(point, count, rng_next(r) >> 44, UINT64_C(1) << 20);
}
