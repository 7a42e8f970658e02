/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hadamard matrices: Sylvester's doubling; Paley's two constructions over fields of any prime power
 * (Paley 1933, J. Math. Phys. 12; Wolter 2007, Introduction to Variance Estimation, appendix A);
 * Williamson's array of four symmetric circulants for 92 and 116 (Williamson 1944, Duke Math. J.
 * 11; Baumert, Golomb & Hall 1962, Bull. AMS 68), whose rows were found by search.
 */
#include "stat/replicate.h"

#include <string.h>

enum { ORDER_MOST = 4096 };

/* q as a power of a prime: its base, or 0. */
static uint32_t prime_of(uint32_t q)
{
    uint32_t p = 2;
    while (p * p <= q && q % p)
        p++;
    p = q % p ? q : p;
    for (uint32_t rest = q; rest > 1; rest /= p)
        if (rest % p)
            return 0;
    return q > 1 ? p : 0;
}

/* Elements 1 .. n/8 of the first rows, a bit each, set: 1; the rest by symmetry. */
static const struct williamson {
    uint32_t order, row[4];
} williamsons[] = {{92, {0x0ac, 0x1f2, 0x2ce, 0x46f}}, {116, {0x02b3, 0x0ae3, 0x19f4, 0x2e5b}}};

static const struct williamson *williamson_of(uint32_t n)
{
    for (size_t i = 0; i < sizeof williamsons / sizeof *williamsons; i++)
        if (williamsons[i].order == n)
            return &williamsons[i];
    return NULL;
}

static bool first_paley(uint32_t n)
{
    return n % 4 == 0 && prime_of(n - 1);
}

static bool second_paley(uint32_t n)
{
    return n % 4 == 0 && prime_of(n / 2 - 1) && (n / 2 - 1) % 4 == 1;
}

static bool possible(uint32_t n)
{
    return n == 1 || n == 2 || first_paley(n) || second_paley(n) || williamson_of(n) ||
           (n % 4 == 0 && possible(n / 2));
}

/* ---- fields: elements are polynomials over the integers modulo p, as digits of a number ---- */

struct field {
    uint32_t p, q;
    int8_t *chi; /* 1: a square, -1: none, 0: zero */
};

/* `a` times x, where x to the power of the degree is `c`. */
static uint32_t times_x(const struct field *f, uint32_t a, uint32_t c)
{
    uint32_t top = a / (f->q / f->p), rest = a % (f->q / f->p) * f->p, sum = 0;
    for (uint32_t place = 1; place < f->q; place *= f->p)
        sum += (rest / place + top * (c / place % f->p)) % f->p * place;
    return sum;
}

static uint32_t minus(const struct field *f, uint32_t a, uint32_t b)
{
    uint32_t sum = 0;
    for (uint32_t place = 1; place < f->q; place *= f->p)
        sum += (a / place % f->p + f->p - b / place % f->p) % f->p * place;
    return sum;
}

/* Tries what x could be until its powers are all elements but 0: the even ones are the squares. */
static struct field field_of(struct arena *arena, uint32_t q)
{
    struct field f = {prime_of(q), q, arena_array(arena, q, 1)};
    for (uint32_t c = 1; c < q; c++) {
        uint32_t power = 1, n = 0;
        memset(f.chi, 0, q);
        while (power && f.chi[power] == 0) {
            f.chi[power] = n++ % 2 ? -1 : 1;
            power = times_x(&f, power, c);
        }
        if (n == q - 1)
            break;
    }
    return f;
}

/* I + S, S skew with a border of ones. */
static void fill_first(struct arena *arena, int8_t *h, uint32_t n)
{
    struct field f = field_of(arena, n - 1);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            if (i == 0 || i == j)
                h[(size_t)i * n + j] = 1;
            else
                h[(size_t)i * n + j] = j == 0 ? -1 : f.chi[minus(&f, i - 1, j - 1)];
}

/* C x (1 1; 1 -1) + I x (1 -1; -1 -1), C symmetric with a border of ones. */
static void fill_second(struct arena *arena, int8_t *h, uint32_t n)
{
    static const int8_t off[2][2] = {{1, 1}, {1, -1}}, on[2][2] = {{1, -1}, {-1, -1}};
    struct field f = field_of(arena, n / 2 - 1);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            uint32_t a = i / 2, b = j / 2;
            int c = a == 0 || b == 0 ? 1 : f.chi[minus(&f, a - 1, b - 1)];
            h[(size_t)i * n + j] = (int8_t)(a == b ? on[i % 2][j % 2] : c * off[i % 2][j % 2]);
        }
}

/* A B C D, -B A -D C, -C D A -B, -D -C B A. */
static void fill_williamson(int8_t *h, const struct williamson *w)
{
    static const int8_t block[4][4] = {{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}},
                        sign[4][4] = {{1, 1, 1, 1}, {-1, 1, -1, 1}, {-1, 1, 1, -1}, {-1, -1, 1, 1}};
    uint32_t m = w->order / 4;
    for (uint32_t i = 0; i < w->order; i++)
        for (uint32_t j = 0; j < w->order; j++) {
            uint32_t apart = (j % m + m - i % m) % m, k = apart <= m / 2 ? apart : m - apart;
            uint32_t row = w->row[block[i / m][j / m]];
            bool one = k == 0 || (row >> (k - 1) & 1);
            h[(size_t)i * w->order + j] = (int8_t)(one ? sign[i / m][j / m] : -sign[i / m][j / m]);
        }
}

static void fill(struct arena *arena, int8_t *h, uint32_t n);

static void fill_double(struct arena *arena, int8_t *h, uint32_t n)
{
    uint32_t m = n / 2;
    int8_t *half = arena_array(arena, (size_t)m * m, 1);
    fill(arena, half, m);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            int8_t cell = half[(size_t)(i % m) * m + j % m];
            h[(size_t)i * n + j] = (int8_t)(i >= m && j >= m ? -cell : cell);
        }
}

static void fill(struct arena *arena, int8_t *h, uint32_t n)
{
    if (n == 1)
        h[0] = 1;
    else if (n == 2 || possible(n / 2))
        fill_double(arena, h, n);
    else if (williamson_of(n))
        fill_williamson(h, williamson_of(n));
    else if (first_paley(n))
        fill_first(arena, h, n);
    else
        fill_second(arena, h, n);
}

/* Signs turned so that the first row and column are 1. */
static void normalise(int8_t *h, uint32_t n)
{
    for (uint32_t j = 0; j < n; j++)
        if (h[j] < 0)
            for (uint32_t i = 0; i < n; i++)
                h[(size_t)i * n + j] = (int8_t)-h[(size_t)i * n + j];
    for (uint32_t i = 0; i < n; i++)
        if (h[(size_t)i * n] < 0)
            for (uint32_t j = 0; j < n; j++)
                h[(size_t)i * n + j] = (int8_t)-h[(size_t)i * n + j];
}

const int8_t *hadamard_matrix(struct arena *arena, uint32_t least, uint32_t *order)
{
    uint32_t n = least ? least : 1;
    while (n <= ORDER_MOST && !possible(n))
        n++;
    if (n > ORDER_MOST)
        return NULL;
    int8_t *h = arena_array(arena, (size_t)n * n, 1);
    fill(arena, h, n);
    normalise(h, n);
    *order = n;
    return h;
}
