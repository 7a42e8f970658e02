/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/amount.h"

#include <math.h>

#include "base/quotient.h"

bool amount_parse(struct text t, struct amount *a)
{
    a->exact = decimal_parse(t);
    a->real = (double)NAN;
    if (a->exact.kind == NUMBER_EXACT)
        a->real = decimal_real(a->exact);
    return a->exact.kind == NUMBER_EXACT || a->exact.kind == NUMBER_MISSING ||
           (a->exact.kind == NUMBER_WIDE && real_parse(t, &a->real));
}

static bool both_exact(struct amount a, struct amount b)
{
    return a.exact.kind == NUMBER_EXACT && b.exact.kind == NUMBER_EXACT;
}

static struct amount amount_of(struct decimal exact, double otherwise)
{
    return (struct amount){exact, exact.kind == NUMBER_EXACT ? decimal_real(exact) : otherwise};
}

static struct decimal wide(void)
{
    return (struct decimal){0, 0, NUMBER_WIDE};
}

struct amount amount_add(struct amount a, struct amount b)
{
    return amount_of(both_exact(a, b) ? decimal_add(a.exact, b.exact) : wide(), a.real + b.real);
}

struct amount amount_subtract(struct amount a, struct amount b)
{
    return amount_of(both_exact(a, b) ? decimal_subtract(a.exact, b.exact) : wide(),
                     a.real - b.real);
}

int amount_sign(struct amount a)
{
    return a.real < 0 ? -1 : a.real > 0;
}

bool amount_equal(struct amount a, struct amount b)
{
    if (both_exact(a, b))
        return decimal_compare(a.exact, b.exact) == 0;
    return a.exact.kind == b.exact.kind && !(a.real < b.real) && !(a.real > b.real);
}

static struct text real_text(struct arena *a, double x, int places)
{
    char out[REAL_TEXT];
    size_t n = real_format(places < 0 ? x : real_round(x, places), out);
    return (struct text){arena_copy(a, out, n), (uint32_t)n};
}

struct text amount_text(struct arena *arena, struct amount a, int places)
{
    char out[DECIMAL_TEXT];
    if (a.exact.kind == NUMBER_WIDE)
        return real_text(arena, a.real, places);
    size_t n = decimal_format(places < 0 ? a.exact : decimal_round(a.exact, places), out);
    return (struct text){arena_copy(arena, out, n), (uint32_t)n};
}

/* The exponent of a power of ten, else -1. */
static int power_of_ten(int32_t factor)
{
    int shift = 0;
    for (; factor % 10 == 0; factor /= 10)
        shift++;
    return factor == 1 ? shift : -1;
}

struct text amount_quotient(struct arena *arena, struct amount a, struct amount b, int32_t factor,
                            int places)
{
    char out[QUOTIENT_TEXT];
    int shift = power_of_ten(factor);
    struct decimal top = a.exact;
    if (shift < 0 && top.kind == NUMBER_EXACT)
        top = decimal_multiply(top, decimal_of(factor));
    if (top.kind != NUMBER_EXACT || b.exact.kind != NUMBER_EXACT)
        return real_text(arena, a.real * (double)factor / b.real, places);
    size_t n = quotient_format(top, b.exact, shift < 0 ? 0 : shift,
                               places < 0 ? QUOTIENT_FULL : places, out);
    return (struct text){arena_copy(arena, out, n), (uint32_t)n};
}
