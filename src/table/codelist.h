/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A code list that resolves written names: `Sénégalais`, `السنغال`, `SENEGAL` are SEN.
 *
 * It is built from a list (a table with a column `code`; columns named fr, ar, en, text, label* or
 * name* are labels; several rows may give one code), from the aliases that come with the list and
 * from the user's own (tables with columns `text` and `code`; rows without a code are skipped).
 * A text is looked for level by level, and the first level that knows it decides:
 *
 *     1 the user's aliases           alias    equal when folded (table/fold.h)
 *     2 codes and labels             exact    equal byte for byte
 *     3 codes and labels             folded   equal when folded
 *     4 the list's aliases           alias    equal when folded
 *     5 codes, labels, aliases       folded   equal when folded and without any space, where six
 *                                             letters or more (`Cô te d’Ivoire`)
 *     6 what phrases hold            phrase   with codelist_wrappings()
 *
 * An alias of kind iso_alpha2 (`SN`) counts on level 2 only: as written.
 * If that level gives it several codes it is ambiguous, and has none: never a guess.  A code such
 * as `_T` whose fold is shorter than itself is matched exactly only.  The tables must live as long
 * as the codelist.  Cost: 4 ms to build 300 codes and 7 000 aliases, nothing for a built-in list; a
 * fold and a few probes to resolve: keep the answer by text (table/dictionary.h).  Misuse: codes as
 * row numbers of the list.
 */
#ifndef MARSAD_TABLE_CODELIST_H
#define MARSAD_TABLE_CODELIST_H

#include "table/table.h"

/* CONTEXT, DATE, EXPIRED are for callers that know more than the text (stages/harmonise). */
enum match {
    MATCH_EXACT,
    MATCH_FOLDED,
    MATCH_ALIAS,
    MATCH_AMBIGUOUS,
    MATCH_UNKNOWN,
    MATCH_CONTEXT, /* decided by another column */
    MATCH_DATE,    /* decided by the date: the others did not exist yet, or no longer */
    MATCH_EXPIRED, /* the code did not exist at that date */
    MATCH_OTHERS,  /* decided by other rows of the source (table/witness.h) */
    MATCH_PHRASE,  /* found inside a phrase: codelist_wrappings() */
};

struct codelist;

/* `aliases` and `own` may be NULL.  NULL and *error set where a column is missing, a row of the
 * list has no code, or an alias names a code that is not in the list. */
struct codelist *codelist_new(struct arena *, const struct table *list, const struct table *aliases,
                              const struct table *own, struct error *);

/* The same of a list of data/reference and its aliases (NAME-alias), which were made into a
 * codelist when marsad was built.  NULL without an error: there is none of this name. */
struct codelist *codelist_built_in(struct arena *, const char *name, const struct table *own,
                                   struct error *);
bool codelist_is_built_in(const char *name);

/* Names are also looked for in what phrases wrap them in (table/phrase.h), where no level knows the
 * text: `ressortissants du Mali (1)`; several names in one text must all mean one code. */
struct phrases;
void codelist_wrappings(struct codelist *, const struct phrases *);
/* Those of data/reference (NAME-wrap), made when marsad was built; NULL: the list has none. */
const struct phrases *codelist_built_in_wrappings(struct arena *, const char *name);

/* *code is the code found, empty for MATCH_AMBIGUOUS and MATCH_UNKNOWN. */
enum match codelist_resolve(const struct codelist *, struct text, struct text *code);

/* `exact`, `folded`, `alias`, `ambiguous`, `unknown`, `context`, `date`, `expired`, `others`,
 * `phrase` */
struct text match_name(enum match);

/* The codes between which an ambiguous text hangs, as `NER|NGA` in the arena; else empty. */
struct text codelist_candidates(const struct codelist *, struct text, struct arena *);

struct nearest {
    struct text codes;   /* of the nearest forms, `NER|NGA`; empty: nothing is near */
    struct text written; /* the first of these forms as the list has it */
    uint32_t distance;   /* letters apart, when folded */
};

/* For reviews only: goes through every form (a millisecond or two). */
struct nearest codelist_nearest(const struct codelist *, struct text, struct arena *);

#endif
