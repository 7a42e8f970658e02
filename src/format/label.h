/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What codes are called in French, Arabic and English.
 *
 * A label list stands on a reference list (`code,kind,fr,ar,en` or `code,label_fr,label_ar,
 * label_en`), on several (what the first does not know is asked of the next), or on none: a code
 * without a label stays as it is.  Periods and dates are written out (table/period_label.h).
 * label_dimension() names the columns themselves (`nationality`: Nationalité), label_word() the few
 * words that tables need.  Cost: one hash a look-up.
 */
#ifndef MARSAD_FORMAT_LABEL_H
#define MARSAD_FORMAT_LABEL_H

#include "format/keys.h"
#include "table/language.h"
#include "table/table.h"

enum word {
    WORD_TOTAL,
    WORD_OTHER,
    WORD_VALUE,
    WORD_BY,        /* between an indicator and a dimension: "par" */
    WORD_AND,       /* between two dimensions: " et " */
    WORD_COLON,     /* behind a heading: " : " */
    WORD_SEMICOLON, /* between the parts of a paragraph */
    WORD_TABLE,     /* a table without a title */
    WORD_UNIT,
    WORD_SOURCE,
    WORD_SOURCES,
    WORD_VINTAGE,
    WORD_MARK,
    WORD_NOTE,
    WORD_NOTES,
    WORD_MORE,        /* where the notes go on */
    WORD_OTHERS,      /* behind the first indicators of a title */
    WORD_WITHHELD,    /* the mark c */
    WORD_MISSING,     /* the mark : */
    WORD_APPROXIMATE, /* the mark ~ */
    WORD_ABOVE,       /* the mark > */
    WORD_BELOW,       /* the mark < */
    WORD_GROUPS,      /* why groups are not added */
    WORD_PRODUCERS,   /* several producers in one table */
    WORDS
};

struct labels {
    const struct table *list; /* NULL: no list of that name */
    struct keys code;         /* code i is row i of the list */
    int text[LANGUAGES], kind;
    bool time;                 /* codes are periods or dates */
    bool alphabetical;         /* readers look for these codes by their labels */
    const struct labels *next; /* where codes are that this list does not know, or NULL */
};

/* A list with the codes of a column; `list` may be NULL.  A list whose first column is not `code`
 * counts as none. */
void labels_open(struct labels *, struct arena *, const struct table *list);

/* Row of a code in this list alone, or KEYS_NONE. */
int64_t labels_row(const struct labels *, struct text code);

/* Its place in the list, and those behind it; UINT32_MAX: in none. */
uint32_t labels_position(const struct labels *, struct text code);

/* The label, in another language where this one has none, or the code itself. */
struct text labels_text(const struct labels *, struct text code, enum language);

/* The same for many (`fr_plural`, where the list has that: units), or the label. */
struct text labels_plural(const struct labels *, struct text code, enum language);

/* The same in a table, where units count many and `_T` is a total whatever the list calls it. */
struct text labels_heading(const struct labels *, struct text code, enum language);

/* Is this the code of a group, which overlaps with other codes?  Of a special case, such as
 * unknown or stateless, which is counted like the others but is no country or region? */
bool labels_group(const struct labels *, struct text code);
bool labels_special(const struct labels *, struct text code);

/* The list with the codes of a column where its name is not that of the column, or NULL. */
const char *label_list(struct text column);

/* Are the codes of this column periods or dates?  Names that a reader looks for by the alphabet
 * (nationalities and producers: their lists stand in the order of codes, which is none)? */
bool label_time(struct text column);
bool label_alphabetical(struct text column);

struct text label_dimension(struct text column, enum language);
struct text label_word(enum word, enum language);

#endif
