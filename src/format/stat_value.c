/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/stat_value.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- formats ---- */

struct named_form {
    char name[12];
    enum stat_form form;
};

static const struct named_form spss[] = {
    {"DATETIME", STAT_MOMENT_1582}, {"YMDHMS", STAT_MOMENT_1582},
    {"DATE", STAT_DAY_1582},        {"ADATE", STAT_DAY_1582},
    {"EDATE", STAT_DAY_1582},       {"SDATE", STAT_DAY_1582},
    {"JDATE", STAT_DAY_1582},       {"MOYR", STAT_DAY_1582},
    {"QYR", STAT_DAY_1582},         {"WKYR", STAT_DAY_1582},
    {"TIME", STAT_CLOCK},           {"DTIME", STAT_CLOCK},
    {"MTIME", STAT_CLOCK},          {"", STAT_PLAIN},
};

static const struct named_form stata[] = {
    {"%tc", STAT_MILLI_1960}, {"%tC", STAT_MILLI_LEAP}, {"%td", STAT_DAY_1960},
    {"%d", STAT_DAY_1960},    {"%tm", STAT_MONTH},      {"%tq", STAT_QUARTER},
    {"%th", STAT_HALF},       {"", STAT_PLAIN},
};

/* ?: maybe a letter that says what stands between the parts, as in DDMMYYS10. */
static const struct named_form sas[] = {
    {"DATETIME", STAT_MOMENT_1960},
    {"DATEAMPM", STAT_MOMENT_1960},
    {"MDYAMPM", STAT_MOMENT_1960},
    {"E8601DT", STAT_MOMENT_1960},
    {"B8601DT", STAT_MOMENT_1960},
    {"E8601DZ", STAT_MOMENT_1960},
    {"B8601DZ", STAT_MOMENT_1960},
    {"E8601DN", STAT_MOMENT_1960},
    {"B8601DN", STAT_MOMENT_1960},
    {"DTDATE", STAT_MOMENT_1960},
    {"DTMONYY", STAT_MOMENT_1960},
    {"DTYEAR", STAT_MOMENT_1960},
    {"DTYYQC", STAT_MOMENT_1960},
    {"DTWKDATX", STAT_MOMENT_1960},
    {"NLDATM", STAT_MOMENT_1960},
    {"DATE", STAT_DAY_1960},
    {"DDMMYY?", STAT_DAY_1960},
    {"MMDDYY?", STAT_DAY_1960},
    {"YYMMDD?", STAT_DAY_1960},
    {"YYMM?", STAT_DAY_1960},
    {"MMYY?", STAT_DAY_1960},
    {"YYQ?", STAT_DAY_1960},
    {"YYQR?", STAT_DAY_1960},
    {"MONYY", STAT_DAY_1960},
    {"YYMON", STAT_DAY_1960},
    {"E8601DA", STAT_DAY_1960},
    {"B8601DA", STAT_DAY_1960},
    {"WEEKDATE", STAT_DAY_1960},
    {"WEEKDATX", STAT_DAY_1960},
    {"WORDDATE", STAT_DAY_1960},
    {"WORDDATX", STAT_DAY_1960},
    {"JULIAN", STAT_DAY_1960},
    {"NLDATE", STAT_DAY_1960},
    {"TIME", STAT_CLOCK},
    {"TIMEAMPM", STAT_CLOCK},
    {"TOD", STAT_CLOCK},
    {"HHMM", STAT_CLOCK},
    {"MMSS", STAT_CLOCK},
    {"E8601TM", STAT_CLOCK},
    {"B8601TM", STAT_CLOCK},
    {"", STAT_PLAIN},
};

/* `format` begins with the name, whatever the case, and goes on with a width. */
static bool has_name(const char *format, const char *name, bool exact_case)
{
    for (; *name && *name != '?'; name++, format++)
        if (exact_case ? *format != *name : toupper((unsigned char)*format) != *name)
            return false;
    if (*name == '?' && *format && strchr("BCDNPSbcdnps", *format))
        format++;
    return exact_case || !isalpha((unsigned char)*format);
}

enum stat_form stat_form_of(enum foreign_kind kind, const char *format)
{
    bool by_stata = kind == FOREIGN_DTA;
    const struct named_form *f = kind == FOREIGN_SAV || kind == FOREIGN_POR ? spss
                                 : by_stata                                 ? stata
                                                                            : sas;
    if (!format)
        return STAT_PLAIN;
    const char *left =
        by_stata && strncmp(format, "%-", 2) == 0 ? "%" : NULL; /* %-td: to the left */
    while (*f->name &&
           !(left ? has_name(format + 2, f->name + 1, true) : has_name(format, f->name, by_stata)))
        f++;
    return f->form;
}

/* ---- numbers ---- */

static uint32_t plain(double x, char *out)
{
    return (uint32_t)real_format(x, out);
}

