/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Table Schema (Frictionless Data, version 1) read from JSON: what the cells of a table must be.
 *
 * Field types string, integer, number, boolean, date, year, yearmonth, any, in their default
 * format; constraints required, unique, minimum, maximum, minLength, maxLength, pattern, enum;
 * primaryKey, foreignKeys, missingValues.  Another type or format is refused, since passing over it
 * would call cells valid that nobody looked at; unknown keywords are ignored, as the standard has
 * it. decimalChar and groupChar tell `ingest` how to read: here a number is already ours
 * (base/number.h).  table_schema_free() gives back the compiled patterns; the rest is the arena's.
 */
#ifndef MARSAD_TABLE_TABLE_SCHEMA_H
#define MARSAD_TABLE_TABLE_SCHEMA_H

#include <regex.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

enum field_type {
    FIELD_STRING,
    FIELD_INTEGER,
    FIELD_NUMBER,
    FIELD_BOOLEAN,
    FIELD_DATE,
    FIELD_YEAR,
    FIELD_YEARMONTH,
    FIELD_ANY,
};

/* What a cell breaks; the first that it breaks, in this order. */
enum rule {
    RULE_NONE,
    RULE_REQUIRED,
    RULE_TYPE,
    RULE_MIN_LENGTH,
    RULE_MAX_LENGTH,
    RULE_MINIMUM,
    RULE_MAXIMUM,
    RULE_PATTERN,
    RULE_ENUM,
    RULE_UNIQUE,      /* for the caller: it takes the whole column */
    RULE_PRIMARY_KEY, /* the same */
    RULE_FOREIGN_KEY, /* the same, and of another table */
};

struct texts {
    uint32_t count;
    struct text *text; /* NULL: not given */
};

struct field {
    struct text name;
    enum field_type type;
    bool required, unique;
    struct text minimum, maximum;    /* .at NULL: none */
    int64_t min_length, max_length;  /* in code points; -1: none */
    regex_t *pattern;                /* NULL: none */
    struct texts choices, yes, no;   /* enum; trueValues, falseValues */
    const char *decimal, *thousands; /* decimalChar, groupChar; NULL: not given */
    uint32_t start, width, decimals; /* of a file of fixed width: from 1; 0: not given */
};

/* What the dialect of a schema says beyond a CSV; NULL or false: not given. */
struct table_dialect {
    const char *format, *sheet, *cell_errors, *labels, *user_missing;
    bool hxl, skip_blank, trim;
};

/* Cells that another table must have in one of its rows. */
struct foreign_key {
    struct texts fields, there; /* as many */
    struct text resource;       /* the name of that table; empty: this one */
};

struct table_schema {
    uint32_t fields;
    struct field *field;
    struct texts missing; /* beside the empty text */
    struct texts key;     /* names of the fields of the primary key */
    struct foreign_key *foreign;
    uint32_t foreigns;
    /* How the file is written, for `ingest`; NULL or -1: not given.  These are properties of a
     * Frictionless resource that we also take at the top of a schema. */
    const char *encoding, *delimiter;
    int header; /* dialect.headerRow, or 0 for dialect.header = false */
    struct table_dialect dialect;
};

/* NULL and *error set where the JSON or the schema is wrong; `name` is the file's, for messages. */
struct table_schema *table_schema_parse(struct arena *, const char *name, struct text json,
                                        struct error *);
void table_schema_free(struct table_schema *);

bool table_schema_missing(const struct table_schema *, struct text cell);

/* The first rule that a cell breaks; missing cells only by RULE_REQUIRED.  The arena is scratch. */
enum rule field_check(const struct field *, const struct table_schema *, struct text cell,
                      struct arena *);

const char *rule_name(enum rule); /* as the standard writes it: `minLength`; `type` */
/* What is wrong, for a message; of the schema, never of the cell. */
const char *rule_message(const struct field *, enum rule, struct arena *);

/* An XSD pattern as a POSIX extended one, anchored; NULL where it uses what POSIX does not have. */
const char *pattern_translate(struct text xsd, struct arena *);

#endif
