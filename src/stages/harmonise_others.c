/* SPDX-License-Identifier: GPL-3.0-or-later */
/* harmonise --others: the other rows of a source decide between the codes of an ambiguous text. */
#include "stages/harmonise.h"

static int table_column(struct step *s, const struct others *o, struct text name, int *column)
{
    *column = schema_find(o->table->schema, name);
    if (*column != NO_COLUMN)
        return STEP_OK;
    return step_fail(s, EX_DATAERR, (struct place){o->table->name, 1, 0},
                     "--others: no column \"%.*s\"", (int)name.len, name.at);
}

static int options_check(struct step *s, struct others *o)
{
    const char *kind = step_option(s, "others-are");
    bool source = step_option(s, "source") != NULL, table = step_option(s, "others") != NULL;
    if (!table && (source || kind))
        return step_fail(s, EX_USAGE, NOWHERE, "--%s is of --others, which is missing",
                         source ? "source" : "others-are");
    if (table && !kind)
        return step_fail(s, EX_USAGE, NOWHERE,
                         "--others-are must say whether the others are records or a list");
    o->kind = kind && strcmp(kind, "list") == 0 ? WITNESS_LIST : WITNESS_RECORDS;
    return STEP_OK;
}

/* The table has the columns --column and --source, by the same names. */
int others_open(struct step *s, struct others *o, const struct schema *in, int column)
{
    *o = (struct others){.source = NO_COLUMN, .table_source = NO_COLUMN};
    int state = options_check(s, o);
    if (state != STEP_OK || !step_option(s, "others"))
        return state;
    if (step_option(s, "source") && step_column(s, "source", &o->source) != STEP_OK)
        return STEP_FAIL;
    o->table = step_table(s, "others", 0);
    state = o->table ? table_column(s, o, in->name[column], &o->table_text) : STEP_FAIL;
    if (state == STEP_OK && o->source != NO_COLUMN)
        state = table_column(s, o, in->name[o->source], &o->table_source);
    return state;
}

void others_start(struct step *s, struct others *o, const struct codelist *list)
{
    if (o->table)
        o->witnesses = witnesses_new(step_arena(s), list, o->table, o->table_text, o->table_source);
}

struct text others_pick(const struct others *o, const struct batch *in, uint32_t row,
                        struct text candidates)
{
    struct text source = {"", 0};
    if (!o->witnesses)
        return source;
    if (o->source != NO_COLUMN)
        source = batch_text(in, (uint32_t)o->source)[row];
    return witness_decide(o->witnesses, o->kind, source, candidates);
}
