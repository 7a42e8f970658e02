/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gen-sample: seeded synthetic files for tests, examples and timing; nobody in them exists.
 *
 *     cc -O2 -std=c11 -o gen-sample scripts/gen-sample/(all .c files)
 *     ./gen-sample regularisation --seed 2014 --phase 2014 --rows 1500 > regularisation.csv
 *
 * The same command gives the same bytes on every machine. Exit codes: 64 usage, 74 output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum { EXIT_USAGE = 64, EXIT_OUTPUT = 74 };

struct kind {
    const char *name;
    void (*make)(struct out *, const struct request *);
    const char *options; /* besides --seed */
};

static const struct kind kinds[] = {
    {"regularisation", regularisation_make,
     "--rows --sep --crlf --latin1 --french --truth --phase --fees --decimal-comma"},
    {"returns", returns_make, "--rows --sep --crlf --latin1 --french --truth"},
    {"permits", permits_make, "--rows --sep --crlf --latin1 --french --truth"},
    {"networks", networks_make, "--rows --sep --crlf --latin1"},
    {"survey", survey_make, "--sep --crlf --decimal-comma --wave --small"},
    {"big", big_make, "--rows --sep --crlf --decimal-comma --totals --keys"},
    {"hostile", hostile_make, "--rows --sep --decimal-comma --totals"},
};

static const char usage[] =
    "usage: gen-sample KIND --seed N [OPTION...] > FILE\n"
    "kinds: regularisation returns permits networks survey big hostile\n"
    "  --rows N          records (not survey)\n"
    "  --sep C           separator: , ; | or the word tab\n"
    "  --crlf            CRLF line ends (hostile: always)\n"
    "  --latin1          Windows-1252 instead of UTF-8; French spellings only (registers)\n"
    "  --french          French spellings only (registers)\n"
    "  --decimal-comma   1,50 instead of 1.50\n"
    "  --phase YEAR      regularisation: 2014 or 2016, not both\n"
    "  --fees            regularisation: a column `frais`\n"
    "  --truth           registers of persons: a last column `code`, the country that was meant\n"
    "  --wave YEAR       survey: 2018 or 2026, not both\n"
    "  --small           survey: about 700 households a wave\n"
    "  --keys            big: columns dossier (of a million) and psu (of 4200)\n"
    "  --totals          big, hostile: exact counts and sums instead of the file\n";

struct flag {
    const char *name;
    size_t offset; /* of a bool in struct request */
};

static const struct flag flags[] = {
    {"--fees", offsetof(struct request, fees)},     {"--truth", offsetof(struct request, truth)},
    {"--small", offsetof(struct request, small)},   {"--totals", offsetof(struct request, totals)},
    {"--french", offsetof(struct request, french)}, {"--keys", offsetof(struct request, keys)},
};

static bool flag_read(struct request *q, struct out *o, const char *name)
{
    for (size_t i = 0; i < LENGTH(flags); i++) {
        if (strcmp(name, flags[i].name) == 0) {
            *(bool *)((char *)q + flags[i].offset) = true;
            return true;
        }
    }
    if (strcmp(name, "--crlf") == 0)
        return o->crlf = true;
    if (strcmp(name, "--decimal-comma") == 0)
        return o->decimal_comma = true;
    if (strcmp(name, "--latin1") == 0)
        return o->windows = q->french = true;
    return false;
}

static bool number_read(const char *text, uint64_t limit, uint64_t *value)
{
    uint64_t number = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > limit / 10)
            return false;
        number = number * 10 + (uint64_t)(*text - '0');
    }
    *value = number;
    return number <= limit;
}

static bool year_read(const char *text, uint32_t first, uint32_t second, uint32_t *year)
{
    uint64_t value;
    if (!number_read(text, 9999, &value) || (value != first && value != second))
        return false;
    *year = (uint32_t)value;
    return true;
}

static bool separator_read(const char *text, char *separator)
{
    bool known = strcmp(text, "tab") == 0 || (text[0] && !text[1] && strchr(",;|", text[0]));
    *separator = text[0];
    if (text[0] == 't')
        *separator = '\t';
    return known;
}

static bool value_read(struct request *q, struct out *o, const char *name, const char *value,
                       bool *seeded)
{
    if (strcmp(name, "--seed") == 0)
        return *seeded = number_read(value, UINT64_MAX / 2, &q->seed);
    if (strcmp(name, "--rows") == 0)
        return number_read(value, UINT64_C(1000000000000), &q->rows) && q->rows > 0;
    if (strcmp(name, "--phase") == 0)
        return year_read(value, 2014, 2016, &q->phase);
    if (strcmp(name, "--wave") == 0)
        return year_read(value, 2018, 2026, &q->wave);
    if (strcmp(name, "--sep") == 0)
        return separator_read(value, &o->separator);
    return false;
}

/* No option's name begins another's, so that a search in the list is enough. */
static bool option_fits(const struct kind *kind, const char *name)
{
    return strcmp(name, "--seed") == 0 || strstr(kind->options, name);
}

static bool arguments_read(int count, char **at, const struct kind *kind, struct request *q,
                           struct out *o)
{
    bool seeded = false;
    for (int i = 0; i < count; i++) {
        if (!option_fits(kind, at[i]))
            return false;
        if (flag_read(q, o, at[i]))
            continue;
        if (i + 1 == count || !value_read(q, o, at[i], at[i + 1], &seeded))
            return false;
        i++;
    }
    return seeded;
}

static const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if (strcmp(name, kinds[i].name) == 0)
            return &kinds[i];
    return NULL;
}

static int file_make(int argc, char **argv, struct out *o)
{
    struct request q = {0};
    const struct kind *kind = argc > 1 ? kind_find(argv[1]) : NULL;
    if (!kind || !arguments_read(argc - 2, argv + 2, kind, &q, o)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    kind->make(o, &q);
    if (out_close(o))
        return EXIT_SUCCESS;
    fputs("gen-sample: the output could not be written\n", stderr);
    return EXIT_OUTPUT;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0 || fclose(stdout) ? EXIT_OUTPUT : EXIT_SUCCESS;
    struct out *o = calloc(1, sizeof(*o));
    if (!o)
        return EXIT_OUTPUT;
    o->file = stdout;
    o->separator = ',';
    int code = file_make(argc, argv, o);
    free(o);
    return code;
}
