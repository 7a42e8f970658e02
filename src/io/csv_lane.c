/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks of whole records, cut off one reader and sliced by others.
 *
 * Where a record ends is known only from the start of the file on, because a line end inside quotes
 * is none.  The main reader's block begins at a record, so the parity of its quotes tells whether
 * its end is inside quotes, and going back from there finds the last line end that is not.  A file
 * with a stray quote is cut wrongly behind it, but the block that holds it is refused first.
 * A lane's block is read into the lane's own room, which stays in the caches of one processor.
 */
#include "base/memory.h"
#include "io/csv_block.h"

struct csv_reader *csv_lane_new(const struct csv_reader *r)
{
    struct csv_reader *lane = memory_zalloc(sizeof *lane);
    lane->name = r->name;
    lane->fault = r->fault;
    lane->rules = r->rules;
    lane->isa = r->isa;
    lane->columns = r->columns;
    lane->lane = true;
    return lane;
}

static void take_room(struct csv_reader *r, const struct csv_reader *from)
{
    r->bytes = from->bytes;
    r->fields = from->fields;
    r->structure = from->structure;
    r->room = from->room;
}

/* The main reader goes on in the lane's room, with what it has read. */
static void go_over(struct csv_reader *r, struct csv_reader *lane)
{
    struct csv_reader own = *r;
    csv_block_reserve(lane, r->room);
    memcpy(lane->bytes, r->bytes, r->len);
    take_room(r, lane);
    take_room(lane, &own);
    csv_block_forget(r);
}

/* Behind the last line end outside quotes of bytes[from..len-1], or `from`. */
static size_t last_end(const struct csv_reader *r, uint64_t quotes)
{
    bool inside = quotes & 1;
    for (size_t i = r->len; i > r->from; i--) {
        if (r->bytes[i - 1] == '"')
            inside = !inside;
        else if (r->bytes[i - 1] == '\n' && !inside)
            return i;
    }
    return r->from;
}

/* Reads until the block holds the end of a record; at the end of the input all of it is the last.
 */
static int find_cut(struct csv_reader *r, size_t *cut, struct csv_tally *tally, struct error *e)
{
    for (;;) {
        size_t len = r->len - r->from;
        *tally = r->isa->tally(r->bytes + r->from, len);
        *cut = r->end ? r->len : last_end(r, tally->quotes);
        if (r->end || (*cut > r->from && len >= r->rules.block / 2))
            return 0;
        if ((*cut > r->from ? csv_block_more(r, e) : csv_block_fill(r, e)) < 0)
            return -1;
    }
}

/* The lane gets the bytes up to the cut, the main reader takes the rest into the other room. */
static void hand_over(struct csv_reader *r, struct csv_reader *lane, size_t cut, uint64_t lines)
{
    size_t rest = r->len - cut;
    struct csv_reader old = *lane;
    csv_block_reserve(&old, rest > r->room ? rest : r->room);
    *lane = *r;
    lane->lane = true;
    lane->input = NULL;
    lane->len = cut;
    take_room(r, &old);
    if (rest)
        memcpy(r->bytes, lane->bytes + cut, rest);
    r->len = rest;
    r->from = r->known = 0;
    r->line = r->known_line = lane->line + lines;
    csv_block_forget(r);
    csv_block_forget(lane);
}

int csv_lane_feed(struct csv_reader *r, struct csv_reader *lane, struct error *e)
{
    struct csv_tally tally;
    size_t cut;
    lane->from = lane->len = 0;
    go_over(r, lane);
    if (find_cut(r, &cut, &tally, e) < 0)
        return -1;
    if (r->from == r->len && r->end)
        return 0;
    uint64_t before = r->isa->tally(r->bytes, r->from).lines;
    uint64_t behind = r->isa->tally(r->bytes + cut, r->len - cut).lines;
    uint64_t lines = before + tally.lines - behind;
    hand_over(r, lane, cut, r->fault ? csv_place(r, cut).line - r->line : lines);
    return 1;
}
