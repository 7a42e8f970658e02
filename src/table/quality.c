/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/quality.h"

#include "table/dictionary.h"

struct column_quality {
    uint64_t present, faults, last; /* last: row of the last fault, from 1 */
    struct dictionary *distinct;
    bool full;
};

struct quality {
    const struct schema *schema;
    uint64_t rows;
    struct column_quality *column;
};

const char *const quality_names[QUALITY_COLUMNS] = {
    "about",    "name",     "rows",     "present",    "completeness",
    "findings", "validity", "distinct", "uniqueness", "message",
};

struct quality *quality_new(struct arena *arena, const struct schema *schema)
{
    struct quality *q = arena_zalloc(arena, sizeof *q);
    q->schema = schema;
    q->column = arena_zarray(arena, schema->columns + 1, sizeof *q->column);
    for (uint32_t c = 0; c < schema->columns; c++)
        q->column[c].distinct = dictionary_new(arena, DICTIONARY_LIMIT);
    return q;
}

static void column_add(struct column_quality *c, const struct text *cell, uint32_t rows)
{
    for (uint32_t row = 0; row < rows; row++) {
        if (text_missing(cell[row]))
            continue;
        c->present++;
        c->full |= dictionary_add(c->distinct, cell[row]) == DICTIONARY_NONE;
    }
}

void quality_add(struct quality *q, const struct batch *b, const struct breaches *found)
{
    for (uint32_t c = 0; c < q->schema->columns; c++)
        column_add(&q->column[c], batch_text(b, c), b->rows);
    for (size_t i = 0; i < found->count; i++) {
        const struct breach *f = &found->at[i];
        int c = schema_find(q->schema, f->column);
        uint64_t row = q->rows + f->row + 1;
        if (c == NO_COLUMN || q->column[c].last == row ||
            text_missing(batch_text(b, (uint32_t)c)[f->row]))
            continue;
        q->column[c].last = row;
        q->column[c].faults++;
    }
    q->rows += b->rows;
}

void quality_merge(struct quality *q, const struct quality *other)
{
    q->rows += other->rows;
    for (uint32_t c = 0; c < q->schema->columns; c++) {
        struct column_quality *sum = &q->column[c];
        const struct column_quality *k = &other->column[c];
        sum->present += k->present;
        sum->faults += k->faults;
        sum->full |= k->full;
        for (uint32_t n = 0; n < dictionary_count(k->distinct); n++)
            sum->full |=
                dictionary_add(sum->distinct, dictionary_text(k->distinct, n)) == DICTIONARY_NONE;
    }
}

uint32_t quality_rows(const struct quality *q, const struct rule_set *set)
{
    return q->schema->columns + (set ? set->rules : 0);
}

static struct text count_text(struct arena *a, uint64_t n)
{
    return text_of(arena_print(a, "%llu", (unsigned long long)n));
}

static struct text share_text(struct arena *a, uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return (struct text){"", 0};
    unsigned long long n = (part * 20000 + whole) / (2 * whole);
    return text_of(arena_print(a, "%llu.%02llu", n / 100, n % 100));
}

static void column_row(const struct quality *q, uint32_t c, struct arena *a, struct text *out)
{
    const struct column_quality *k = &q->column[c];
    uint64_t distinct = dictionary_count(k->distinct);
    out[0] = TEXT("column");
    out[1] = q->schema->name[c];
    out[3] = count_text(a, k->present);
    out[4] = share_text(a, k->present, q->rows);
    out[5] = count_text(a, k->faults);
    out[6] = share_text(a, k->present - k->faults, k->present);
    if (k->full)
        return;
    out[7] = count_text(a, distinct);
    out[8] = share_text(a, distinct, k->present);
}

void quality_row(const struct quality *q, const struct rule_set *set, uint32_t row, struct arena *a,
                 struct text out[QUALITY_COLUMNS])
{
    for (int i = 0; i < QUALITY_COLUMNS; i++)
        out[i] = (struct text){"", 0};
    out[2] = count_text(a, q->rows);
    if (row < q->schema->columns) {
        column_row(q, row, a, out);
        return;
    }
    const struct row_rule *r = &set->rule[row - q->schema->columns];
    out[0] = TEXT("rule");
    out[1] = r->id;
    out[5] = count_text(a, r->findings);
    if (r->scope == SCOPE_ROW || r->scope == SCOPE_KEY) /* the others count groups, not rows */
        out[6] = share_text(a, q->rows - r->findings, q->rows);
    out[9] = r->message;
}

/* ---- Markdown ---- */

struct page {
    struct arena *arena;
    char *at;
    size_t len, room;
};

static void put(struct page *p, struct text t)
{
    if (p->len + t.len > p->room) {
        size_t room = (p->len + t.len) * 2;
        char *made = arena_alloc(p->arena, room);
        if (p->len)
            memcpy(made, p->at, p->len);
        p->at = made;
        p->room = room;
    }
    memcpy(p->at + p->len, t.at, t.len);
    p->len += t.len;
}

/* A cell: a bar would end it, a line break the row. */
static void put_cell(struct page *p, struct text t)
{
    put(p, TEXT(" "));
    for (uint32_t i = 0; i < t.len; i++) {
        bool line = t.at[i] == '\n' || t.at[i] == '\r';
        if (t.at[i] == '|')
            put(p, TEXT("\\"));
        put(p, line ? TEXT(" ") : (struct text){t.at + i, 1});
    }
    put(p, TEXT(" |"));
}

static void put_head(struct page *p, uint32_t from, uint32_t to)
{
    put(p, TEXT("|"));
    for (uint32_t i = from; i < to; i++)
        put_cell(p, text_of(quality_names[i]));
    put(p, TEXT("\n|"));
    for (uint32_t i = from; i < to; i++)
        put(p, i == 1 || i == 9 ? TEXT(" --- |") : TEXT(" ---: |"));
    put(p, TEXT("\n"));
}

struct text quality_markdown(const struct quality *q, const struct rule_set *set, struct arena *a)
{
    struct page p = {.arena = a};
    uint32_t rows = quality_rows(q, set);
    put(&p, TEXT("# Quality\n\n## Columns\n\n"));
    put_head(&p, 1, 9);
    for (uint32_t row = 0; row < rows; row++) {
        struct text cell[QUALITY_COLUMNS];
        bool rule = row >= q->schema->columns;
        if (row == q->schema->columns) {
            put(&p, TEXT("\n## Rules\n\n| name | findings | validity | message |\n"
                         "| --- | ---: | ---: | --- |\n"));
        }
        quality_row(q, set, row, a, cell);
        put(&p, TEXT("|"));
        for (uint32_t i = 1; i < QUALITY_COLUMNS; i++)
            if (rule ? i == 1 || i == 5 || i == 6 || i == 9 : i < 9)
                put_cell(&p, cell[i]);
        put(&p, TEXT("\n"));
    }
    return (struct text){p.at, (uint32_t)p.len};
}
