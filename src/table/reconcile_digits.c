/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reconcile_digits.h"

#include "base/digits.h"

enum { MOST = 40 };

struct row {
    char digit[MOST];
    int count;
};

/* The digits of a number at a scale, at least scale + 1 of them. */
static struct row row_of(struct decimal d, int scale)
{
    struct row r = {.count = 0};
    uint64_t m = d.mantissa < 0 ? (uint64_t)-d.mantissa : (uint64_t)d.mantissa;
    char back[MOST];
    int n = 0;
    for (int i = d.scale; i < scale && n < MOST - 20; i++)
        back[n++] = '0';
    for (; m; m /= 10)
        back[n++] = (char)('0' + m % 10);
    while (n < scale + 1)
        back[n++] = '0';
    while (n)
        r.digit[r.count++] = back[--n];
    return r;
}

static int zeros_behind(const struct row *r)
{
    int n = 0;
    while (n < r->count && r->digit[r->count - 1 - n] == '0')
        n++;
    return n;
}

int digits_significant(struct decimal d)
{
    struct row r = row_of(d, d.scale);
    int lead = 0, tail = zeros_behind(&r);
    while (lead < r.count - tail && r.digit[lead] == '0')
        lead++;
    return r.count - tail - lead;
}

static int places_differ(const struct row *a, const struct row *b)
{
    int n = 0;
    for (int i = 0; i < a->count; i++)
        n += a->digit[i] != b->digit[i];
    return n;
}

static bool same_digits(const struct row *a, const struct row *b)
{
    int left[10] = {0};
    for (int i = 0; i < a->count; i++) {
        left[a->digit[i] - '0']++;
        left[b->digit[i] - '0']--;
    }
    for (int i = 0; i < 10; i++)
        if (left[i])
            return false;
    return true;
}

static bool is_backwards(const struct row *a, const struct row *b)
{
    for (int i = 0; i < a->count; i++)
        if (a->digit[i] != b->digit[a->count - 1 - i])
            return false;
    return a->count > 0;
}

/* 8.35 and 35.8: what stands on one side of the mark stands on the other. */
static bool sides_exchanged(struct decimal a, struct decimal b)
{
    if (!a.scale || !b.scale)
        return false;
    struct row x = row_of(a, a.scale), y = row_of(b, b.scale);
    int whole = x.count - a.scale;
    if (x.count != y.count || whole != b.scale)
        return false;
    return memcmp(x.digit, y.digit + a.scale, (size_t)whole) == 0 &&
           memcmp(x.digit + whole, y.digit, (size_t)a.scale) == 0;
}

static bool is_reversed(struct decimal a, struct decimal b)
{
    struct row x = row_of(a, a.scale), y = row_of(b, b.scale);
    if (sides_exchanged(a, b))
        return true;
    return x.count >= 3 && x.count == y.count && (a.scale == 0) == (b.scale == 0) &&
           digits_significant(a) >= 3 && is_backwards(&x, &y);
}

/* The same digits, and the mark elsewhere. */
static bool is_tenfold(struct decimal a, struct decimal b)
{
    struct row x = row_of(a, a.scale), y = row_of(b, b.scale);
    const char *p = x.digit, *q = y.digit;
    int n = x.count - zeros_behind(&x), m = y.count - zeros_behind(&y);
    for (; n && *p == '0'; n--)
        p++;
    for (; m && *q == '0'; m--)
        q++;
    return n >= 2 && n == m && memcmp(p, q, (size_t)n) == 0 && decimal_compare(a, b) != 0;
}

struct decimal decimal_step(struct decimal d)
{
    struct row r = row_of(d, d.scale);
    int zeros = d.scale ? 0 : zeros_behind(&r);
    if (zeros >= r.count)
        zeros = 0;
    return d.scale ? (struct decimal){1, d.scale, NUMBER_EXACT}
                   : decimal_of(digits_power[zeros > 17 ? 17 : zeros]);
}

static bool both_exact(struct decimal a, struct decimal b)
{
    return a.kind == NUMBER_EXACT && b.kind == NUMBER_EXACT;
}

static const struct decimal too_wide = {0, 0, NUMBER_WIDE};

struct decimal decimal_plus(struct decimal a, struct decimal b)
{
    return both_exact(a, b) ? decimal_add(a, b) : too_wide;
}

struct decimal decimal_distance(struct decimal a, struct decimal b)
{
    if (!both_exact(a, b))
        return too_wide;
    struct decimal d = decimal_subtract(a, b);
    if (d.kind == NUMBER_EXACT && d.mantissa < 0)
        d.mantissa = -d.mantissa;
    return d;
}

struct decimal decimal_times(struct decimal a, int64_t n)
{
    return a.kind == NUMBER_EXACT ? decimal_multiply(a, decimal_of(n)) : too_wide;
}

bool rounds_to(struct decimal exact, struct decimal rounded)
{
    struct decimal step = decimal_step(rounded), d = decimal_distance(exact, rounded);
    if (d.kind != NUMBER_EXACT)
        return false;
    bool near = decimal_compare(decimal_times(d, 2), step) <= 0;
    bool cut = decimal_compare(exact, rounded) >= 0 && decimal_compare(d, step) < 0;
    return near || cut;
}

/* One is the other with fewer digits behind the mark. */
static bool is_rounding(struct decimal a, struct decimal b)
{
    return (a.scale < b.scale && rounds_to(b, a)) || (b.scale < a.scale && rounds_to(a, b));
}

enum slip slip_between(struct decimal a, struct decimal b)
{
    if (decimal_compare(a, b) == 0 || is_rounding(a, b))
        return SLIP_NONE;
    if (is_tenfold(a, b))
        return SLIP_TENFOLD;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    struct row x = row_of(a, scale), y = row_of(b, scale);
    if (x.count == y.count) {
        int printed = x.count,
            zeros = zeros_behind(&x) < zeros_behind(&y) ? zeros_behind(&x) : zeros_behind(&y);
        x.count -= zeros;
        y.count -= zeros;
        if (x.count >= 3 && places_differ(&x, &y) == 1)
            return SLIP_ONE_DIGIT;
        if (printed >= 3 && x.count >= 2 && same_digits(&x, &y) &&
            !(x.count > 3 && is_backwards(&x, &y)))
            return SLIP_PERMUTED;
    }
    return is_reversed(a, b) ? SLIP_REVERSED : SLIP_NONE;
}
