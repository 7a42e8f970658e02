/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hadamard matrices: Sylvester's doubling, and Paley's two constructions over prime fields (Paley
 * 1933, J. Math. Phys. 12; Wolter 2007, Introduction to Variance Estimation, appendix A).
 */
#include "stat/replicate.h"

enum { ORDER_MOST = 4096 };

static bool is_prime(uint32_t n)
{
    if (n < 2)
        return false;
    for (uint32_t d = 2; d * d <= n; d++)
        if (n % d == 0)
            return false;
    return true;
}

static bool first_paley(uint32_t n)
{
    return n % 4 == 0 && is_prime(n - 1);
}

static bool second_paley(uint32_t n)
{
    return n % 4 == 0 && is_prime(n / 2 - 1) && (n / 2 - 1) % 4 == 1;
}

static bool possible(uint32_t n)
{
    return n == 1 || n == 2 || first_paley(n) || second_paley(n) || (n % 4 == 0 && possible(n / 2));
}

/* chi[a] = 1 where a is a square modulo q, -1 where it is none, 0 for 0. */
static int8_t *characters(struct arena *arena, uint32_t q)
{
    int8_t *chi = arena_array(arena, q, sizeof *chi);
    for (uint32_t a = 0; a < q; a++)
        chi[a] = -1;
    for (uint64_t a = 1; a < q; a++)
        chi[a * a % q] = 1;
    chi[0] = 0;
    return chi;
}

/* I + S, S skew with a border of ones. */
static void fill_first(struct arena *arena, int8_t *h, uint32_t n)
{
    uint32_t q = n - 1;
    const int8_t *chi = characters(arena, q);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            if (i == 0 || i == j)
                h[(size_t)i * n + j] = 1;
            else
                h[(size_t)i * n + j] = j == 0 ? -1 : chi[(i + q - j) % q];
}

/* C x (1 1; 1 -1) + I x (1 -1; -1 -1), C symmetric with a border of ones. */
static void fill_second(struct arena *arena, int8_t *h, uint32_t n)
{
    static const int8_t off[2][2] = {{1, 1}, {1, -1}}, on[2][2] = {{1, -1}, {-1, -1}};
    uint32_t q = n / 2 - 1;
    const int8_t *chi = characters(arena, q);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++) {
            uint32_t a = i / 2, b = j / 2;
            int c = a == 0 || b == 0 ? 1 : chi[(a + q - b) % q];
            h[(size_t)i * n + j] = (int8_t)(a == b ? on[i % 2][j % 2] : c * off[i % 2][j % 2]);
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
