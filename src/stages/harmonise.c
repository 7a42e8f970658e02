/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * harmonise: a column of written names becomes a column of codes.
 *
 * Each distinct text is resolved once (table/codelist.h) and remembered by a bounded dictionary;
 * rows then cost one probe.  What does not resolve becomes missing and is counted for the review,
 * which is written at finish.  Nothing is ever guessed: the nearest forms are shown to the reader
 * of the review only.  Memory: the distinct texts, 65 536 at most.
 */
#include "chain/stage.h"

#include <stdlib.h>

#include "table/codelist.h"
#include "table/dictionary.h"

enum { SUGGESTIONS = 1000, REVIEW_COLUMNS = 9 };

enum { FAIL_NEVER, FAIL_AMBIGUOUS = 1, FAIL_UNKNOWN = 2, FAIL_ANY = 3 };

/* What is known of one distinct text. */
struct verdict {
    struct text text, code;
    enum match match;
    uint64_t count, first; /* rows that have it; the first of them */
};

struct harmonise {
    const struct table *tables[3]; /* the list, its aliases, the user's own */
    struct codelist *list;
    struct dictionary *texts;
    struct verdict *verdict; /* by number in `texts` */
    uint32_t room;
    struct verdict spare; /* of a text that the full dictionary did not take */
    uint64_t unlisted;    /* rows whose text is missing from the review for that reason */
    uint32_t in_columns;
    int column, into, status; /* status: NO_COLUMN where not asked for */
    unsigned review, fail;
    const struct schema *out, *review_schema;
};

static const char *const review_names[REVIEW_COLUMNS] = {
    "text",       "code",       "status",  "count",    "first_row",
    "candidates", "suggestion", "nearest", "distance",
};

static const struct option_spec options[] = {
    {"column", OPTION_COLUMN, "COL", "the column of written names", OPTION_REQUIRED, NULL},
    {"list", OPTION_LIST, "NAME|FILE", "the code list: a built-in name, or a CSV", OPTION_REQUIRED,
     NULL},
    {"aliases", OPTION_TABLE, "FILE", "your own spellings: a CSV with columns text and code", 0,
     NULL},
    {"into", OPTION_TEXT, "COL", "write the codes to this new column (default: over --column)", 0,
     NULL},
    {"status", OPTION_TEXT, "COL", "write how each text was found to this new column", 0, NULL},
    {"review", OPTION_OUTPUT, "FILE", "the texts that did not resolve, with suggestions", 0, NULL},
    {"fail-on", OPTION_CHOICE, "WHICH", "end the run at the first text of this kind", 0,
     "any|unknown|ambiguous|never"},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, NULL},
    {0},
};

/* Without --fail-on a lost text ends the run, unless some output shows that it was lost. */
static unsigned fail_kind(const struct step *s)
{
    const char *value = step_option(s, "fail-on");
    if (!value)
        return step_option(s, "review") || step_option(s, "status") || step_option(s, "into")
                   ? FAIL_NEVER
                   : FAIL_ANY;
    static const struct {
        const char *name;
        unsigned kind;
    } kinds[] = {{"any", FAIL_ANY}, {"unknown", FAIL_UNKNOWN}, {"ambiguous", FAIL_AMBIGUOUS}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(value, kinds[i].name) == 0)
            return kinds[i].kind;
    return FAIL_NEVER;
}

/* The new column that an option names; `otherwise` where the option is not given. */
static int column_new(struct step *s, const char *option, struct schema *out, int otherwise,
                      int *column)
{
    const char *name = step_option(s, option);
    *column = otherwise;
    if (!name)
        return STEP_OK;
    *column = schema_add(out, text_of(name));
    if (*column == NO_COLUMN)
        return step_fail(s, EX_USAGE, NOWHERE, "--%s: column \"%s\" exists already", option, name);
    return STEP_OK;
}

