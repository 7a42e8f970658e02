/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * harmonise: a column of written names becomes a column of codes.
 *
 * Each distinct text is resolved once (table/codelist.h) and remembered by a bounded dictionary;
 * rows then cost one probe.  What does not resolve becomes missing and is counted for the review,
 * which is written at finish.  Nothing is ever guessed: the nearest forms are shown to the reader
 * of the review only.  Memory: the distinct texts, 65 536 at most.
 */
#include "stages/harmonise.h"

#include <stdlib.h>

#include "table/codelist.h"
#include "table/dictionary.h"
#include "table/grammar.h"
#include "table/phrase.h"
#include "table/spelling.h"
#include "table/validity.h"

enum { SUGGESTIONS = 1000, REVIEW_COLUMNS = 9, FIRST_VERDICTS = 64 };

enum { FAIL_NEVER, FAIL_AMBIGUOUS = 1, FAIL_UNKNOWN = 2, FAIL_ANY = 3 };

/* What is known of one distinct text. */
struct verdict {
    struct text code;
    enum match match;
    struct text text;
    struct text candidates; /* where ambiguous: `NER|NGA` */
    uint64_t count, first;  /* rows that have it; the place of the first (step_rows()) */
};

/* The distinct texts of a column, each resolved once. */
struct verdicts {
    struct dictionary *texts;
    struct verdict *verdict; /* by number in `texts` */
    uint32_t room;
    struct verdict spare; /* of a text that the full dictionary did not take */
};

struct harmonise {
    const char *built_in;                 /* the name of the list, or NULL */
    const struct table *list_table, *own; /* NULL where not needed */
    struct codelist *list;
    grammar_read *grammar; /* of the list, or NULL */
    struct written_habits habits;
    struct validity *validity; /* where --date is given */
    struct others others;
    struct parts parts; /* of --list quantity */
    struct verdicts cells, contexts;
    struct spellings *known; /* short texts that resolved by themselves: numbers in cells */
    uint64_t unlisted; /* rows whose text is missing from the review: the dictionary was full */
    uint32_t in_columns;
    int column, into, status, context, date; /* the last three: NO_COLUMN where not asked for */
    unsigned review, fail;
    const struct schema *out, *review_schema;
};

static const char *const review_names[REVIEW_COLUMNS] = {
    "text",       "code",       "status",  "count",    "first_row",
    "candidates", "suggestion", "nearest", "distance",
};

