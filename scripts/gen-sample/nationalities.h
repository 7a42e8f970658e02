/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nationalities as clerks might type them, and the shares that the synthetic registers draw from.
 *
 * Shares follow the order of size that was published for each operation (2014 and 2016-2017
 * regularisation, returns before and after 2019, residence permits); the tail is invented.
 * `country` is an ISO 3166-1 alpha-3 code; plurals and case variants are derived in messy.c.
 */
#ifndef GEN_SAMPLE_NATIONALITIES_H
#define GEN_SAMPLE_NATIONALITIES_H

#include <stddef.h>
#include <stdint.h>

enum nationality_use { USE_2014, USE_2016, USE_RETURN_EARLY, USE_RETURN_LATE, USE_PERMIT, USES };
enum { NATIONALITY_OTHERS = 3 };

struct nationality {
    const char *code;
    const char *male, *female;             /* French, singular */
    const char *country;                   /* French */
    const char *arabic, *demonym;          /* Arabic country; Arabic masculine singular */
    const char *other[NATIONALITY_OTHERS]; /* abbreviations, English, wrong or ambiguous forms */
    uint16_t share[USES];
};

extern const struct nationality nationalities[];
extern const size_t nationalities_count;

#endif