/* The tables that the list is made from; in a fused run they may be empty until the start. */
static int tables_open(struct step *s)
{
    struct harmonise *h = step_state(s);
    const char *name = step_option(s, "list");
    h->tables[0] = step_reference(s, name);
    if (h->tables[0])
        h->tables[1] = step_reference(s, arena_print(step_arena(s), "%s-alias", name));
    else
        h->tables[0] = step_table(s, "list", 0);
    h->tables[2] = step_table(s, "aliases", 0); /* NULL where not given */
    return h->tables[0] && (h->tables[2] || !step_option(s, "aliases")) ? STEP_OK : STEP_FAIL;
}

static int harmonise_open(struct step *s, const struct schema *in, struct schema *out)
{
    struct harmonise *h = step_state(s);
    int state = step_column(s, "column", &h->column);
    if (state == STEP_OK && !schema_add_all(out, in))
        state = step_fail(s, EX_SOFTWARE, NOWHERE, "columns of the input are not unique");
    h->in_columns = in->columns;
    if (state == STEP_OK)
        state = column_new(s, "into", out, h->column, &h->into);
    if (state == STEP_OK)
        state = column_new(s, "status", out, NO_COLUMN, &h->status);
    if (state != STEP_OK)
        return state;
    struct schema *review = schema_new(step_arena(s));
    for (int i = 0; i < REVIEW_COLUMNS; i++)
        schema_add(review, text_of(review_names[i]));
    h->out = out;
    h->review_schema = review;
    h->review = step_port(s, "review", review);
    h->fail = fail_kind(s);
    h->texts = dictionary_new(step_arena(s), DICTIONARY_LIMIT);
    return tables_open(s);
}

static int harmonise_start(struct step *s)
{
    struct harmonise *h = step_state(s);
    h->list = codelist_new(step_arena(s), h->tables[0], h->tables[1], h->tables[2], step_error(s));
    return h->list ? STEP_OK : STEP_FAIL;
}

static void verdicts_grow(struct harmonise *h, struct arena *arena, uint32_t want)
{
    if (want <= h->room)
        return;
    struct verdict *old = h->verdict;
    uint32_t room = h->room ? h->room * 2 : 256;
    h->verdict = arena_array(arena, room, sizeof *h->verdict);
    if (old)
        memcpy(h->verdict, old, h->room * sizeof *old);
    h->room = room;
}

static struct verdict *verdict_make(struct harmonise *h, struct verdict *v, struct text t)
{
    *v = (struct verdict){.text = t};
    v->match = codelist_resolve(h->list, t, &v->code);
    return v;
}

/* The verdict on a text, made where it is new; valid until the next call. */
static struct verdict *verdict_of(struct step *s, struct text t)
{
    struct harmonise *h = step_state(s);
    uint32_t known = dictionary_count(h->texts), n = dictionary_add(h->texts, t);
    if (n == DICTIONARY_NONE)
        return verdict_make(h, &h->spare, t);
    if (n < known)
        return &h->verdict[n];
    verdicts_grow(h, step_arena(s), n + 1);
    return verdict_make(h, &h->verdict[n], dictionary_text(h->texts, n));
}

static bool is_lost(const struct verdict *v)
{
    return v->match == MATCH_AMBIGUOUS || v->match == MATCH_UNKNOWN;
}

static int fail_at(struct step *s, const struct batch *in, uint32_t row, const struct verdict *v)
{
    const struct harmonise *h = step_state(s);
    struct text name = in->schema->name[h->column];
    return step_fail(s, EX_DATAERR, batch_place(in, row, (uint32_t)h->column),
                     "column \"%.*s\": this text %s; --review FILE lists all such texts, "
                     "--fail-on never goes on%s",
                     (int)name.len, name.at,
                     v->match == MATCH_AMBIGUOUS ? "stands for several codes"
                                                 : "is not in the list",
                     step_quote(s, v->text));
}

/* Counts a lost text, and ends the run where that was asked for. */
static int lost_at(struct step *s, const struct batch *in, uint32_t row, struct verdict *v)
{
    struct harmonise *h = step_state(s);
    unsigned kind = v->match == MATCH_AMBIGUOUS ? FAIL_AMBIGUOUS : FAIL_UNKNOWN;
    if (h->fail & kind)
        return fail_at(s, in, row, v);
    if (v == &h->spare)
        h->unlisted++;
    if (v->count++ == 0)
        v->first = step_rows(s) + row + 1;
    return STEP_OK;
}

