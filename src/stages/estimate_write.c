/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/estimate_write.h"

#include <math.h>
#include <stdlib.h>

enum figure_column {
    COLUMN_STATISTIC,
    COLUMN_VARIABLE,
    COLUMN_VALUE,
    COLUMN_SE,
    COLUMN_CV,
    COLUMN_LOW,
    COLUMN_HIGH,
    COLUMN_DEFF,
    COLUMN_DF,
    COLUMN_N,
    COLUMN_STATUS,
    COLUMN_NOTE,
    COLUMNS,
};

static const char *const names[COLUMNS] = {"statistic", "variable", "value",   "se",
                                           "cv",        "ci_low",   "ci_high", "deff",
                                           "df",        "n",        "status",  "note"};

struct writer_rows {
    struct arena *arena;
    uint32_t count, room, columns;
    struct text *cell; /* room x columns */
};

int rows_schema(struct step *step, struct schema *out)
{
    for (int i = 0; i < COLUMNS; i++)
        if (schema_add(out, text_of(names[i])) == NO_COLUMN)
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--by: '%s' is a column of the result; rename that of the input",
                             names[i]);
    return STEP_OK;
}

/* ---- flags ---- */

static int parse_limits(struct step *step, struct text list, struct flag_rule *f)
{
    double *to[] = {&f->warn_cv, &f->most_cv, &f->least_n};
    struct text item;
    for (int i = 0; text_next(&list, ',', &item); i++)
        if (i == 3 || !real_read(item, to[i]))
            return step_fail(step, EX_USAGE, NOWHERE,
                             "--flags is nchs, cv or cv:WARN,MOST,RECORDS as in cv:16.5,33.3,30");
    return STEP_OK;
}

int flags_open(struct step *step, struct estimate *e)
{
    struct flag_rule *f = arena_zalloc(step_arena(step), sizeof *f);
    const char *value = step_option(step, "flags");
    struct text list = text_of(value ? value : ""), kind;
    *f = (struct flag_rule){FLAGS_NONE, 16.5, 33.3, 30};
    e->flags = f;
    if (!value)
        return STEP_OK;
    text_next(&list, ':', &kind);
    f->kind = text_equal(kind, TEXT("nchs")) ? FLAGS_NCHS : FLAGS_CV;
    if (f->kind == FLAGS_CV && !text_equal(kind, TEXT("cv")))
        return parse_limits(step, TEXT("?"), f);
    return list.at ? parse_limits(step, list, f) : STEP_OK;
}

struct judgement {
    char status;
    const char *note;
};

static struct judgement judge_cv(const struct flag_rule *f, const struct result *r, double cv)
{
    switch (flag_cv(r->n, cv, f->least_n, f->warn_cv, f->most_cv)) {
    case FLAG_WITHHOLD:
        return (struct judgement){'Q', r->n < f->least_n ? "too few records" : "cv too large"};
    case FLAG_WARN:
        return (struct judgement){'U', "cv large"};
    default:
        return (struct judgement){'A', ""};
    }
}

static double least_records(const struct flag_rule *f)
{
    return f->kind == FLAGS_NONE ? 0 : f->least_n;
}

static struct judgement judge(const struct estimate *e, enum statistic kind, const struct result *r,
                              double cv)
{
    bool share = kind == STAT_PROPORTION;
    struct judgement j = {'A', ""};
    if (isnan(r->value))
        return (struct judgement){'M', "no record in this domain"};
    if (e->quota)
        return (struct judgement){'U', "quota sample: no design-based error exists"};
    if (isnan(r->se))
        return (struct judgement){r->n < least_records(e->flags) ? 'Q' : 'U',
                                  "no stratum has two PSUs in this domain: no error"};
    if (e->flags->kind == FLAGS_NCHS && share) {
        enum flag flag = flag_nchs(r->value, r->se, r->n, r->df, e->level_of_confidence, &j.note);
        j.status = "AUQ"[flag];
        j.note = flag == FLAG_SHOW ? "" : j.note;
    } else if (e->flags->kind == FLAGS_CV) {
        j = judge_cv(e->flags, r, cv);
    }
    if (j.status == 'Q')
        return j;
    if (r->empty)
        return (struct judgement){'U', "no record in this domain"};
    if (r->df < 1)
        return (struct judgement){'U', "a single PSU a stratum: interval with 1 degree of freedom"};
    if (share && (r->value <= 0 || r->value >= 1))
        return (struct judgement){'U', "all or none"};
    if (isnan(cv) && j.status == 'A')
        return (struct judgement){'U', "value is 0: no cv"};
    return j;
}

