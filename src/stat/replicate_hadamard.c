/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hadamard matrices: Sylvester's doubling; Paley's two constructions over fields of any prime power
 * (Paley 1933, J. Math. Phys. 12; Wolter 2007, Introduction to Variance Estimation, appendix A);
 * Goethals' and Seidel's array of four circulants (1967, Canad. J. Math. 19) for 92, 116, 156, 172
 * and 188, whose rows were found by search: symmetric ones (Williamson 1944, Duke Math. J. 11),
 * ones that a multiplier of order 3 leaves alone, and Turyn's sequences (Turyn 1974, J. Comb.
 * Theory A 16).
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

/* First rows, a bit an element, set: 1. */
static const struct circulants {
    uint32_t order;
    uint64_t row[4];
} circulants[] = {
    {92, {0x1a8159, 0x27c3e5, 0x39a59d, 0x7b18df}},
    {116, {0x19a80567, 0x18ea15c7, 0x05f333e9, 0x1b4edcb7}},
    {156, {0x354e4136bf, 0x196645f476, 0x2c2c41428b, 0x3c6414f9c0}},
    {172, {0x026dc79f3c, 0x4272cd71e8d, 0x4222d44909c, 0x6a2bc8b5e85}},
    {188, {0x3ab99d27fec5, 0x30d2e2d8fec5, 0x45461d27fec5, 0x4f2d62d8fec5}},
    {236, {0x3fcd3f135bfcab1, 0x0b2e78eca4fcab1, 0x4032c7135bfcab1, 0x74d180eca4fcab1}},
};

static const struct circulants *circulants_of(uint32_t n)
{
    for (size_t i = 0; i < sizeof circulants / sizeof *circulants; i++)
        if (circulants[i].order == n)
            return &circulants[i];
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
    return n == 1 || n == 2 || first_paley(n) || second_paley(n) || circulants_of(n) ||
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

/* Element (i, j) of a circulant X with first row x; of X R and X' R, R the identity turned over. */
enum turn { PLAIN, TURNED, BOTH };

static int element(uint64_t row, enum turn turn, uint32_t m, uint32_t i, uint32_t j)
{
    uint32_t at = turn == PLAIN ? m + j - i : turn == TURNED ? 2 * m - 1 - i - j : i + j + 1;
    return row >> at % m & 1 ? 1 : -1;
}

/* A BR CR DR, -BR A D'R -C'R, -CR -D'R A B'R, -DR C'R -B'R A. */
static void fill_circulants(int8_t *h, const struct circulants *c)
{
    static const uint8_t block[4][4] = {{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
    static const int8_t sign[4][4] = {{1, 1, 1, 1}, {-1, 1, 1, -1}, {-1, -1, 1, 1}, {-1, 1, -1, 1}};
    uint32_t m = c->order / 4;
    for (uint32_t i = 0; i < c->order; i++)
        for (uint32_t j = 0; j < c->order; j++) {
            uint32_t a = i / m, b = j / m;
            enum turn turn = a == b ? PLAIN : a == 0 || b == 0 ? TURNED : BOTH;
            h[(size_t)i * c->order + j] =
                (int8_t)(sign[a][b] * element(c->row[block[a][b]], turn, m, i % m, j % m));
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
    else if (circulants_of(n))
        fill_circulants(h, circulants_of(n));
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
