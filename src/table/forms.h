/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: distinct texts, numbered as first seen, each with the codes that it stands for.
 *
 * The inside of a codelist (table/codelist.h).  All is in flat arrays without pointers between
 * them, so that forms which were made when marsad was built (scripts/freeze.c) are used where the
 * linker put them: nothing is read, copied or relocated before somebody asks.
 *
 *     struct forms_maker *m = forms_maker_new(arena);
 *     uint32_t n = forms_add(m, form, written);
 *     forms_claim(m, n, code);
 *     const struct forms *f = forms_made(m);            // may be added to and made again
 *
 * Cost: a hash and, mostly, one comparison.
 */
#ifndef MARSAD_TABLE_FORMS_H
#define MARSAD_TABLE_FORMS_H

#include "base/arena.h"
#include "base/text.h"

#define NO_FORM UINT32_MAX
enum { NO_CLAIM = 0 };

struct form {
    uint32_t at, len, hash;
    uint32_t written_at, written_len; /* as first seen */
    uint32_t claim;                   /* the first, or NO_CLAIM */
};

/* A code that a form stands for; claims of one form are chained, oldest first. */
struct claim {
    uint32_t code, next;
};

struct forms {
    const char *bytes;
    const struct form *form; /* by number */
    const struct claim *claim;
    const uint32_t *slot; /* number + 1, or 0; open addressing, at most half full */
    uint32_t count, mask; /* of forms; slots - 1 */
    uint32_t claims, length;
};

uint32_t forms_find(const struct forms *, struct text); /* or NO_FORM */

static inline struct text form_text(const struct forms *f, uint32_t number)
{
    return (struct text){f->bytes + f->form[number].at, f->form[number].len};
}

static inline struct text form_written(const struct forms *f, uint32_t number)
{
    return (struct text){f->bytes + f->form[number].written_at, f->form[number].written_len};
}

struct forms_maker;

struct forms_maker *forms_maker_new(struct arena *);
uint32_t forms_add(struct forms_maker *, struct text form, struct text written);
/* Says that a form stands for a code; saying it twice changes nothing. */
void forms_claim(struct forms_maker *, uint32_t number, uint32_t code);
const struct forms *forms_made(struct forms_maker *);

#endif