/* Months counted from 1960-01 as an SDMX period of `months` months. */
static uint32_t period_of(double x, int months, char *out)
{
    double begin = x * months, year = 1960 + floor(begin / 12);
    if (x != floor(x) || year < 1 || year > 9999)
        return plain(x, out);
    int month = (int)(begin - (year - 1960) * 12) + 1, last = month + months - 1;
    struct date first = {(int)year, month, 1}, end = {(int)year, last, month_days((int)year, last)};
    return (uint32_t)period_format(first, end, out);
}

/* %tC counts leap seconds too; during one, the second before it is told.  Dates: IERS, Bulletin C.
 */
static double without_leaps(double x)
{
    static const struct date zero = {1960, 1, 1},
                             next_day[] = {{1972, 7, 1}, {1973, 1, 1}, {1974, 1, 1}, {1975, 1, 1},
                                           {1976, 1, 1}, {1977, 1, 1}, {1978, 1, 1}, {1979, 1, 1},
                                           {1980, 1, 1}, {1981, 7, 1}, {1982, 7, 1}, {1983, 7, 1},
                                           {1985, 7, 1}, {1988, 1, 1}, {1990, 1, 1}, {1991, 1, 1},
                                           {1992, 7, 1}, {1993, 7, 1}, {1994, 7, 1}, {1996, 1, 1},
                                           {1997, 7, 1}, {1999, 1, 1}, {2006, 1, 1}, {2009, 1, 1},
                                           {2012, 7, 1}, {2015, 7, 1}, {2017, 1, 1}};
    for (size_t i = 0; i < sizeof next_day / sizeof *next_day; i++)
        if (x >= (double)(date_days(next_day[i]) - date_days(zero)) * 86400000.0)
            x -= 1000;
    return x;
}

uint32_t stat_number(double x, enum stat_form form, char *out)
{
    static const struct date spss_zero = {1582, 10, 14}, zero = {1960, 1, 1};
    size_t n = 0;
    switch (form) {
    case STAT_DAY_1582:
        n = serial_moment(date_days(spss_zero), x * 1000, false, out);
        break;
    case STAT_MOMENT_1582:
        n = serial_moment(date_days(spss_zero), x * 1000, true, out);
        break;
    case STAT_CLOCK:
        n = serial_clock(x * 1000, out);
        break;
    case STAT_DAY_1960:
        n = serial_moment(date_days(zero), x * 86400000.0, false, out);
        break;
    case STAT_MOMENT_1960:
        n = serial_moment(date_days(zero), x * 1000, true, out);
        break;
    case STAT_MILLI_1960:
        n = serial_moment(date_days(zero), x, true, out);
        break;
    case STAT_MILLI_LEAP:
        n = serial_moment(date_days(zero), without_leaps(x), true, out);
        break;
    case STAT_MONTH:
        return period_of(x, 1, out);
    case STAT_QUARTER:
        return period_of(x, 3, out);
    case STAT_HALF:
        return period_of(x, 6, out);
    case STAT_PLAIN:
        break;
    }
    return n ? (uint32_t)n : plain(x, out);
}

uint32_t stat_float(float x, char *out)
{
    char text[64];
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)x);
        if (strtof(text, NULL) == x)
            break;
    }
    return plain(strtod(text, NULL), out);
}

/* ---- labels ---- */

struct stat_label_entry {
    const char *set, *label;
    struct text value;
    uint64_t hash;
};

static uint64_t entry_hash(const char *set, struct text value)
{
    return text_hash(text_of(set)) * 31 + text_hash(value);
}

static void place_entry(struct stat_labels *l, size_t entry)
{
    size_t at = l->entry[entry].hash & (l->slots - 1);
    while (l->slot[at])
        at = (at + 1) & (l->slots - 1);
    l->slot[at] = entry + 1;
}

static void widen(struct stat_labels *l)
{
    l->slots = l->slots ? l->slots * 2 : 64;
    free(l->slot);
    l->slot = memory_zalloc(l->slots * sizeof *l->slot);
    for (size_t i = 0; i < l->count; i++)
        place_entry(l, i);
}

void stat_labels_add(struct stat_labels *l, struct arena *a, const char *set, struct text value,
                     const char *label)
{
    l->entry = memory_grow(l->entry, &l->room, l->count + 1, sizeof *l->entry);
    l->entry[l->count++] = (struct stat_label_entry){arena_copy(a, set, strlen(set)),
                                                     arena_copy(a, label, strlen(label)),
                                                     text_copy(a, value), entry_hash(set, value)};
    if (l->count * 2 > l->slots)
        widen(l);
    else
        place_entry(l, l->count - 1);
}

const char *stat_label(const struct stat_labels *l, const char *set, struct text value)
{
    uint64_t hash = entry_hash(set, value);
    size_t at = hash & (l->slots - 1);
    for (; l->slots && l->slot[at]; at = (at + 1) & (l->slots - 1)) {
        const struct stat_label_entry *found = &l->entry[l->slot[at] - 1];
        if (found->hash == hash && strcmp(found->set, set) == 0 && text_equal(found->value, value))
            return found->label;
    }
    return NULL;
}

void stat_labels_free(struct stat_labels *l)
{
    free(l->entry);
    free(l->slot);
}
