/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stages/validate.h"

#include "table/reference.h"

/* The table that `exists in` names: a built-in list, or a file. */
static int target_load(struct step *s, struct across *a)
{
    const char *file = across_file(a);
    const struct table *t =
        reference_exists(file) ? step_reference(s, file) : step_table_named(s, file);
    return t && across_target(a, t, step_error(s)) == 0 ? STEP_OK : STEP_FAIL;
}

void rules_names(struct step *s, void (*add)(void *, const char *), void *to)
{
    struct error ignored = {0};
    struct text bytes = step_peek(s, "rules");
    const struct table *t =
        bytes.at ? table_parse(step_arena(s), "", bytes.at, bytes.len, &ignored) : NULL;
    int expression = t ? schema_find(t->schema, TEXT("expression")) : NO_COLUMN;
    for (uint32_t i = 0; expression != NO_COLUMN && i < t->rows; i++) {
        const char *file = across_names(step_arena(s), t->column[expression][i]);
        if (file && !reference_exists(file))
            add(to, file);
    }
}

int rules_load(struct step *s, const struct schema *in)
{
    struct validate *v = step_state(s);
    const char *lang = step_option(s, "lang");
    if (!step_option(s, "rules"))
        return STEP_OK;
    const struct table *table = step_table(s, "rules", 0);
    if (!table)
        return STEP_FAIL;
    v->rules = rule_set_new(step_arena(s), table, in, language_of(lang), step_error(s));
    if (!v->rules)
        return STEP_FAIL;
    for (uint32_t i = 0; i < v->rules->rules; i++) {
        struct row_rule *r = &v->rules->rule[i];
        for (uint32_t c = 0; c < r->columns; c++)
            step_need(s, r->column[c]);
        if (r->across && across_file(r->across) && target_load(s, r->across) != STEP_OK)
            return STEP_FAIL;
    }
    return STEP_OK;
}

bool rules_rowwise(const struct rule_set *set)
{
    for (uint32_t i = 0; set && i < set->rules; i++)
        if (set->rule[i].across && across_kind(set->rule[i].across) != ACROSS_EXISTS)
            return false;
    return true;
}

/* `100` errors, or `2.5%` of the rows. */
int threshold_read(struct step *s)
{
    struct validate *v = step_state(s);
    const char *value = step_option(s, "max-findings");
    if (!value)
        return STEP_OK;
    struct text t = text_of(value);
    v->percent = t.len && t.at[t.len - 1] == '%';
    t.len -= v->percent;
    struct decimal d = decimal_parse(t);
    if (v->percent && d.kind == NUMBER_EXACT)
        d = decimal_multiply(d, decimal_of(100));
    d = d.kind == NUMBER_EXACT ? decimal_round(d, 0) : d;
    if (d.kind != NUMBER_EXACT || d.mantissa < 0)
        return step_fail(s, EX_USAGE, NOWHERE,
                         "--max-findings takes a number, or per cent of rows");
    v->counted = true;
    v->most = (uint64_t)d.mantissa;
    return STEP_OK;
}

static struct schema *schema_of(struct step *s, const char *const *name, uint32_t count)
{
    struct schema *schema = schema_new(step_arena(s));
    for (uint32_t i = 0; i < count; i++)
        schema_add(schema, text_of(name[i]));
    return schema;
}

void quality_open(struct step *s, const struct schema *in)
{
    struct validate *v = step_state(s);
    const char *file = step_option(s, "quality");
    if (!file)
        return;
    size_t len = strlen(file);
    v->markdown = len > 3 && strcmp(file + len - 3, ".md") == 0;
    v->quality_schema = schema_of(s, quality_names, QUALITY_COLUMNS);
    v->quality_port =
        v->markdown ? step_port_bytes(s, "quality") : step_port(s, "quality", v->quality_schema);
    v->quality = quality_new(step_arena(s), in);
    step_need_all(s);
}

void localise_open(struct step *s, const struct schema *in)
{
    static const char *const names[] = {"row", "rules", "fields", "count", "proof", "solutions"};
    struct validate *v = step_state(s);
    if (!step_option(s, "localise") || !v->rules)
        return;
    v->localise_schema = schema_of(s, names, 6);
    v->localise_port = step_port(s, "localise", v->localise_schema);
    step_numbers(s, v->localise_port, 0);
    v->localise = localise_new(step_arena(s), v->rules, in);
}

int threshold_check(struct step *s)
{
    const struct validate *v = step_state(s);
    if (v->counted && !v->percent && v->errors > v->most)
        return step_fail(s, EX_DATAERR, NOWHERE, "more errors than --max-findings %s",
                         step_option(s, "max-findings"));
    return STEP_OK;
}

/* Rows that break row rules, each with the fewest columns that would have to change. */
int rows_localise(struct step *s, struct batch *in, const uint8_t *truth)
{
    const struct validate *v = step_state(s);
    struct localised *found = arena_array(in->arena, in->rows, sizeof *found);
    uint32_t count = 0;
    for (uint32_t row = 0; row < in->rows; row++)
        if (localise_row(v->localise, in, truth, row, &found[count]))
            found[count++].number = step_rows(s) + row + 1;
    if (count == 0)
        return STEP_OK;
    struct batch *b = batch_new(in->arena, v->localise_schema, count);
    struct text *cell[6];
    for (uint32_t c = 0; c < 6; c++)
        cell[c] = batch_new_text(b, c);
    for (uint32_t i = 0; i < count; i++)
        localised_print(&found[i], in->arena, i, cell);
    struct decimal *number = batch_new_decimal(b, 0);
    for (uint32_t i = 0; i < count; i++)
        number[i] = decimal_of((int64_t)found[i].number);
    b->sequence = in->sequence;
    return step_emit(s, v->localise_port, b);
}

