/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the classes of reconcile.h share: comparing claims, and telling what was found.
 *
 * Two claims are of one cell when indicator, place, unit kind and period are equal; their scopes
 * agree when they are equal, one is not said, or one is a part of the other (2014 and 2014-2017).
 * A tale is text that grows in the arena; the verbs of tale_*() write numbers exactly.
 */
#ifndef MARSAD_TABLE_RECONCILE_SET_H
#define MARSAD_TABLE_RECONCILE_SET_H

#include "table/reconcile.h"
#include "table/reconcile_digits.h"

/* ---- comparing ---- */
bool claim_exact(const struct claim *);
bool claim_adds_up(
    const struct claim *); /* a count: its parts have a sum, unlike means and indices */
bool claims_same_cell(const struct claim *, const struct claim *); /* of one group */
bool scopes_equal(const struct claim *, const struct claim *);
bool scopes_agree(const struct claim *, const struct claim *);
bool scope_years(struct text scope, int *first, int *last); /* `2014`, or `2014-2017` */
bool producers_equal(const struct claim *, const struct claim *);
bool same_printing(const struct claim *, const struct claim *); /* source, producer, vintage */
bool values_equal(const struct claim *, const struct claim *);

/* Equal, or one is the other rounded as its qualifier or its digits say. */
bool values_agree(const struct claim *, const struct claim *);

bool span_holds(struct span outer, struct span inner);
bool span_is_flow(struct span); /* more than a day */
int32_t span_days(struct span);

/* a > b times percent/100 */
bool exceeds(struct decimal a, struct decimal b, int percent);

/* The claim of the list `from` that speaks of the same thing as `near`: same printing before same
 * producer before any; NULL where there is none. */
struct claim *claim_nearest(const struct group *, const struct claim *near, struct span period);

/* The group of an indicator and place, or NULL. */
const struct group *claims_group(const struct claims *, struct text indicator, bool percent,
                                 struct text place);

/* The place of a claim without one of its axes. */
struct text place_without(const struct claims *, const struct claim *, uint32_t axis);

/* ---- differences that have been explained ---- */
void claims_explain(struct claims *, const struct claim *, const struct claim *);
bool claims_explained(const struct claims *, const struct claim *, const struct claim *);

/* ---- telling ---- */
struct tale {
    struct arena *arena;
    char *at;
    uint32_t len, room;
};

struct tale tale_new(struct claims *);
void tale_text(struct tale *, struct text);
void tale_say(struct tale *, const char *);
void tale_number(struct tale *, struct decimal);
void tale_claim(struct tale *, const struct claim *); /* 27130 (CNDH, 2015-01-15) */
void tale_value(struct tale *, const struct claim *); /* >50000 */
/* a/b = 5.16 % to that many places */
void tale_ratio(struct tale *, struct decimal a, struct decimal b, int places);
struct text tale_end(const struct tale *);

struct finding *finding_new(struct claims *, enum finding_class, enum weight);
void contradiction_add(struct claims *, struct finding *, const struct claim *);
/* One figure under two codes of the first axis: `MLI: 120 (MI, 2015) = SEN: 120 (MI, 2015)`. */
struct finding *finding_equal(struct claims *, enum finding_class, enum weight,
                              const struct claim *, const struct claim *);
/* Text with %1 and %2 replaced; both languages. */
void finding_read(struct claims *, struct finding *, const char *fr, const char *en,
                  struct text one, struct text two);

/* A finding of the slip's class beside `from`, with its claims and evidence: `c` is printed for
 * `computed` but for a misprint.  False where the two are not so near. */
bool tell_slip_beside(struct claims *, const struct finding *from, const struct claim *c,
                      struct decimal computed);

/* The like for one of n parts that do not make the whole, and would but for a misprint. */
void tell_slip_inside(struct claims *, const struct finding *from, const struct claim *const *part,
                      uint32_t n, struct decimal whole);

/* The note of a claim prints this number: the same where its value resembles it, else false. */
bool tell_misquoted(struct claims *, const struct claim *, struct decimal quoted);

/* ---- the classes, by file ---- */
void find_superseded(struct claims *);
void find_slips(struct claims *); /* misprint, permuted, reversed, tenfold */
void find_rounded(struct claims *);
void find_planned(struct claims *);
void find_scopes(struct claims *);
void find_producers(struct claims *);
void find_printings(struct claims *);
void find_part_period(struct claims *);
void find_cutoff(struct claims *);
void find_falling(struct claims *);
void find_years(struct claims *);
void find_sum(struct claims *);
void find_overlap(struct claims *);
void find_share(struct claims *);
void find_labels(struct claims *);
void find_neighbour(struct claims *);
void find_confusable(struct claims *);
void find_money(struct claims *);
void find_direction(struct claims *);
void find_text(struct claims *);
void find_joint(struct claims *); /* beside overlap: one value for several classes */
void find_per(struct claims *);   /* beside share: rates per 100 000 */

/* The axis says which way a flow goes: `direction`, `flux`. */
bool axis_is_flow(struct text name);
void find_whole_percents(struct claims *); /* beside rounded */
void find_quoted(struct claims *);         /* beside text: totals and rates that a note quotes */

void find_impossible(struct claims *); /* beside share: parts above their whole */
void find_running(struct claims *); /* beside falling: cumulatives and changes of the catalogue */

/* `ratio(A, B)`: the two operands; false for other formulas. */
bool ratio_operands(struct text formula, struct text *a, struct text *b);
/* A cell of the catalogue; empty where there is none. */
struct text catalogue_cell(const struct claims *, struct text code, const char *column);

/* Shares and rates that follow from counts: claims_fit() first of all. */
void claims_fit(struct claims *);

/* The note says of this very number that it was planned: `3 000 retours prévus`. */
bool note_plans(const struct claims *, struct text note, struct decimal value);

/* How many of these the claim is in, own: of one producer only; *say tells one. */
uint32_t claim_support(const struct claims *, const struct claim *, bool own, struct text *say);

#endif
