/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/wide.h"

#include <math.h>
#include <string.h>

enum { LIMB_BITS = 32, CHUNK_DIGITS = 9, QUOTIENT_BITS = 63 };

static const uint32_t power_of_ten[] = {1,      10,      100,      1000,      10000,
                                        100000, 1000000, 10000000, 100000000, 1000000000};

static uint32_t sign_limb(const struct wide *w)
{
    return wide_is_negative(w) ? UINT32_MAX : 0;
}

struct wide wide_load(const uint64_t *word, int n)
{
    struct wide w;
    uint32_t sign = word[n - 1] >> 63 ? UINT32_MAX : 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        uint64_t half = i / 2 < n ? word[i / 2] >> (i % 2 * LIMB_BITS) : sign;
        w.limb[i] = (uint32_t)half;
    }
    return w;
}

bool wide_store(const struct wide *w, uint64_t *word, int n)
{
    uint32_t sign = sign_limb(w);
    for (int i = 2 * n; i < WIDE_LIMBS; i++)
        if (w->limb[i] != sign)
            return false;
    if (w->limb[2 * n - 1] >> 30 != sign >> 30)
        return false;
    for (int i = 0; i < n; i++)
        word[i] = w->limb[2 * i] | (uint64_t)w->limb[2 * i + 1] << LIMB_BITS;
    return true;
}

bool wide_is_negative(const struct wide *w)
{
    return w->limb[WIDE_LIMBS - 1] >> (LIMB_BITS - 1);
}

bool wide_is_zero(const struct wide *w)
{
    uint32_t any = 0;
    for (int i = 0; i < WIDE_LIMBS; i++)
        any |= w->limb[i];
    return any == 0;
}

void wide_negate(struct wide *w)
{
    uint64_t carry = 1;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint32_t)~w->limb[i];
        w->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

void wide_add(struct wide *w, const struct wide *other)
{
    uint64_t carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint64_t)w->limb[i] + other->limb[i];
        w->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

/* Modulo 2^512, which is right for both signs. */
static void multiply(struct wide *w, uint32_t by)
{
    uint64_t carry = 0;
    for (int i = 0; i < WIDE_LIMBS; i++) {
        carry += (uint64_t)w->limb[i] * by;
        w->limb[i] = (uint32_t)carry;
        carry >>= LIMB_BITS;
    }
}

void wide_scale(struct wide *w, unsigned digits)
{
    for (; digits > CHUNK_DIGITS; digits -= CHUNK_DIGITS)
        multiply(w, power_of_ten[CHUNK_DIGITS]);
    multiply(w, power_of_ten[digits]);
}

void wide_multiply(struct wide *w, uint64_t by)
{
    struct wide high = *w;
    multiply(w, (uint32_t)by);
    multiply(&high, (uint32_t)(by >> LIMB_BITS));
    memmove(high.limb + 1, high.limb, sizeof high.limb - sizeof *high.limb);
    high.limb[0] = 0;
    wide_add(w, &high);
}

/* Of w >= 0; returns the remainder. */
static uint32_t divide(struct wide *w, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = WIDE_LIMBS; i-- > 0;) {
        rest = rest << LIMB_BITS | w->limb[i];
        w->limb[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    return (uint32_t)rest;
}

size_t wide_digits(struct wide w, char *out)
{
    char text[WIDE_TEXT], *at = text + sizeof text;
    do {
        uint32_t chunk = divide(&w, power_of_ten[CHUNK_DIGITS]);
        bool last = wide_is_zero(&w);
        for (int i = 0; i < CHUNK_DIGITS && (i == 0 || chunk || !last); i++) {
            *--at = (char)('0' + chunk % 10);
            chunk /= 10;
        }
    } while (!wide_is_zero(&w));
    size_t length = (size_t)(text + sizeof text - at);
    memcpy(out, at, length);
    return length;
}

/* The number of bits of w >= 0 up to its highest 1. */
static int bit_length(const struct wide *w)
{
    int i = WIDE_LIMBS - 1, bits = 0;
    while (i > 0 && w->limb[i] == 0)
        i--;
    for (uint32_t top = w->limb[i]; top; top >>= 1)
        bits++;
    return i * LIMB_BITS + bits;
}

static void shift_left(struct wide *w, int bits)
{
    int limbs = bits / LIMB_BITS, rest = bits % LIMB_BITS;
    for (int i = WIDE_LIMBS; i-- > 0;) {
        uint64_t high = i >= limbs ? w->limb[i - limbs] : 0;
        uint64_t low = i > limbs ? w->limb[i - limbs - 1] : 0;
        w->limb[i] = (uint32_t)((high << LIMB_BITS | low) >> (LIMB_BITS - rest));
    }
}

/* a -= b where a >= b, in the lowest limbs; the others are zero. */
static bool subtract_if_not_less(struct wide *a, const struct wide *b, int limbs)
{
    uint32_t difference[WIDE_LIMBS];
    uint64_t borrow = 0;
    for (int i = 0; i < limbs; i++) {
        uint64_t d = (uint64_t)a->limb[i] - b->limb[i] - borrow;
        difference[i] = (uint32_t)d;
        borrow = d >> 63;
    }
    if (borrow)
        return false;
    memcpy(a->limb, difference, (size_t)limbs * sizeof *difference);
    return true;
}

static void shift_once(struct wide *w, int limbs)
{
    uint32_t carry = 0;
    for (int i = 0; i < limbs; i++) {
        uint32_t limb = w->limb[i];
        w->limb[i] = limb << 1 | carry;
        carry = limb >> (LIMB_BITS - 1);
    }
}

/* Aligns both, takes 63 bits of the quotient by shift and subtract (62 of them significant at
 * least), and marks a remainder in one bit more: a 64-bit integer whose conversion rounds as the
 * quotient would, as all that matters lies above its last bit. */
double wide_quotient(struct wide a, struct wide b)
{
    if (wide_is_zero(&a))
        return 0;
    int shift = bit_length(&a) - bit_length(&b);
    if (shift < 0)
        shift_left(&a, -shift);
    else
        shift_left(&b, shift);
    int limbs = bit_length(&b) / LIMB_BITS + 1; /* a < 2b all along */
    uint64_t quotient = 0;
    for (int i = 0; i < QUOTIENT_BITS; i++) {
        quotient = quotient << 1 | subtract_if_not_less(&a, &b, limbs);
        shift_once(&a, limbs);
    }
    quotient = quotient << 1 | !wide_is_zero(&a);
    return ldexp((double)quotient, shift - QUOTIENT_BITS);
}