static const struct option_spec options[] = {
    {"column", OPTION_COLUMN, "COL", "the column of written names", OPTION_REQUIRED, ""},
    {"list", OPTION_LIST, "NAME|FILE", "the code list: a built-in name, or a CSV", OPTION_REQUIRED,
     ""},
    {"aliases", OPTION_TABLE, "FILE", "your own spellings: a CSV with columns text and code", 0,
     ""},
    {"into", OPTION_TEXT, "COL", "write the codes to this new column (default: over --column)", 0,
     ""},
    {"status", OPTION_TEXT, "COL", "write how each text was found to this new column", 0, ""},
    {"context", OPTION_COLUMN, "COL",
     "a column that decides between the codes of an ambiguous text", 0, ""},
    {"others", OPTION_TABLE, "FILE",
     "the other rows of the source: a table with --column, which decides likewise", 0, ""},
    {"others-are", OPTION_CHOICE, "KIND", "one row a case, or each code once", 0, "records|list"},
    {"source", OPTION_COLUMN, "COL", "of --others only the rows with the same COL", 0, ""},
    {"date", OPTION_COLUMN, "COL", "the date or period of the row: only codes in force then", 0,
     ""},
    {"academic", OPTION_FLAG, "", "of periods: 2017-2018 is a school year, from September on", 0,
     ""},
    {"day-first", OPTION_FLAG, "", "of periods: 01/02/2018 is a day of February", 0, ""},
    {"numbers", OPTION_CHOICE, "LANGUAGE", "of quantities: 35,510 is 35.51 (fr) or 35510 (en)", 0,
     "fr|en"},
    {"parts", OPTION_TEXT, "PREFIX", "of quantities: put this before the names of the parts", 0,
     ""},
    {"review", OPTION_OUTPUT, "FILE", "the texts that did not resolve, with suggestions", 0, ""},
    {"fail-on", OPTION_CHOICE, "WHICH", "end the run at the first text of this kind", OPTION_UNSET,
     "any|unknown|ambiguous|never"},
    {"FILE", OPTION_INPUT, "FILE", "the records (default: standard input)", 0, ""},
    {.name = ""},
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

static int custom_of(const char *language)
{
    if (!language)
        return CUSTOM_NONE;
    return strcmp(language, "fr") == 0 ? CUSTOM_FRENCH : CUSTOM_ENGLISH;
}

static const char no_codes[] = "code,fr\n";

/* The tables that the list is made from; in a fused run they may be empty until the start. */
static int tables_open(struct step *s)
{
    struct harmonise *h = step_state(s);
    const char *name = step_option(s, "list");
    h->grammar = grammar_of(name);
    h->habits = (struct written_habits){step_flag(s, "academic"), step_flag(s, "day-first"),
                                        custom_of(step_option(s, "numbers"))};
    if (codelist_is_built_in(name))
        h->built_in = name;
    if (!h->built_in || h->date != NO_COLUMN)
        h->list_table = step_reference(s, name);
    if (!h->built_in && !h->list_table && h->grammar) /* codes without end: the list has no rows */
        h->list_table =
            table_parse(step_arena(s), name, no_codes, sizeof no_codes - 1, step_error(s));
    else if (!h->built_in && !h->list_table)
        h->list_table = step_table(s, "list", 0);
    h->own = step_table(s, "aliases", 0); /* NULL where not given */
    return (h->built_in || h->list_table) && (h->own || !step_option(s, "aliases")) ? STEP_OK
                                                                                    : STEP_FAIL;
}

static int column_optional(struct step *s, const char *option, int *column)
{
    *column = NO_COLUMN;
    return step_option(s, option) ? step_column(s, option, column) : STEP_OK;
}

static int columns_find(struct step *s)
{
    struct harmonise *h = step_state(s);
    int state = step_column(s, "column", &h->column);
    if (state == STEP_OK)
        state = column_optional(s, "context", &h->context);
    if (state == STEP_OK)
        state = column_optional(s, "date", &h->date);
    return state;
}

static int harmonise_open(struct step *s, const struct schema *in, struct schema *out)
{
    struct harmonise *h = step_state(s);
    int state = columns_find(s);
    if (state == STEP_OK && !schema_add_all(out, in))
        state = step_fail(s, EX_SOFTWARE, NOWHERE, "columns of the input are not unique");
    h->in_columns = in->columns;
    if (state == STEP_OK)
        state = column_new(s, "into", out, h->column, &h->into);
    if (state == STEP_OK)
        state = column_new(s, "status", out, NO_COLUMN, &h->status);
    if (state == STEP_OK && strcmp(step_option(s, "list"), "quantity") == 0)
        state = parts_open(s, &h->parts, out);
    if (state != STEP_OK)
        return state;
    struct schema *review = schema_new(step_arena(s));
    for (int i = 0; i < REVIEW_COLUMNS; i++)
        schema_add(review, text_of(review_names[i]));
    h->out = out;
    h->review_schema = review;
    h->review = step_port(s, "review", review);
    h->fail = fail_kind(s);
    h->cells.texts = dictionary_new(step_arena(s), DICTIONARY_LIMIT);
    if (h->context != NO_COLUMN)
        h->contexts.texts = dictionary_new(step_arena(s), DICTIONARY_LIMIT);
    h->cells.room = FIRST_VERDICTS;
    h->cells.verdict = arena_zarray(step_arena(s), FIRST_VERDICTS, sizeof *h->cells.verdict);
    h->known = spellings_new(step_arena(s));
    state = tables_open(s);
    return state == STEP_OK ? others_open(s, &h->others, in, h->column) : state;
}

static struct codelist *list_new(struct step *s)
{
    const struct harmonise *h = step_state(s);
    if (!h->built_in)
        return codelist_new(step_arena(s), h->list_table, NULL, h->own, step_error(s));
    struct codelist *l = codelist_built_in(step_arena(s), h->built_in, h->own, step_error(s));
    if (l)
        codelist_wrappings(l, codelist_built_in_wrappings(step_arena(s), h->built_in));
    return l;
}

static int harmonise_start(struct step *s)
{
    struct harmonise *h = step_state(s);
    h->list = list_new(s);
    if (h->list)
        others_start(s, &h->others, h->list);
    if (!h->list || h->date == NO_COLUMN)
        return h->list ? STEP_OK : STEP_FAIL;
    h->validity = validity_new(step_arena(s), h->list_table, step_error(s));
    return h->validity ? STEP_OK : STEP_FAIL;
}

/* The list decides, and its grammar where the list knows nothing. */
static struct verdict *verdict_make(struct step *s, struct verdict *v, struct text t)
{
    const struct harmonise *h = step_state(s);
    *v = (struct verdict){.text = t, .candidates = {"", 0}};
    v->match = codelist_resolve(h->list, t, &v->code);
    if (v->match == MATCH_AMBIGUOUS)
        v->candidates = codelist_candidates(h->list, t, step_arena(s));
    if (v->match != MATCH_UNKNOWN || !h->grammar)
        return v;
    struct text codes;
    v->match = h->grammar(t, h->habits, step_arena(s), &codes);
    *(v->match == MATCH_AMBIGUOUS ? &v->candidates : &v->code) = codes;
    return v;
}

/* The verdict on a text, made where it is new; valid until the next call. */
static struct verdict *verdict_of(struct step *s, struct verdicts *all, struct text t)
{
    uint32_t known = dictionary_count(all->texts), n = dictionary_add(all->texts, t);
    if (n == DICTIONARY_NONE)
        return verdict_make(s, &all->spare, t);
    if (n < known)
        return &all->verdict[n];
    all->verdict = arena_grow(step_arena(s), all->verdict, n, &all->room, sizeof *all->verdict);
    return verdict_make(s, &all->verdict[n], dictionary_text(all->texts, n));
}

static bool is_lost(const struct verdict *v)
{
    return v->match == MATCH_AMBIGUOUS || v->match == MATCH_UNKNOWN || v->match == MATCH_EXPIRED;
}

static int fail_at(struct step *s, const struct batch *in, uint32_t row, const struct verdict *v,
                   enum match match)
{
    const struct harmonise *h = step_state(s);
    struct text name = in->schema->name[h->column];
    return step_fail(s, EX_DATAERR, batch_place(in, row, (uint32_t)h->column),
                     "column \"%.*s\": this text %s; --review FILE lists all such texts, "
                     "--fail-on never goes on%s",
                     (int)name.len, name.at,
                     match == MATCH_AMBIGUOUS ? "stands for several codes"
                     : match == MATCH_EXPIRED ? "has a code that did not exist at this date"
                                              : "is not in the list",
                     step_quote(s, v->text));
}

/* Counts a lost text, and ends the run where that was asked for. */
static int lost_at(struct step *s, const struct batch *in, uint32_t row, struct verdict *v,
                   enum match match)
{
    struct harmonise *h = step_state(s);
    unsigned kind = match == MATCH_AMBIGUOUS ? FAIL_AMBIGUOUS : FAIL_UNKNOWN;
    if (h->fail & kind)
        return fail_at(s, in, row, v, match);
    if (v == &h->cells.spare)
        h->unlisted++;
    if (v->count++ == 0)
        v->first = step_rows(s) + row + 1;
    return STEP_OK;
}

static bool is_one_of(struct text codes, struct text code)
{
    struct text item;
    while (text_next(&codes, '|', &item))
        if (text_equal(item, code))
            return true;
    return false;
}

/* What is found out about one row beyond its text. */
struct answer {
    struct text code, candidates;
    enum match match;
};

/* Leaves the codes that were in force at the date of the row; a row without a date tells nothing.
 */
static int date_decide(struct step *s, const struct batch *in, uint32_t row, struct answer *a)
{
    const struct harmonise *h = step_state(s);
    struct text cell = batch_text(in, (uint32_t)h->date)[row];
    struct date first, last;
    if (text_missing(cell))
        return STEP_OK;
    if (!period_parse(cell, &first, &last))
        return step_fail(s, EX_DATAERR, batch_place(in, row, (uint32_t)h->date),
                         "--date: not a date or period%s", step_quote(s, cell));
    if (a->match != MATCH_AMBIGUOUS) {
        if (!validity_holds(h->validity, a->code, first, last))
            *a = (struct answer){{"", 0}, {"", 0}, MATCH_EXPIRED};
        return STEP_OK;
    }
    a->candidates = validity_pick(h->validity, a->candidates, first, last, in->arena);
    if (text_missing(a->candidates))
        a->match = MATCH_EXPIRED;
    else if (!memchr(a->candidates.at, '|', a->candidates.len))
        *a = (struct answer){a->candidates, a->candidates, MATCH_DATE};
    return STEP_OK;
}

/* The context decides where it resolves to one of the candidates: no other way. */
static void context_decide(struct step *s, const struct batch *in, uint32_t row, struct answer *a)
{
    struct harmonise *h = step_state(s);
    struct text cell = batch_text(in, (uint32_t)h->context)[row];
    if (text_missing(cell))
        return;
    const struct verdict *v = verdict_of(s, &h->contexts, cell);
    if (!is_lost(v) && is_one_of(a->candidates, v->code))
        *a = (struct answer){v->code, v->code, MATCH_CONTEXT};
}

static void others_decide(const struct batch *in, uint32_t row, const struct others *o,
                          struct answer *a)
{
    struct text code = others_pick(o, in, row, a->candidates);
    if (!text_missing(code))
        *a = (struct answer){code, code, MATCH_OTHERS};
}

/* A row whose text alone does not settle it. */
static int row_decide(struct step *s, const struct batch *in, uint32_t row, struct verdict *v,
                      struct answer *a)
{
    const struct harmonise *h = step_state(s);
    *a = (struct answer){v->code, v->candidates, v->match};
    if (h->validity && v->match != MATCH_UNKNOWN && date_decide(s, in, row, a) != STEP_OK)
        return STEP_FAIL;
    if (a->match == MATCH_AMBIGUOUS && h->context != NO_COLUMN)
        context_decide(s, in, row, a);
    if (a->match == MATCH_AMBIGUOUS)
        others_decide(in, row, &h->others, a);
    struct verdict lost = {.match = a->match};
    return is_lost(&lost) ? lost_at(s, in, row, v, a->match) : STEP_OK;
}

static int row_resolve(struct step *s, const struct batch *in, uint32_t row, struct text cell,
                       struct answer *a)
{
    struct harmonise *h = step_state(s);
    struct verdict *v = verdict_of(s, &h->cells, cell);
    if (h->validity || is_lost(v))
        return row_decide(s, in, row, v, a);
    if (v != &h->cells.spare)
        spelling_add(h->known, cell, (uint32_t)(v - h->cells.verdict));
    a->code = v->code;
    a->match = v->match;
    return STEP_OK;
}

static int rows_resolve(struct step *s, const struct batch *in, struct text *code,
                        struct text *status)
{
    struct harmonise *h = step_state(s);
    const struct text *text = batch_text(in, (uint32_t)h->column);
    for (uint32_t row = 0; row < in->rows; row++) {
        struct answer a;
        bool missing = text_missing(text[row]);
        uint32_t known = spelling_find(h->known, text[row]);
        if (known != SPELLING_NONE) {
            code[row] = h->cells.verdict[known].code;
            if (status)
                status[row] = match_name(h->cells.verdict[known].match);
            continue;
        }
        if (missing)
            code[row] = (struct text){"", 0};
        else if (row_resolve(s, in, row, text[row], &a) != STEP_OK)
            return STEP_FAIL;
        else
            code[row] = a.code;
        if (status)
            status[row] = missing ? TEXT("missing") : match_name(a.match);
    }
    return STEP_OK;
}

static int harmonise_push(struct step *s, struct batch *in)
{
    struct harmonise *h = step_state(s);
    struct batch *out = batch_derive(in, h->out);
    for (uint32_t c = 0; c < h->in_columns; c++)
        if ((int)c != h->into)
            batch_share(out, c, in, c);
    struct text *code = batch_new_text(out, (uint32_t)h->into), *status = NULL;
    if (h->status != NO_COLUMN)
        status = batch_new_text(out, (uint32_t)h->status);
    int state = rows_resolve(s, in, code, status);
    if (state == STEP_OK && h->parts.texts)
        parts_fill(s, &h->parts, h->habits.custom, batch_text(in, (uint32_t)h->column), out);
    return state == STEP_OK ? step_emit(s, 0, out) : state;
}

static int harmonise_merge(struct step *into, struct step *from)
{
    struct harmonise *a = step_state(into), *b = step_state(from);
    a->unlisted += b->unlisted;
    for (uint32_t n = 0; n < dictionary_count(b->cells.texts); n++) {
        const struct verdict *v = &b->cells.verdict[n];
        if (v->count == 0)
            continue;
        struct verdict *sum = verdict_of(into, &a->cells, v->text);
        if (sum == &a->cells.spare)
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
    uint32_t all = dictionary_count(h->cells.texts);
    const struct verdict **lost = arena_array(step_arena(s), all, sizeof *lost);
    *count = 0;
    for (uint32_t n = 0; n < all; n++)
        if (h->cells.verdict[n].count)
            lost[(*count)++] = &h->cells.verdict[n];
    if (*count)
        qsort(lost, *count, sizeof *lost, verdict_order);
    return lost;
}

/* The columns of the review that help a reader to decide; `rank` is the row of the review. */
static void review_advise(const struct harmonise *h, struct batch *b, struct text *const *out,
                          uint32_t row, const struct verdict *v, uint64_t rank)
{
    if (v->match == MATCH_AMBIGUOUS) {
        out[0][row] = v->candidates;
        return;
    }
    if (!is_lost(v)) { /* resolved, but not in force at the date of these rows */
        out[0][row] = v->code;
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

static void review_fill(struct step *s, struct batch *b, const struct verdict *const *lost,
                        uint64_t rank)
{
    const struct harmonise *h = step_state(s);
    struct text *text = batch_new_text(b, 0), *status = batch_new_text(b, 2);
    struct decimal *count = batch_new_decimal(b, 3), *first = batch_new_decimal(b, 4);
    struct text *advice[4];
    for (uint32_t i = 0; i < 4; i++)
        advice[i] = batch_new_text(b, 5 + i);
    batch_fill_text(b, 1, (struct text){"", 0});
    for (uint32_t row = 0; row < b->rows; row++) {
        const struct verdict *v = lost[row];
        text[row] = v->text;
        status[row] = match_name(is_lost(v) ? v->match : MATCH_EXPIRED);
        count[row] = decimal_of((int64_t)v->count);
        first[row] = decimal_of((int64_t)step_number(s, v->first));
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
        review_fill(s, b, lost + done, done);
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
    .details = harmonise_details,
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
