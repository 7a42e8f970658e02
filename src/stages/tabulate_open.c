/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tabulate: its options read and its columns found, before the first observation; see tabulate.c.
 *
 * Each side gets its dimensions with their code lists, the caption the columns that it cites, and
 * those that the table does not show and that must not vary unseen.
 */
#include "stages/tabulate.h"
#include "table/reference.h"

enum { MOST_DIMENSIONS = 16 };

/* Codes of these columns are not parts of a whole. */
static const char *const never_added[] = {"indicator", "unit",     "period", "year",
                                          "as_of",     "producer", "scope",  "status"};

static bool adds_up(struct text column)
{
    for (size_t i = 0; i < sizeof(never_added) / sizeof(never_added[0]); i++)
        if (text_equal(column, text_of(never_added[i])))
            return false;
    return true;
}

/* Is `name` a further list of `list`, as region-1997 is one of region? */
static bool is_further(const char *name, const char *list)
{
    size_t n = strlen(list), len = strlen(name);

    return strncmp(name, list, n) == 0 && name[n] == '-' &&
           !(len > 6 && strcmp(name + len - 6, "-alias") == 0);
}

static void open_labels(struct step *step, struct labels *labels, struct text column)
{
    struct arena *arena = step_arena(step);
    const char *name = text_copy(arena, column).at, *other = label_list(column);
    const struct labels **next = &labels->next;

    if (!reference_exists(name) && other != NULL)
        name = other;
    labels_open(labels, arena, step_reference(step, name));
    labels->time = label_time(column);
    labels->alphabetical = label_alphabetical(column);
    for (size_t i = 0; labels->list != NULL && reference_name(i) != NULL; i++) {
        struct labels *further;
        if (!is_further(reference_name(i), name))
            continue;
        further = arena_zalloc(arena, sizeof(*further));
        labels_open(further, arena, step_reference(step, reference_name(i)));
        *next = further;
        next = &further->next;
    }
}

static int open_side(struct step *step, const char *option, struct side *side)
{
    if (step_columns(step, option, &side->column, &side->count) != STEP_OK)
        return STEP_FAIL;
    if (side->count > MOST_DIMENSIONS)
        return step_fail(step, EX_USAGE, NOWHERE, "--%s: over %d columns", option, MOST_DIMENSIONS);
    side_open(side, step_arena(step));
    side->adds = side->count > 0;
    for (uint32_t i = 0; i < side->count; i++) {
        struct text name = step_in(step)->name[side->column[i]];
        side->name[i] = name;
        side->block[i] = text_equal(name, TEXT("indicator")) || text_equal(name, TEXT("unit"));
        open_labels(step, &side->labels[i], name);
        side->adds = side->adds && adds_up(name);
    }
    return STEP_OK;
}

bool tabulate_shows(const struct tabulate *s, struct text name)
{
    return side_has(&s->rows, name) || side_has(&s->columns, name);
}

static int find_optional(struct step *step, const char *name)
{
    int column = schema_find(step_in(step), text_of(name));

    if (column != NO_COLUMN)
        step_need(step, (uint32_t)column);
    return column;
}

/* With indicators side by side, units and scopes differ by right. */
static bool must_watch(const struct tabulate *s, struct text name, bool *fatal)
{
    if (tabulate_shows(s, name) || !caption_watches(name, fatal))
        return false;
    return !tabulate_shows(s, TEXT("indicator")) ||
           !(text_equal(name, TEXT("unit")) || text_equal(name, TEXT("scope")));
}

static void open_watches(struct step *step, struct tabulate *s)
{
    const struct schema *in = step_in(step);
    struct caption *c = &s->caption;

    c->watched = arena_zarray(step_arena(step), in->columns + 1, sizeof(*c->watched));
    for (uint32_t i = 0; i < in->columns; i++) {
        struct watched *w = &c->watched[c->watches];
        if (!must_watch(s, in->name[i], &w->fatal))
            continue;
        w->name = in->name[i];
        w->column = i;
        open_labels(step, &w->labels, w->name);
        step_need(step, i);
        c->watches++;
    }
}