/* ---- rows ---- */

void rows_new(struct step *step, struct estimate *e)
{
    struct writer_rows *w = arena_zalloc(step_arena(step), sizeof *w);
    w->arena = arena_new();
    w->room = step_batch_rows(step);
    w->columns = e->columns + COLUMNS;
    w->cell = arena_array(step_arena(step), (size_t)w->room * w->columns, sizeof *w->cell);
    e->rows = w;
}

void rows_free(struct estimate *e)
{
    if (e->rows)
        arena_free(e->rows->arena);
}

int rows_flush(struct step *step, struct estimate *e)
{
    struct writer_rows *w = e->rows;
    if (w->count == 0)
        return STEP_OK;
    struct batch *b = step_batch(step, step_out(step), w->count);
    for (uint32_t c = 0; c < w->columns; c++) {
        struct text *to = batch_new_text(b, c);
        for (uint32_t i = 0; i < w->count; i++)
            to[i] = text_copy(b->arena, w->cell[(size_t)i * w->columns + c]);
    }
    step_count(step, COUNT_MADE, w->count);
    w->count = 0;
    arena_reset(w->arena);
    return step_emit(step, 0, b);
}

static struct text number(struct arena *a, double value)
{
    char out[REAL_TEXT];
    if (!isfinite(value))
        return TEXT("");
    size_t n = real_format(value, out);
    return (struct text){arena_copy(a, out, n), (uint32_t)n};
}

static struct interval interval_for(const struct estimate *e, enum statistic kind,
                                    const struct result *r)
{
    double level = e->level_of_confidence;
    if (kind == STAT_QUANTILE || r->has_interval)
        return r->interval;
    if (kind == STAT_PROPORTION)
        return interval_of_proportion(e->interval, r->value, r->se, r->n, level, r->df);
    return interval_of(r->value, r->se, level, r->df);
}

void result_interval(const struct estimate *e, enum statistic kind, struct result *r)
{
    r->interval = interval_for(e, kind, r);
    r->has_interval = true;
}

static void fill_numbers(const struct estimate *e, struct text *cell, enum statistic kind,
                         const struct result *r, double cv)
{
    struct arena *a = e->rows->arena;
    cell[COLUMN_VALUE] = number(a, r->value);
    if (e->quota || isnan(r->value) || isnan(r->se))
        return;
    struct interval i = interval_for(e, kind, r);
    cell[COLUMN_SE] = number(a, r->se);
    cell[COLUMN_CV] = number(a, cv);
    cell[COLUMN_LOW] = number(a, i.low);
    cell[COLUMN_HIGH] = number(a, i.high);
    cell[COLUMN_DEFF] = number(a, r->deff);
}

int rows_add(struct step *step, struct estimate *e, const struct row_key *key, enum statistic kind,
             const struct result *r)
{
    struct writer_rows *w = e->rows;
    struct text *cell = w->cell + (size_t)w->count * w->columns;
    double cv = r->value != 0.0 ? 100 * r->se / fabs(r->value) : NO_NUMBER;
    struct judgement j = judge(e, kind, r, cv);
    memset(cell, 0, w->columns * sizeof *cell);
    for (uint32_t g = 0; g < e->columns; g++)
        cell[g] = text_copy(w->arena, key->group[g]);
    cell += e->columns;
    cell[COLUMN_STATISTIC] = text_of(key->statistic);
    cell[COLUMN_VARIABLE] = text_copy(w->arena, key->variable);
    if (j.status != 'Q')
        fill_numbers(e, cell, kind, r, cv);
    if (!e->quota && !isnan(r->df))
        cell[COLUMN_DF] = number(w->arena, r->df);
    cell[COLUMN_N] = number(w->arena, r->n);
    cell[COLUMN_STATUS] = (struct text){arena_copy(w->arena, &j.status, 1), 1};
    cell[COLUMN_NOTE] = text_of(j.note);
    w->count++;
    return w->count == w->room ? rows_flush(step, e) : STEP_OK;
}
