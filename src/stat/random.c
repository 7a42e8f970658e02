/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox4x32-10: constants of Salmon et al. 2011, section 4.3. */
#include "stat/random.h"

enum { ROUNDS = 10 };

void random_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void draw(uint64_t seed, uint32_t high, uint32_t low, uint64_t i, uint32_t out[4])
{
    const uint32_t counter[4] = {(uint32_t)i, (uint32_t)(i >> 32), low, high};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    random_philox(counter, key, out);
}

uint64_t random_bits(uint64_t seed, uint32_t high, uint32_t low, uint64_t i)
{
    uint32_t word[4];
    draw(seed, high, low, i, word);
    return (uint64_t)word[1] << 32 | word[0];
}

/* Multiply and take the high half; low halves under 2^32 mod below are refused (Lemire 2019, ACM
 * TOMACS 29:3).  Attempts are counted in the top byte of i. */
uint32_t random_below(uint64_t seed, uint32_t high, uint32_t low, uint64_t i, uint32_t below)
{
    uint32_t refuse = (0u - below) % below, word[4];
    uint64_t product = 0;
    for (uint64_t attempt = 0; attempt < 256; attempt++) {
        draw(seed, high, low, i ^ attempt << 56, word);
        for (int w = 0; w < 4; w++) {
            product = (uint64_t)word[w] * below;
            if ((uint32_t)product >= refuse)
                return (uint32_t)(product >> 32);
        }
    }
    return (uint32_t)(product >> 32);
}

double random_unit(uint64_t seed, uint32_t high, uint32_t low, uint64_t i)
{
    return ((double)(random_bits(seed, high, low, i) >> 12) + 0.5) * 0x1p-52;
}