static void open_caption(struct step *step, struct tabulate *s)
{
    struct caption *c = &s->caption;
    struct text *shown =
        arena_zarray(step_arena(step), s->rows.count + s->columns.count + 1, sizeof(*shown));

    caption_open(c, step_arena(step));
    labels_open(&c->producer, step_arena(step), step_reference(step, "producer"));
    labels_open(&c->unit, step_arena(step), step_reference(step, "unit"));
    labels_open(&c->indicator, step_arena(step), step_reference(step, "indicator"));
    c->producer_column = find_optional(step, "producer");
    c->as_of_column = find_optional(step, "as_of");
    c->source_column = find_optional(step, "source");
    c->note_column = find_optional(step, "note");
    c->period_column = find_optional(step, "period");
    c->indicator_column = find_optional(step, "indicator");
    for (uint32_t i = 0; i < s->rows.count; i++)
        shown[c->dimensions++] = s->rows.name[i];
    for (uint32_t i = 0; i < s->columns.count; i++)
        shown[c->dimensions++] = s->columns.name[i];
    c->dimension = shown;
    open_watches(step, s);
}

static int open_plan(struct step *step, struct tabulate *s)
{
    long long top;
    const char *absent = step_option(step, "absent");

    if (step_integer(step, "top", 1, 1000000, 0, &top) != STEP_OK ||
        step_integer(step, "digits", 0, 15, -1, &s->digits) != STEP_OK)
        return STEP_FAIL;
    s->plan.top = (uint32_t)top;
    s->plan.absent_zero = absent != NULL && strcmp(absent, "zero") == 0;
    s->plan.total_row = step_flag(step, "total") && s->rows.adds;
    s->plan.total_column = step_flag(step, "total") && s->columns.adds;
    for (uint32_t i = 0; i < s->columns.count; i++) {
        struct text name = step_in(step)->name[s->columns.column[i]];
        bool time = text_equal(name, TEXT("period")) || text_equal(name, TEXT("year"));
        s->plan.rank_first = s->plan.rank_first || (!adds_up(name) && !time);
    }
    if (s->plan.top > 0 && !s->rows.adds)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--top adds up the rows that it leaves out: not for indicators, periods, "
                         "producers, units or scopes");
    if (step_flag(step, "total") && !s->plan.total_row && !s->plan.total_column)
        return step_fail(step, EX_USAGE, NOWHERE,
                         "--total: neither rows nor columns are parts of a whole");
    return STEP_OK;
}

static struct schema *notes_columns(struct step *step)
{
    struct schema *schema = schema_new(step_arena(step));

    schema_add(schema, TEXT("kind"));
    schema_add(schema, TEXT("key"));
    for (int i = 0; i < LANGUAGES; i++)
        schema_add(schema, text_of(language_code((enum language)i)));
    return schema;
}

static int find_value(struct step *step, struct tabulate *s)
{
    const char *name = step_option(step, "value");

    s->qualifier = find_optional(step, "qualifier");
    s->status = find_optional(step, "status");
    s->confidentiality = find_optional(step, "confidentiality");
    return step_find(step, text_of(name == NULL ? "value" : name), &s->value);
}

int tabulate_open(struct step *step, const struct schema *in, struct schema *out)
{
    struct tabulate *s = step_state(step);

    (void)in;
    s->out = out;
    s->language = language_of(step_option(step, "lang"));
    if (find_value(step, s) != STEP_OK || open_side(step, "rows", &s->rows) != STEP_OK ||
        open_side(step, "columns", &s->columns) != STEP_OK || open_plan(step, s) != STEP_OK)
        return STEP_FAIL;
    for (uint32_t i = 0; i < s->rows.count; i++)
        for (uint32_t k = 0; k < s->columns.count; k++)
            if (s->rows.column[i] == s->columns.column[k])
                return step_fail(step, EX_USAGE, NOWHERE,
                                 "a column stands in both --rows and --columns");
    step_places(step);
    open_caption(step, s);
    legend_open(&s->legend, step_arena(step), step_reference(step, "obs_status"), s->digits);
    crosstab_open(&s->table, s->rows.count, s->columns.count);
    s->notes_schema = notes_columns(step);
    s->notes_port = step_port(step, "notes", s->notes_schema);
    return step_error(step)->code == 0 ? STEP_OK : STEP_FAIL;
}