static int rows_resolve(struct step *s, const struct batch *in, struct text *code,
                        struct text *status)
{
    const struct harmonise *h = step_state(s);
    const struct text *text = batch_text(in, (uint32_t)h->column);
    for (uint32_t row = 0; row < in->rows; row++) {
        struct text name = TEXT("missing");
        code[row] = (struct text){"", 0};
        if (!text_missing(text[row])) {
            struct verdict *v = verdict_of(s, text[row]);
            if (is_lost(v) && lost_at(s, in, row, v) != STEP_OK)
                return STEP_FAIL;
            code[row] = v->code;
            name = match_name(v->match);
        }
        if (status)
            status[row] = name;
    }
    return STEP_OK;
}

static int harmonise_push(struct step *s, struct batch *in)
{
    const struct harmonise *h = step_state(s);
    struct batch *out = batch_derive(in, h->out);
    for (uint32_t c = 0; c < h->in_columns; c++)
        if ((int)c != h->into)
            batch_share(out, c, in, c);
    struct text *code = batch_new_text(out, (uint32_t)h->into), *status = NULL;
    if (h->status != NO_COLUMN)
        status = batch_new_text(out, (uint32_t)h->status);
    int state = rows_resolve(s, in, code, status);
    return state == STEP_OK ? step_emit(s, 0, out) : state;
}

static int harmonise_merge(struct step *into, struct step *from)
{
    struct harmonise *a = step_state(into), *b = step_state(from);
    a->unlisted += b->unlisted;
    for (uint32_t n = 0; n < dictionary_count(b->texts); n++) {
        const struct verdict *v = &b->verdict[n];
        if (!is_lost(v))
            continue;
        struct verdict *sum = verdict_of(into, v->text);
        if (sum == &a->spare)
            a->unlisted += v->count;
        if (sum->count == 0 || v->first < sum->first)
            sum->first = v->first;
        sum->count += v->count;
    }
    return STEP_OK;
}

static int verdict_order(const void *a, const void *b)
{
    const struct verdict *x = *(const struct verdict *const *)a;
    const struct verdict *y = *(const struct verdict *const *)b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return text_compare(x->text, y->text);
}

static const struct verdict **verdicts_lost(struct step *s, uint32_t *count)
{
    const struct harmonise *h = step_state(s);
    uint32_t all = dictionary_count(h->texts);
    const struct verdict **lost = arena_array(step_arena(s), all, sizeof *lost);
    *count = 0;
    for (uint32_t n = 0; n < all; n++)
        if (is_lost(&h->verdict[n]))
            lost[(*count)++] = &h->verdict[n];
    if (*count)
        qsort(lost, *count, sizeof *lost, verdict_order);
    return lost;
}

/* The columns of the review that help a reader to decide; `rank` is the row of the review. */
static void review_advise(const struct harmonise *h, struct batch *b, struct text *const *out,
                          uint32_t row, const struct verdict *v, uint64_t rank)
{
    if (v->match == MATCH_AMBIGUOUS) {
        out[0][row] = codelist_candidates(h->list, v->text, b->arena);
        return;
    }
    if (rank >= SUGGESTIONS)
        return;
    struct nearest near = codelist_nearest(h->list, v->text, b->arena);
    if (text_missing(near.codes))
        return;
    out[1][row] = near.codes;
    out[2][row] = near.written;
    out[3][row] = text_of(arena_print(b->arena, "%u", near.distance));
}