/* ---- where rows came from ---- */

void origin_open(struct step *s)
{
    struct validate *v = step_state(s);
    if (v->report && v->file != NO_COLUMN && !rules_rowwise(v->rules))
        v->files = dictionary_new(step_arena(s), KEYS);
}

static void origin_grow(struct step *s, size_t need)
{
    struct validate *v = step_state(s);
    struct origin *old = v->origin;
    if (need <= v->origin_room)
        return;
    v->origin_room = 2 * need;
    v->origin = arena_array(step_arena(s), v->origin_room, sizeof *v->origin);
    if (old)
        memcpy(v->origin, old, v->origins * sizeof *old);
}

void origin_keep(struct step *s, const struct batch *b)
{
    struct validate *v = step_state(s);
    const struct text *file = batch_text(b, (uint32_t)v->file);
    const struct decimal *line = batch_decimal(b, (uint32_t)v->line);
    origin_grow(s, v->origins + b->rows);
    for (uint32_t row = 0; row < b->rows; row++)
        v->origin[v->origins++] =
            (struct origin){dictionary_add(v->files, file[row]), (uint64_t)line[row].mantissa};
}

/* The cells file and line of a late finding. */
static void origin_write(const struct validate *v, const struct breach *f, struct arena *a,
                         struct text **cell, uint32_t i)
{
    bool known = v->files && f->row < v->origins;
    cell[0][i] = known ? dictionary_text(v->files, v->origin[f->row].file) : TEXT("");
    cell[1][i] = known ? text_of(arena_print(a, "%llu", (unsigned long long)v->origin[f->row].line))
                       : TEXT("");
}

/* What a rule of groups or of time found; row is that in the input. */
struct late {
    struct validate *validate;
    struct row_rule *rule;
    const struct schema *schema;
};

static void late_add(void *to, uint64_t number)
{
    struct late *l = to;
    struct row_rule *r = l->rule;
    r->findings++;
    breach_add(&l->validate->late,
               (struct breach){(uint32_t)(number - 1), l->schema->name[r->column[0]], r->id,
                               r->message, r->warning, r});
}

void late_find(struct step *s)
{
    struct validate *v = step_state(s);
    for (uint32_t i = 0; v->rules && i < v->rules->rules; i++) {
        struct late l = {v, &v->rules->rule[i], step_in(s)};
        if (l.rule->across)
            across_finish(l.rule->across, late_add, &l);
    }
}

int late_report(struct step *s)
{
    const struct validate *v = step_state(s);
    uint32_t most = step_batch_rows(s);
    for (size_t done = 0; done < v->late.count;) {
        size_t left = v->late.count - done;
        struct text *cell[7];
        struct batch *b = report_batch(
            v, step_batch(s, v->report_schema, left < most ? (uint32_t)left : most), cell);
        for (uint32_t i = 0; i < b->rows; i++, done++) {
            const struct breach *f = &v->late.at[done];
            if (cell[0])
                origin_write(v, f, b->arena, cell, i);
            cell[2][i] = text_of(arena_print(b->arena, "%lu", (unsigned long)f->row + 1));
            cell[3][i] = f->column;
            cell[4][i] = f->rule;
            cell[5][i] = f->warning ? TEXT("warning") : TEXT("error");
            cell[6][i] = f->message;
        }
        if (step_emit(s, v->report, b) == STEP_FAIL)
            return STEP_FAIL;
    }
    return STEP_OK;
}

int late_judge(struct step *s)
{
    struct validate *v = step_state(s);
    v->errors += v->late.errors;
    if (v->counted && v->percent && v->bad_rows * 10000 > v->most * step_rows(s))
        return step_fail(s, EX_DATAERR, NOWHERE, "more rows have an error than --max-findings %s",
                         step_option(s, "max-findings"));
    for (size_t i = 0; i < v->late.count && v->fail != FAIL_NEVER && !v->counted; i++) {
        const struct breach *f = &v->late.at[i];
        if (!f->warning || v->fail == FAIL_WARNING)
            return step_fail(s, EX_DATAERR, NOWHERE, "row %lu: %.*s (rule %.*s)",
                             (unsigned long)f->row + 1, (int)f->message.len, f->message.at,
                             (int)f->rule.len, f->rule.at);
    }
    return threshold_check(s);
}

int quality_report(struct step *s)
{
    const struct validate *v = step_state(s);
    if (!v->quality)
        return STEP_OK;
    if (v->markdown) {
        struct text page = quality_markdown(v->quality, v->rules, step_arena(s));
        return step_write(s, v->quality_port, page.at, page.len);
    }
    uint32_t rows = quality_rows(v->quality, v->rules);
    struct batch *b = step_batch(s, v->quality_schema, rows);
    struct text *cell[QUALITY_COLUMNS], row[QUALITY_COLUMNS];
    for (uint32_t c = 0; c < QUALITY_COLUMNS; c++)
        cell[c] = batch_new_text(b, c);
    for (uint32_t i = 0; i < rows; i++) {
        quality_row(v->quality, v->rules, i, b->arena, row);
        for (uint32_t c = 0; c < QUALITY_COLUMNS; c++)
            cell[c][i] = row[c];
    }
    return rows ? step_emit(s, v->quality_port, b) : STEP_OK;
}
