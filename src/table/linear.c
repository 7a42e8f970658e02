/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/linear.h"

#include <string.h>

enum { WHOLE_TRIALS = 32, DEEPEST_SCALE = 12 };

/* Rows between two eliminations. */
struct system {
    struct linear_row *row;
    uint32_t rows;
};

struct ratio {
    whole128 above, below; /* below > 0 */
};

struct bounds {
    bool has_low, has_high, low_open, high_open; /* open: the bound itself is no solution */
    struct ratio low, high;
};

struct solving {
    const struct linear *linear;
    struct arena *arena;
    uint64_t *work;
    struct system *step; /* step[k]: in the unknowns before k */
    struct ratio *value;
};

bool whole_combine(whole128 a, whole128 b, whole128 c, whole128 d, whole128 *out)
{
    whole128 x, y;
    return !__builtin_mul_overflow(a, b, &x) && !__builtin_mul_overflow(c, d, &y) &&
           !__builtin_add_overflow(x, y, out);
}

whole128 whole_gcd(whole128 a, whole128 b)
{
    while (b != 0) {
        whole128 rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* ---- elimination ---- */

static bool satisfies(whole128 value, enum relation relation)
{
    return relation == RELATION_ZERO           ? value == 0
           : relation == RELATION_NOT_NEGATIVE ? value >= 0
                                               : value > 0;
}

/* Divides by what all have in common; false where the row has no unknown and is false. */
static bool reduce(struct linear_row *r, bool *trivial)
{
    whole128 common = 0;
    for (uint32_t i = 0; i < UNKNOWNS; i++)
        common = whole_gcd(common, r->factor[i]);
    *trivial = common == 0;
    if (*trivial)
        return satisfies(r->constant, r->relation);
    common = whole_gcd(common, r->constant);
    for (uint32_t i = 0; i < UNKNOWNS && common > 1; i++)
        r->factor[i] /= common;
    r->constant /= common;
    return true;
}

static enum linear_answer add(struct system *s, struct linear_row r, uint64_t *work)
{
    bool trivial;
    if (*work == 0 || s->rows == LINEAR_ROWS)
        return LINEAR_OPEN;
    *work -= 1;
    if (!reduce(&r, &trivial))
        return LINEAR_NONE;
    for (uint32_t i = 0; i < s->rows && !trivial; i++)
        trivial = s->row[i].relation == r.relation && s->row[i].constant == r.constant &&
                  memcmp(s->row[i].factor, r.factor, sizeof r.factor) == 0;
    if (!trivial)
        s->row[s->rows++] = r;
    return LINEAR_SOME;
}

/* a*m + b*n, with the relation of a; false where it does not fit. */
static bool combine(const struct linear_row *a, whole128 m, const struct linear_row *b, whole128 n,
                    struct linear_row *out)
{
    bool fits = whole_combine(a->constant, m, b->constant, n, &out->constant);
    for (uint32_t i = 0; i < UNKNOWNS && fits; i++)
        fits = whole_combine(a->factor[i], m, b->factor[i], n, &out->factor[i]);
    out->relation = a->relation;
    return fits;
}

static whole128 magnitude(whole128 x)
{
    return x < 0 ? -x : x;
}

static const struct linear_row *equation_of(const struct system *s, uint32_t k)
{
    const struct linear_row *best = NULL;
    for (uint32_t i = 0; i < s->rows; i++) {
        const struct linear_row *r = &s->row[i];
        if (r->relation == RELATION_ZERO && r->factor[k] != 0 &&
            (!best || magnitude(r->factor[k]) < magnitude(best->factor[k])))
            best = r;
    }
    return best;
}

static enum linear_answer substitute(const struct system *in, uint32_t k,
                                     const struct linear_row *e, struct system *out, uint64_t *work)
{
    whole128 by = magnitude(e->factor[k]);
    enum linear_answer answer = LINEAR_SOME;
    for (uint32_t i = 0; i < in->rows && answer == LINEAR_SOME; i++) {
        struct linear_row r = in->row[i];
        whole128 turn = e->factor[k] > 0 ? -r.factor[k] : r.factor[k];
        if (&in->row[i] == e)
            continue;
        if (turn != 0 && !combine(&in->row[i], by, e, turn, &r))
            return LINEAR_OPEN;
        answer = add(out, r, work);
    }
    return answer;
}

/* Every lower bound with every upper one. */
static enum linear_answer pair_bounds(const struct system *in, uint32_t k, struct system *out,
                                      uint64_t *work)
{
    enum linear_answer answer = LINEAR_SOME;
    for (uint32_t i = 0; i < in->rows && answer == LINEAR_SOME; i++) {
        const struct linear_row *low = &in->row[i];
        if (low->factor[k] == 0)
            answer = add(out, *low, work);
        for (uint32_t j = 0; j < in->rows && low->factor[k] > 0; j++) {
            const struct linear_row *high = &in->row[j];
            struct linear_row r;
            if (high->factor[k] >= 0)
                continue;
            if (!combine(low, -high->factor[k], high, low->factor[k], &r))
                return LINEAR_OPEN;
            r.relation = low->relation > high->relation ? low->relation : high->relation;
            answer = add(out, r, work);
            if (answer != LINEAR_SOME)
                return answer;
        }
    }
    return answer;
}

static struct system system_new(struct arena *arena)
{
    return (struct system){arena_array(arena, LINEAR_ROWS, sizeof(struct linear_row)), 0};
}

static enum linear_answer eliminate_all(struct solving *s)
{
    enum linear_answer answer = LINEAR_SOME;
    const struct linear *l = s->linear;
    s->step[l->unknowns] = system_new(s->arena);
    for (uint32_t i = 0; i < l->rows && answer == LINEAR_SOME; i++)
        answer = add(&s->step[l->unknowns], l->row[i], s->work);
    for (uint32_t k = l->unknowns; k > 0 && answer == LINEAR_SOME; k--) {
        const struct system *in = &s->step[k];
        const struct linear_row *e = equation_of(in, k - 1);
        s->step[k - 1] = system_new(s->arena);
        answer = e ? substitute(in, k - 1, e, &s->step[k - 1], s->work)
                   : pair_bounds(in, k - 1, &s->step[k - 1], s->work);
    }
    return answer;
}

/* ---- values ---- */

static bool ratio_new(whole128 above, whole128 below, struct ratio *out)
{
    whole128 common = whole_gcd(above, below);
    if (below < 0)
        common = -common;
    *out = (struct ratio){above / common, below / common};
    return true;
}

/* a * m + b */
static bool ratio_add(struct ratio a, whole128 m, struct ratio b, struct ratio *out)
{
    whole128 above, below, turned;
    return !__builtin_mul_overflow(a.above, m, &turned) &&
           whole_combine(turned, b.below, b.above, a.below, &above) &&
           !__builtin_mul_overflow(a.below, b.below, &below) && ratio_new(above, below, out);
}

/* The sign of a - b in *sign. */
static bool ratio_order(struct ratio a, struct ratio b, int *sign)
{
    whole128 difference;
    bool fits = whole_combine(a.above, b.below, -b.above, a.below, &difference);
    *sign = !fits || difference == 0 ? 0 : difference < 0 ? -1 : 1;
    return fits;
}

static bool bound_add(bool *has, bool *open, struct ratio *kept, struct ratio bound, bool is_open,
                      int tighter)
{
    int order = tighter;
    if (*has && !ratio_order(bound, *kept, &order))
        return false;
    if (order == tighter) {
        *kept = bound;
        *open = is_open;
    } else if (order == 0) {
        *open |= is_open;
    }
    *has = true;
    return true;
}

/* What a row says of unknown k, those before it being known. */
static bool row_bounds(const struct solving *s, const struct linear_row *r, uint32_t k,
                       struct bounds *b)
{
    struct ratio rest = {r->constant, 1}, bound;
    bool open = r->relation == RELATION_POSITIVE;
    for (uint32_t i = 0; i < k; i++)
        if (r->factor[i] != 0 && !ratio_add(s->value[i], r->factor[i], rest, &rest))
            return false;
    whole128 below;
    if (__builtin_mul_overflow(rest.below, r->factor[k], &below))
        return false;
    ratio_new(-rest.above, below, &bound);
    bool low = r->factor[k] > 0 || r->relation == RELATION_ZERO;
    bool high = r->factor[k] < 0 || r->relation == RELATION_ZERO;
    return (!low || bound_add(&b->has_low, &b->low_open, &b->low, bound, open, 1)) &&
           (!high || bound_add(&b->has_high, &b->high_open, &b->high, bound, open, -1));
}

static whole128 floor_of(whole128 above, whole128 below)
{
    whole128 q = above / below;
    return q - (above % below != 0 && above < 0);
}

/* Whether n / scale lies between the bounds; *fits false where that cannot be told. */
static bool inside(const struct bounds *b, struct ratio r, bool *fits)
{
    int low = 1, high = -1;
    *fits = (!b->has_low || ratio_order(r, b->low, &low)) &&
            (!b->has_high || ratio_order(r, b->high, &high));
    return *fits && (low > 0 || (low == 0 && !b->low_open)) &&
           (high < 0 || (high == 0 && !b->high_open));
}

/* The first multiple of 1/scale that the bounds may allow: of the lower one, or the upper, or 0. */
static bool first_multiple(const struct bounds *b, whole128 scale, whole128 *out)
{
    whole128 above;
    *out = 0;
    if (b->has_low) {
        if (__builtin_mul_overflow(b->low.above, scale, &above))
            return false;
        *out = -floor_of(-above, b->low.below);
        *out += b->low_open && above % b->low.below == 0;
    } else if (b->has_high) {
        if (__builtin_mul_overflow(b->high.above, scale, &above))
            return false;
        *out = floor_of(above, b->high.below);
        *out -= b->high_open && above % b->high.below == 0;
    }
    return true;
}

static enum linear_answer assign(struct solving *s, uint32_t k);

/* Whole numbers from the lower bound up, or from the upper one down. */
static enum linear_answer assign_whole(struct solving *s, uint32_t k, const struct bounds *b)
{
    whole128 first;
    bool open = false, fits = true;
    if (!first_multiple(b, 1, &first))
        return LINEAR_OPEN;
    for (int i = 0; i < WHOLE_TRIALS; i++) {
        s->value[k] = (struct ratio){!b->has_low && b->has_high ? first - i : first + i, 1};
        if (!inside(b, s->value[k], &fits))
            return open || !fits ? LINEAR_OPEN : LINEAR_NONE;
        enum linear_answer answer = assign(s, k + 1);
        if (answer == LINEAR_SOME)
            return answer;
        open |= answer == LINEAR_OPEN;
    }
    return LINEAR_OPEN;
}

/* The decimal of fewest digits behind the point next to a bound. */
static enum linear_answer assign_decimal(struct solving *s, uint32_t k, const struct bounds *b)
{
    whole128 scale = 1, n;
    bool fits = true;
    for (int digits = 0; digits <= DEEPEST_SCALE && fits; digits++, scale *= 10) {
        if (!first_multiple(b, scale, &n))
            return LINEAR_OPEN;
        ratio_new(n, scale, &s->value[k]);
        if (inside(b, s->value[k], &fits))
            return assign(s, k + 1) == LINEAR_SOME ? LINEAR_SOME : LINEAR_OPEN;
    }
    return LINEAR_OPEN;
}

static enum linear_answer assign(struct solving *s, uint32_t k)
{
    struct bounds b = {0};
    if (k == s->linear->unknowns)
        return LINEAR_SOME;
    const struct system *in = &s->step[k + 1];
    for (uint32_t i = 0; i < in->rows; i++) {
        if (*s->work == 0)
            return LINEAR_OPEN;
        *s->work -= 1;
        if (in->row[i].factor[k] != 0 && !row_bounds(s, &in->row[i], k, &b))
            return LINEAR_OPEN;
    }
    return k < s->linear->integers ? assign_whole(s, k, &b) : assign_decimal(s, k, &b);
}

static bool write_decimal(struct ratio r, struct decimal *out)
{
    int scale = 0;
    for (; r.below % 10 == 0 && scale < DECIMAL_SCALE; scale++)
        r.below /= 10;
    for (; r.below > 1 && scale < DECIMAL_SCALE; scale++) {
        whole128 by = r.below % 2 == 0 ? 5 : 2;
        if (r.below % (10 / by) != 0 || __builtin_mul_overflow(r.above, by, &r.above))
            return false;
        r.below /= 10 / by;
    }
    struct decimal d = {(int64_t)r.above, (int8_t)scale, NUMBER_EXACT};
    *out = d;
    return r.below == 1 && magnitude(r.above) < 1000000000000000000;
}

enum linear_answer linear_solve(const struct linear *l, struct arena *arena, uint64_t *work,
                                struct decimal *solution)
{
    struct solving s = {l, arena, work, NULL, NULL};
    arena_reset(arena);
    s.step = arena_array(arena, l->unknowns + 1, sizeof *s.step);
    s.value = arena_array(arena, l->unknowns + 1, sizeof *s.value);
    enum linear_answer answer = eliminate_all(&s);
    if (answer == LINEAR_SOME)
        answer = assign(&s, 0);
    for (uint32_t k = 0; k < l->unknowns && answer == LINEAR_SOME; k++)
        if (!write_decimal(s.value[k], &solution[k]))
            answer = LINEAR_OPEN;
    return answer;
}

bool linear_holds(const struct linear_row *r, const struct decimal *value)
{
    struct ratio sum = {r->constant, 1};
    for (uint32_t i = 0; i < UNKNOWNS; i++) {
        struct ratio v = {value[i].mantissa, 1};
        for (int k = 0; k < value[i].scale && r->factor[i] != 0; k++)
            v.below *= 10;
        if (r->factor[i] != 0 && !ratio_add(v, r->factor[i], sum, &sum))
            return false;
    }
    return satisfies(sum.above, r->relation);
}