static void review_fill(const struct harmonise *h, struct batch *b,
                        const struct verdict *const *lost, uint64_t rank)
{
    struct text *text = batch_new_text(b, 0), *status = batch_new_text(b, 2);
    struct decimal *count = batch_new_decimal(b, 3), *first = batch_new_decimal(b, 4);
    struct text *advice[4];
    for (uint32_t i = 0; i < 4; i++)
        advice[i] = batch_new_text(b, 5 + i);
    batch_fill_text(b, 1, (struct text){"", 0});
    for (uint32_t row = 0; row < b->rows; row++) {
        const struct verdict *v = lost[row];
        text[row] = v->text;
        status[row] = match_name(v->match);
        count[row] = decimal_of((int64_t)v->count);
        first[row] = decimal_of((int64_t)v->first);
        for (uint32_t i = 0; i < 4; i++)
            advice[i][row] = (struct text){"", 0};
        review_advise(h, b, advice, row, v, rank + row);
    }
}

static int harmonise_finish(struct step *s)
{
    const struct harmonise *h = step_state(s);
    if (!h->review)
        return STEP_OK;
    if (h->unlisted)
        step_warn(s, NOWHERE,
                  "the review leaves out %llu rows: more than %d distinct texts in the column",
                  (unsigned long long)h->unlisted, DICTIONARY_LIMIT);
    uint32_t count, most = step_batch_rows(s);
    const struct verdict **lost = verdicts_lost(s, &count);
    for (uint32_t done = 0; done < count;) {
        uint32_t rows = count - done < most ? count - done : most;
        struct batch *b = step_batch(s, h->review_schema, rows);
        review_fill(h, b, lost + done, done);
        int state = step_emit(s, h->review, b);
        if (state != STEP_OK)
            return state;
        done += rows;
    }
    return STEP_OK;
}

const struct stage stage_harmonise = {
    .name = "harmonise",
    .summary = "turn written names into codes of a list",
    .details =
        "Each text of --column is looked for in the list. The first of these levels that knows "
        "it decides: your own --aliases; a code or label equal byte for byte (status `exact`); a "
        "code or label equal when folded (`folded`); an alias of the list equal when folded "
        "(`alias`, also for your own); and at last any of them equal when folded and without "
        "spaces, from six letters on, which mends a stray space inside a word (`folded`).\n\n"
        "Folding makes equal what differs in capitals, accents, ligatures, punctuation, "
        "apostrophes and hyphens, kinds of space, and a leading le, la, les, l' or the; initials "
        "are joined (U.S.A. is USA). In Arabic: vowel signs, tatweel, the forms of alef, ya and "
        "ta marbuta, a hamza, the article al- of each word, and the digits.\n\n"
        "A text that the deciding level gives several codes is `ambiguous` (Guinéen: three "
        "countries), one that no level knows is `unknown`. Both get no code: nothing is guessed. "
        "A missing cell stays missing, with status `missing`.\n\n"
        "A list is a CSV with a column `code`; its labels are the columns fr, ar, en, text and "
        "those whose names begin with label or name. Several rows may have the same code. "
        "A built-in list (`nationality`, `region`, ...) brings its aliases along; a file does "
        "not: give them by --aliases. A name that is both a built-in list and a file is the "
        "list; write ./NAME for the file.\n\n"
        "--review lists the texts that did not resolve, most frequent first: text, code (empty), "
        "status, count, first_row (number of the record in this stage's input), candidates (the "
        "codes of an ambiguous text), and for the 1000 most frequent unknown ones suggestion, "
        "nearest and distance (the code, the written form, and how many letters it is away). "
        "Fill in the codes and give the file back as --aliases; rows left without a code are "
        "skipped. The review holds values of the cells: keep it as you keep the records.\n\n"
        "Where none of --review, --status and --into is given, nothing would show that a text "
        "was lost, so the first one ends the run with exit code 65. --fail-on decides otherwise: "
        "any (unknown or ambiguous), unknown, ambiguous, never.",
    .example = "marsad harmonise --column nationalite --list nationality --into nationality "
               "--status found data/samples/permits.csv",
    .options = options,
    .state_size = sizeof(struct harmonise),
    .open = harmonise_open,
    .start = harmonise_start,
    .push = harmonise_push,
    .merge = harmonise_merge,
    .finish = harmonise_finish,
    .flags = STAGE_ROWWISE,
};
