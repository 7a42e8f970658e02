/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff_tail.h"

#include <ctype.h>
#include <strings.h>

static bool is_total(struct text cell)
{
    static const char *const words[] = {"total",   "totaux",   "ensemble", "grand total", "sum",
                                        "المجموع", "الإجمالي", "الاجمالي", "مجموع"};
    struct text t = text_trim(cell);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (t.len >= n && strncasecmp(t.at, words[i], n) == 0 &&
            (t.len == n || !isalnum((unsigned char)t.at[n])))
            return true;
    }
    return false;
}

static struct sniff_tail_row row_of(const struct batch *b, uint32_t row)
{
    uint32_t filled = 0;
    for (uint32_t c = 0; c < b->schema->columns; c++)
        filled += !text_missing(text_trim(batch_text(b, c)[row]));
    struct text first = batch_text(b, 0)[row];
    return (struct sniff_tail_row){.note = filled == 1 && b->schema->columns > 2 &&
                                           !text_missing(text_trim(first)),
                                   .total = is_total(first)};
}

void sniff_tail_add(struct sniff_tail *t, const struct batch *b, const struct csv_chunk *chunk)
{
    uint32_t from = b->rows > SNIFF_TAIL ? b->rows - SNIFF_TAIL : 0;
    const uint64_t *line = b->rows ? batch_lines(b) : NULL;
    t->rows += from;
    for (uint32_t i = from; i < b->rows; i++) {
        struct sniff_tail_row row = row_of(b, i);
        row.line = line[i];
        t->row[t->rows++ % SNIFF_TAIL] = row;
    }
    if (!chunk->fault)
        return;
    t->last_fault = chunk->fault->place.line;
    if (t->faults++ == 0)
        t->first_fault = t->last_fault;
}

/* The i-th row from the bottom, from 1; NULL: it is not kept. */
static const struct sniff_tail_row *from_bottom(const struct sniff_tail *t, uint64_t i)
{
    return i > t->rows || i > SNIFF_TAIL ? NULL : &t->row[(t->rows - i) % SNIFF_TAIL];
}

static uint64_t count_notes(const struct sniff_tail *t)
{
    uint64_t n = 0;
    const struct sniff_tail_row *row;
    while ((row = from_bottom(t, n + 1)) && row->note && !row->total)
        n++;
    return n == t->rows || n == SNIFF_TAIL ? 0 : n; /* that is how the table is */
}

bool sniff_tail_only(const struct sniff_tail *t)
{
    const struct sniff_tail_row *last = from_bottom(t, 1);
    return t->faults && t->faults <= SNIFF_TAIL && last && t->first_fault > last->line;
}

const char *sniff_tail_notes(const struct sniff_tail *t, struct arena *a)
{
    uint64_t n = count_notes(t);
    if (sniff_tail_only(t))
        return arena_print(
            a,
            "lines %llu to %llu, behind the table, have not the cells of its header: "
            "--rejects FILE sets them aside",
            (unsigned long long)t->first_fault, (unsigned long long)t->last_fault);
    if (!n)
        return NULL;
    return arena_print(
        a,
        "lines %llu to %llu, at the bottom, have a text in the first cell alone: they "
        "are read as rows; drop them behind ingest if they are notes",
        (unsigned long long)from_bottom(t, n)->line, (unsigned long long)from_bottom(t, 1)->line);
}

const char *sniff_tail_total(const struct sniff_tail *t, struct arena *a)
{
    const struct sniff_tail_row *row = from_bottom(t, count_notes(t) + 1);
    if (!row || !row->total)
        return NULL;
    return arena_print(a,
                       "line %llu, the last row, begins with a word for a total: it is read as a "
                       "row; drop it behind ingest before anything is added up",
                       (unsigned long long)row->line);
}
