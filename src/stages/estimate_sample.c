/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options and rows of a sample that estimate, compare, test and regress read in the same way. */
#include "stages/estimate.h"

#include <math.h>

int estimate_choice(const struct step *step, const char *option, const char *const *names)
{
    const char *value = step_option(step, option);
    for (int i = 0; value && names[i]; i++)
        if (strcmp(value, names[i]) == 0)
            return i;
    return 0;
}

int sample_level(struct step *step, struct estimate *e)
{
    const char *value = step_option(step, "level");
    e->level_of_confidence = 0.95;
    if (value && (!real_read(text_of(value), &e->level_of_confidence) ||
                  e->level_of_confidence <= 0 || e->level_of_confidence >= 1))
        return step_fail(step, EX_USAGE, NOWHERE, "--level is between 0 and 1, as 0.95");
    return STEP_OK;
}

static void need(void *step, uint32_t column)
{
    step_need(step, column);
}

int sample_where(struct step *step, struct estimate *e, const struct schema *in)
{
    const char *text = step_option(step, "where");
    if (!text)
        return STEP_OK;
    e->where = expression_parse(step_arena(step), text, step_error(step));
    if (!e->where || expression_bind(e->where, in, step_error(step)) != 0 ||
        expression_need_truth(e->where, step_error(step)) != 0)
        return STEP_FAIL;
    expression_columns(e->where, need, step);
    return STEP_OK;
}

int sample_by(struct step *step, const char *value, uint32_t **by, uint32_t *keys)
{
    struct text list = text_of(value), name;
    *by = arena_array(step_arena(step), (size_t)list.len + 4, sizeof **by);
    *keys = 0;
    while (*value && text_next(&list, ',', &name)) {
        int column;
        if (step_find(step, name, &column) != STEP_OK)
            return STEP_FAIL;
        (*by)[(*keys)++] = (uint32_t)column;
    }
    return STEP_OK;
}

int sample_use(struct step *step, struct estimate *e, const struct batch *b, bool *use)
{
    uint8_t *truth = arena_array(b->arena, b->rows, 1);
    memset(use, true, b->rows);
    if (e->where && expression_truth(e->where, b, truth, step_error(step)) != 0)
        return STEP_FAIL;
    for (uint32_t i = 0; e->where && i < b->rows; i++)
        use[i] = truth[i] == TRUTH_TRUE;
    return STEP_OK;
}

int sample_open(struct step *step, struct estimate *e, const struct schema *in,
                const char *const *df_names, const int *df_of)
{
    static const char *const lonely[] = {"fail",    "remove",   "certainty", "adjust",
                                         "average", "collapse", NULL};
    if (frame_open(step, &e->frame) != STEP_OK || sample_level(step, e) != STEP_OK ||
        sample_where(step, e, in) != STEP_OK)
        return STEP_FAIL;
    e->frame.design.lonely = (enum lonely)estimate_choice(step, "lonely", lonely);
    e->frame.design.lonely_domains = step_flag(step, "lonely-domains");
    e->df = (uint32_t)df_of[estimate_choice(step, "df", df_names)];
    e->deff = DEFF_NONE;
    return STEP_OK;
}

int sample_lonely(struct step *step, const struct frame *f, enum design_fault fault,
                  uint32_t stratum)
{
    struct text name = frame_stratum(f, stratum, step_arena(step));
    if (fault == DESIGN_NO_STRATUM)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "--lonely average needs a stratum of two PSUs, and a domain has none");
    if (fault == DESIGN_LONELY_WITHIN)
        return step_fail(step, EX_DATAERR, NOWHERE,
                         "a unit of stratum '%.*s' has only one unit of a further stage (and more "
                         "in its population), which shows no variance within it: leave that "
                         "stage out, or say --lonely remove",
                         (int)name.len, name.at);
    return step_fail(
        step, EX_DATAERR, NOWHERE,
        "stratum '%.*s' has only one PSU, so it shows no variance: join strata, or say "
        "--lonely adjust, average, collapse (or certainty, if it is one)",
        (int)name.len, name.at);
}

double sample_freedom(const struct estimate *e, const uint32_t *leaf, uint32_t count)
{
    if (e->df == DF_INFINITE)
        return (double)INFINITY;
    if (e->df == DF_DESIGN)
        return (double)design_freedom(&e->frame.design);
    return (double)design_domain_freedom(&e->frame.design, leaf, count);
}
