/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression_number.h"

#include <math.h>

#include "base/sum.h"

#define LIMIT 1000000000000000000 /* 10^18: the first mantissa that does not fit */

__extension__ typedef __int128 wide;

static struct number make_exact(int64_t mantissa, int scale)
{
    for (; scale > 0 && mantissa % 10 == 0; scale--)
        mantissa /= 10;
    return (struct number){.mantissa = mantissa, .scale = (int8_t)scale, .kind = NUMBER_EXACT};
}

/* mantissa / 10^scale for any scale; NUMBER_WIDE where 18 digits and scale 18 do not hold it. */
static struct number make_fitted(wide mantissa, int scale)
{
    for (; scale > 0 && mantissa != 0 && mantissa % 10 == 0; scale--)
        mantissa /= 10;
    for (; scale < 0 && mantissa < LIMIT && mantissa > -LIMIT; scale++)
        mantissa *= 10;
    if (mantissa == 0)
        return make_exact(0, 0);
    if (mantissa >= LIMIT || mantissa <= -LIMIT || scale < 0 || scale > DECIMAL_SCALE)
        return number_of_kind(NUMBER_WIDE);
    return make_exact((int64_t)mantissa, scale);
}

struct number number_of_decimal(struct decimal d)
{
    return d.kind == NUMBER_EXACT ? make_exact(d.mantissa, d.scale) : number_of_kind(d.kind);
}

struct number number_of_integer(int64_t integer)
{
    return make_exact(integer, 0);
}

struct number number_of_real(double real)
{
    char out[REAL_TEXT];
    if (!isfinite(real))
        return number_of_kind(NUMBER_BAD);
    struct decimal d = decimal_parse((struct text){out, (uint32_t)real_format(real, out)});
    if (d.kind == NUMBER_EXACT)
        return make_exact(d.mantissa, d.scale);
    return (struct number){.real = real, .scale = 0, .kind = NUMBER_WIDE};
}

struct number number_of_text(struct text t)
{
    double real;
    struct decimal d = decimal_parse(t);
    if (d.kind != NUMBER_WIDE)
        return number_of_decimal(d);
    return real_parse(t, &real) ? number_of_real(real) : number_of_kind(NUMBER_BAD);
}

static struct decimal as_decimal(struct number n)
{
    return (struct decimal){n.mantissa, n.scale, n.kind};
}

double number_real(struct number n)
{
    return n.kind == NUMBER_WIDE ? n.real : decimal_real(as_decimal(n));
}

size_t number_format(struct number n, char out[NUMBER_TEXT])
{
    if (n.kind == NUMBER_WIDE)
        return real_format(n.real, out);
    return n.kind == NUMBER_EXACT ? decimal_format(as_decimal(n), out) : 0;
}

static bool both_exact(struct number a, struct number b)
{
    return a.kind == NUMBER_EXACT && b.kind == NUMBER_EXACT;
}

int number_compare(struct number a, struct number b)
{
    if (both_exact(a, b))
        return decimal_compare(as_decimal(a), as_decimal(b));
    double x = number_real(a), y = number_real(b);
    return x < y ? -1 : x > y;
}

bool number_is_zero(struct number n)
{
    return n.kind == NUMBER_EXACT && n.mantissa == 0;
}

bool number_integer(struct number n, int64_t low, int64_t high, int64_t *out)
{
    if (n.kind != NUMBER_EXACT || n.scale != 0 || n.mantissa < low || n.mantissa > high)
        return false;
    *out = n.mantissa;
    return true;
}

static struct sum sum_of(struct number n)
{
    struct sum sum = {0};
    sum_add(&sum, as_decimal(n)); /* one decimal always fits */
    return sum;
}

struct number number_add(struct number a, struct number b)
{
    if (!both_exact(a, b))
        return number_of_real(number_real(a) + number_real(b));
    struct decimal d = decimal_add(as_decimal(a), as_decimal(b));
    if (d.kind == NUMBER_EXACT)
        return make_exact(d.mantissa, d.scale);
    struct sum sum = sum_of(a);
    sum_add(&sum, as_decimal(b));
    return number_of_real(sum_real(&sum));
}

struct number number_subtract(struct number a, struct number b)
{
    return number_add(a, number_negate(b));
}

struct number number_multiply(struct number a, struct number b)
{
    if (!both_exact(a, b))
        return number_of_real(number_real(a) * number_real(b));
    struct number n = make_fitted((wide)a.mantissa * b.mantissa, a.scale + b.scale);
    if (n.kind == NUMBER_EXACT)
        return n;
    struct sum sum = {0};
    sum_add_product(&sum, as_decimal(a), as_decimal(b));
    return number_of_real(sum_real(&sum));
}

/* Takes a factor out of *a as often as it is in both *a and *b, and out of *b wholly; returns how
 * often it was left over in *b. */
static int take_factor(int64_t factor, int64_t *a, int64_t *b)
{
    int left = 0;
    while (*b % factor == 0) {
        *b /= factor;
        if (*a % factor == 0)
            *a /= factor;
        else
            left++;
    }
    return left;
}

static bool multiply_up(wide *m, int factor, int times)
{
    for (; times > 0 && *m<LIMIT && * m> - LIMIT; times--)
        *m *= factor;
    return times == 0;
}

/* The quotient ends where, once reduced, its divisor holds only twos and fives. */
static struct number divide_exactly(struct number a, struct number b)
{
    int64_t above = a.mantissa, below = b.mantissa;
    int twos = take_factor(2, &above, &below);
    int fives = take_factor(5, &above, &below);
    if (above % below != 0)
        return number_of_kind(NUMBER_WIDE);
    wide m = above / below;
    int digits = twos > fives ? twos : fives;
    if (!multiply_up(&m, 2, digits - twos) || !multiply_up(&m, 5, digits - fives))
        return number_of_kind(NUMBER_WIDE);
    return make_fitted(m, digits + a.scale - b.scale);
}

/* Both mantissas at one scale, where 128 bits surely hold them. */
static void align(struct number a, struct number b, wide *x, wide *y)
{
    *x = a.mantissa;
    *y = b.mantissa;
    for (int i = a.scale; i < b.scale; i++)
        *x *= 10;
    for (int i = b.scale; i < a.scale; i++)
        *y *= 10;
}

struct number number_divide(struct number a, struct number b)
{
    if (!both_exact(a, b))
        return number_of_real(number_real(a) / number_real(b));
    struct number n = divide_exactly(a, b);
    if (n.kind == NUMBER_EXACT)
        return n;
    struct sum above = sum_of(a), below = sum_of(b);
    return number_of_real(sum_ratio(&above, &below));
}

static struct number modulo_reals(double a, double b)
{
    double rest = fmod(a, b);
    if (rest != 0 && (rest < 0) != (b < 0))
        rest += b;
    return number_of_real(rest);
}

/* The double nearest to mantissa / 10^scale, |mantissa| < 10^36, scale 1..18. */
static struct number nearest(wide mantissa, int scale)
{
    struct number low = {.mantissa = (int64_t)(mantissa % LIMIT), .scale = (int8_t)scale};
    struct number high = {.mantissa = (int64_t)(mantissa / LIMIT)}, power = {.mantissa = 1};
    for (int i = scale; i < DECIMAL_SCALE; i++)
        power.mantissa *= 10;
    struct sum sum = sum_of(low);
    sum_add_product(&sum, as_decimal(high), as_decimal(power));
    return number_of_real(sum_real(&sum));
}

struct number number_modulo(struct number a, struct number b)
{
    wide x, y;
    if (!both_exact(a, b))
        return modulo_reals(number_real(a), number_real(b));
    align(a, b, &x, &y);
    wide rest = x % y;
    if (rest != 0 && (rest < 0) != (y < 0))
        rest += y;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    struct number n = make_fitted(rest, scale);
    return n.kind == NUMBER_EXACT ? n : nearest(rest, scale);
}

struct number number_negate(struct number n)
{
    if (n.kind == NUMBER_WIDE)
        n.real = -n.real;
    else
        n.mantissa = -n.mantissa;
    return n;
}

struct number number_round(struct number n, int digits)
{
    if (n.kind == NUMBER_EXACT) {
        struct decimal d = decimal_round(as_decimal(n), digits);
        if (d.kind == NUMBER_EXACT)
            return make_exact(d.mantissa, d.scale);
    }
    return number_of_real(real_round(number_real(n), digits));
}

/* The whole part towards zero, and one more away from it where `sign` says and something is cut. */
static struct number whole_part(struct number n, int sign)
{
    int64_t power = 1;
    for (int i = 0; i < n.scale; i++)
        power *= 10;
    int64_t whole = n.mantissa / power;
    bool cut = n.mantissa % power != 0;
    return make_exact(whole + (cut && (n.mantissa < 0) == (sign < 0) ? sign : 0), 0);
}

struct number number_floor(struct number n)
{
    return n.kind == NUMBER_EXACT ? whole_part(n, -1) : number_of_real(floor(n.real));
}

struct number number_ceil(struct number n)
{
    return n.kind == NUMBER_EXACT ? whole_part(n, 1) : number_of_real(ceil(n.real));
}
