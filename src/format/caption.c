/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See caption.h. */
#include "format/caption.h"
#include "table/period_label.h"

#include <stdlib.h>

static const struct {
    char column[16];
    bool fatal;
} watched_columns[] = {
    {"indicator", true}, {"nationality", true}, {"sex", true},       {"age", true},
    {"region", true},    {"period", true},      {"unit", true},      {"scope", true},
    {"phase", true},     {"destination", true}, {"direction", true}, {"scheme", true},
    {"form", true},      {"producer", false},
};

void caption_open(struct caption *c, struct arena *arena)
{
    *c = (struct caption){.arena = arena};
    note_set_open(&c->notes, arena);
    keys_open(&c->cited, arena);
    keys_open(&c->noted, arena);
    keys_open(&c->indicators, arena);
}

bool caption_watches(struct text column, bool *fatal)
{
    for (size_t i = 0; i < sizeof(watched_columns) / sizeof(watched_columns[0]); i++)
        if (text_equal(column, text_of(watched_columns[i].column))) {
            *fatal = watched_columns[i].fatal;
            return true;
        }
    return false;
}

const struct watched *caption_find(const struct caption *c, const char *column)
{
    for (uint32_t i = 0; i < c->watches; i++)
        if (text_equal(c->watched[i].name, text_of(column)))
            return &c->watched[i];
    return NULL;
}

static struct text cell_of(const struct batch *b, int column, uint32_t row)
{
    return column == NO_COLUMN ? (struct text){"", 0} : batch_text(b, (uint32_t)column)[row];
}

static void watch(struct caption *c, const struct batch *b, uint32_t row, uint64_t record)
{
    for (uint32_t i = 0; i < c->watches; i++) {
        struct watched *w = &c->watched[i];
        struct text t = batch_text(b, w->column)[row];
        if (w->origin.record == 0) {
            w->first = text_copy(c->arena, t);
            w->origin = (struct origin){record, batch_place(b, row, w->column)};
        } else if (w->other.record == 0 && !text_equal(w->first, t)) {
            w->other = (struct origin){record, batch_place(b, row, w->column)};
        }
    }
}

static struct origin earlier(struct origin a, struct origin b)
{
    return b.record == 0 || (a.record != 0 && a.record < b.record) ? a : b;
}

/* Of two parts with different values the first of the later part differs from the earlier one. */
static void merge_watched(struct arena *arena, struct watched *w, const struct watched *from)
{
    if (from->origin.record == 0)
        return;
    w->other = earlier(w->other, from->other);
    if (w->origin.record != 0 && !text_equal(w->first, from->first))
        w->other =
            earlier(w->other, w->origin.record < from->origin.record ? from->origin : w->origin);
    if (w->origin.record == 0 || from->origin.record < w->origin.record) {
        w->first = text_copy(arena, from->first);
        w->origin = from->origin;
    }
}

const struct watched *caption_refused(const struct caption *c)
{
    const struct watched *found = NULL;

    for (uint32_t i = 0; i < c->watches; i++) {
        const struct watched *w = &c->watched[i];
        if (w->fatal && w->other.record != 0 &&
            (found == NULL || w->other.record < found->other.record))
            found = w;
    }
    return found;
}

static void label_all(const struct labels *l, struct text code, struct text out[LANGUAGES])
{
    for (int i = 0; i < LANGUAGES; i++)
        out[i] = labels_text(l, code, (enum language)i);
}

/* "Haut-Commissariat au Plan : source as cited" */
static void add_source(struct caption *c, struct text producer, struct text source)
{
    struct text text[LANGUAGES];

    if (text_missing(producer) && text_missing(source))
        return;
    label_all(&c->producer, producer, text);
    for (int i = 0; i < LANGUAGES && !text_missing(source); i++)
        text[i] =
            text_starts(source, producer) /* also where there is no producer */
                ? source
                : text_join(c->arena, text[i], label_word(WORD_COLON, (enum language)i), source);
    note_set_add(&c->notes, "source", producer, text);
}

/* A computed figure cites several sources, joined by semicolons: each is told once. */
static void add_sources(struct caption *c, struct text producer, struct text cited)
{
    struct text source;

    if (text_missing(cited))
        add_source(c, producer, cited);
    while (text_next(&cited, ';', &source))
        add_source(c, producer, text_trim(source));
}

static void add_vintage(struct caption *c, struct text producer, struct text as_of)
{
    struct text text[LANGUAGES];

    if (text_missing(as_of) || text_equal(as_of, TEXT("_U")))
        return;
    label_all(&c->producer, producer, text);
    for (int i = 0; i < LANGUAGES; i++) {
        enum language language = (enum language)i;
        struct text colon = label_word(WORD_COLON, language);
        text[i] = text_join(c->arena, text[i], text_missing(producer) ? TEXT("") : colon,
                            period_label(c->arena, as_of, language));
    }
    note_set_add(&c->notes, "vintage", text_join(c->arena, producer, TEXT(" "), as_of), text);
}

static void cover(struct span *all, struct span s)
{
    all->first = s.first < all->first ? s.first : all->first;
    all->last = s.last > all->last ? s.last : all->last;
}

static void add_period(struct caption *c, struct text period)
{
    struct span s;

    if (text_missing(period) || text_equal(period, c->period) || !span_parse(period, &s))
        return;
    if (text_missing(c->period)) {
        c->period = text_copy(c->arena, period);
        c->covered = s;
        return;
    }
    c->periods = true;
    cover(&c->covered, s);
}

void caption_add(struct caption *c, const struct batch *b, uint32_t row, uint64_t record,
                 bool public)
{
    struct text producer = cell_of(b, c->producer_column, row);
    struct text source = cell_of(b, c->source_column, row);
    struct text as_of = cell_of(b, c->as_of_column, row);
    struct text note = public ? cell_of(b, c->note_column, row) : (struct text){"", 0};
    struct text text[LANGUAGES] = {note, note, note}, bar = TEXT("\n");
    struct text cited = text_join(b->arena, text_join(b->arena, producer, bar, source), bar, as_of);

    add_period(c, cell_of(b, c->period_column, row));
    if (c->indicator_column != NO_COLUMN)
        keys_add(&c->indicators, cell_of(b, c->indicator_column, row));
    if (keys_find(&c->cited, cited) == KEYS_NONE) {
        keys_add(&c->cited, cited);
        add_sources(c, producer, source);
        add_vintage(c, producer, as_of);
    }
    if (!text_missing(note) && keys_find(&c->noted, note) == KEYS_NONE) {
        keys_add(&c->noted, note);
        note_set_add(&c->notes, "note", TEXT(""), text);
    }
    watch(c, b, row, record);
}

static void merge_keys(struct keys *into, const struct keys *from)
{
    for (uint32_t i = 0; i < from->count; i++)
        keys_add(into, from->text[i]);
}

static void merge_periods(struct caption *c, const struct caption *from)
{
    if (text_missing(from->period))
        return;
    if (text_missing(c->period)) {
        c->period = text_copy(c->arena, from->period);
        c->covered = from->covered;
    }
    c->periods = c->periods || from->periods || !text_equal(c->period, from->period);
    cover(&c->covered, from->covered);
}

void caption_merge(struct caption *c, const struct caption *from)
{
    for (uint32_t i = 0; i < c->watches; i++)
        merge_watched(c->arena, &c->watched[i], &from->watched[i]);
    for (uint32_t i = 0; i < from->notes.seen.count; i++)
        note_set_add(&c->notes, from->notes.note[i].kind.at, from->notes.note[i].key,
                     from->notes.note[i].text);
    merge_periods(c, from);
    merge_keys(&c->cited, &from->cited);
    merge_keys(&c->noted, &from->noted);
    merge_keys(&c->indicators, &from->indicators);
}

static bool is_rate_unit(const struct caption *c, struct text unit)
{
    int64_t row = labels_row(&c->unit, unit);

    return row != KEYS_NONE &&
           text_equal(table_get(c->unit.list, (uint32_t)row, c->unit.kind), TEXT("rate"));
}

bool caption_rate_of(const struct caption *c, struct text indicator)
{
    int64_t row = labels_row(&c->indicator, indicator);
    const struct table *list = c->indicator.list;

    return row != KEYS_NONE &&
           is_rate_unit(c, table_get(list, (uint32_t)row, schema_find(list->schema, TEXT("unit"))));
}

bool caption_derived(const struct caption *c, struct text indicator)
{
    int64_t row = labels_row(&c->indicator, indicator);
    const struct table *list = c->indicator.list;

    return row != KEYS_NONE && !text_missing(table_get(list, (uint32_t)row,
                                                       schema_find(list->schema, TEXT("formula"))));
}

bool caption_is_derived(const struct caption *c)
{
    const struct watched *name = caption_find(c, "indicator");

    return name != NULL && caption_derived(c, name->first);
}

bool caption_is_rate(const struct caption *c)
{
    const struct watched *unit = caption_find(c, "unit"), *name = caption_find(c, "indicator");

    return (unit != NULL && is_rate_unit(c, unit->first)) ||
           (name != NULL && caption_rate_of(c, name->first));
}

/* ---- title ---- */

/* A heading inside a sentence: "Âge" is written "âge". */
static struct text lower_first(struct arena *arena, struct text t)
{
    struct text out = text_copy(arena, t);
    char *at = arena_copy(arena, t.at, t.len);

    if (t.len > 1 && at[1] >= 'A' && at[1] <= 'Z')
        return t; /* an abbreviation */
    if (t.len > 0 && at[0] >= 'A' && at[0] <= 'Z')
        at[0] = (char)(at[0] + 32);
    else if (t.len > 1 && at[0] == '\xc3' && (unsigned char)at[1] >= 0x80 &&
             (unsigned char)at[1] <= 0x9e)
        at[1] = (char)((unsigned char)at[1] + 0x20);
    out.at = at;
    return out;
}

/* Indicators are in front, periods behind; who said it, when and in what is of the notes. */
static bool is_named(struct text dimension)
{
    static const char *const silent[] = {"indicator", "period", "unit", "as_of", "source", "note"};

    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
        if (text_equal(dimension, text_of(silent[i])))
            return false;
    return true;
}

/* ", 2014–2018" where the table has a row or a column for each. */
static struct text add_span(struct caption *c, struct text title, struct text comma,
                            enum language language)
{
    bool shown = false;
    struct date first = date_of_days(c->covered.first), last = date_of_days(c->covered.last);

    for (uint32_t d = 0; d < c->dimensions; d++)
        shown = shown || text_equal(c->dimension[d], TEXT("period"));
    if (!shown || text_missing(c->period))
        return title;
    title = text_join(c->arena, title, comma, TEXT(""));
    if (!c->periods)
        return text_join(c->arena, title, period_label(c->arena, c->period, language), TEXT(""));
    title = text_join(c->arena, title, text_of(arena_print(c->arena, "%d", first.year)), TEXT(""));
    if (first.year == last.year)
        return title;
    return text_of(arena_print(c->arena, "%.*s–%d", (int)title.len, title.at, last.year));
}

/* The numbers of the indicators seen, in the order of their list. */
static uint32_t *order_indicators(const struct caption *c)
{
    uint32_t n = c->indicators.count, *order = arena_array(c->arena, (size_t)n + 1, sizeof(*order));

    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = i, place = labels_position(&c->indicator, c->indicators.text[i]);
        for (; k > 0; k--) {
            struct text before = c->indicators.text[order[k - 1]];
            uint32_t other = labels_position(&c->indicator, before);
            if (other < place ||
                (other == place && text_compare(before, c->indicators.text[i]) <= 0))
                break;
            order[k] = order[k - 1];
        }
        order[k] = i;
    }
    return order;
}

/* Does a label end here, or go on with what only says more: a comma, a colon, a bracket? */
static bool is_boundary(struct text t, uint32_t n)
{
    if (n < t.len && t.at[n] == ' ')
        return n + 1 < t.len && strchr(":(", t.at[n + 1]) != NULL;
    return n == t.len || strchr(",:", t.at[n]) != NULL;
}

/* What two labels begin with alike, up to a boundary in both. */
static struct text common_start(struct text a, struct text b)
{
    uint32_t end = 0;

    for (uint32_t n = 0; n <= a.len && n <= b.len; n++) {
        if (is_boundary(a, n) && is_boundary(b, n))
            end = n;
        if (n == a.len || n == b.len || a.at[n] != b.at[n])
            break;
    }
    return (struct text){a.at, end};
}

/* "Enquête migration forcée", where all labels begin so; else empty. */
static struct text start_of_all(const struct caption *c, enum language language)
{
    struct text start = labels_text(&c->indicator, c->indicators.text[0], language);

    for (uint32_t i = 1; i < c->indicators.count; i++)
        start = common_start(start, labels_text(&c->indicator, c->indicators.text[i], language));
    return start;
}

/* "A, b et c"; behind three there are others. */
static struct text join_indicators(const struct caption *c, enum language language)
{
    enum { MOST = 3 };
    const uint32_t *order = order_indicators(c);
    uint32_t n = c->indicators.count, shown = n <= MOST ? n : MOST;
    struct text title = labels_text(&c->indicator, c->indicators.text[order[0]], language);
    struct text comma = language == ARABIC ? TEXT("، ") : TEXT(", ");

    for (uint32_t i = 1; i < shown; i++) {
        struct text label = labels_text(&c->indicator, c->indicators.text[order[i]], language);
        title = text_join(c->arena, title, i + 1 == n ? label_word(WORD_AND, language) : comma,
                          lower_first(c->arena, label));
    }
    if (shown == n)
        return title;
    return text_join(c->arena, title, label_word(WORD_AND, language),
                     label_word(WORD_OTHERS, language));
}

static struct text indicator_title(const struct caption *c, enum language language)
{
    struct text start;

    if (c->indicators.count == 0 || text_missing(c->indicators.text[0]))
        return label_word(WORD_TABLE, language);
    if (c->indicators.count == 1)
        return labels_text(&c->indicator, c->indicators.text[0], language);
    start = start_of_all(c, language);
    return text_missing(start) ? join_indicators(c, language) : start;
}

static bool text_holds(struct text t, struct text part)
{
    for (uint32_t i = 0; i + part.len <= t.len; i++)
        if (memcmp(t.at + i, part.at, part.len) == 0)
            return true;
    return false;
}

/* The dimensions that a title names, as they stand inside a sentence; not those that the
 * indicators' labels name ("répartition par nationalité"). */
static uint32_t named_dimensions(const struct caption *c, struct text title, enum language language,
                                 struct text *name)
{
    struct text by = label_word(WORD_BY, language);
    uint32_t n = 0;

    for (uint32_t d = 0; d < c->dimensions; d++) {
        struct text dimension = label_dimension(c->dimension[d], language);
        name[n] = lower_first(c->arena, dimension);
        if (is_named(c->dimension[d]) &&
            !text_holds(title, text_join(c->arena, by, name[n], TEXT(""))))
            n++;
    }
    return n;
}

/* "Titres, stock, par sexe et âge, 2014–2018": a comma before "par" where there is one already. */
static struct text title_of(struct caption *c, enum language language)
{
    struct text comma = language == ARABIC ? TEXT("، ") : TEXT(", ");
    struct text title = indicator_title(c, language), by = label_word(WORD_BY, language);
    struct text *name = arena_array(c->arena, c->dimensions + 1, sizeof(*name));
    uint32_t n = named_dimensions(c, title, language, name);

    if (n > 0 && text_holds(title, comma))
        title = text_join(c->arena, title, comma, text_trim(by));
    else if (n > 0)
        title = text_join(c->arena, title, text_of(" "), text_trim(by));
    for (uint32_t d = 0; d < n; d++) {
        struct text join = d == 0 ? TEXT(" ") : d + 1 < n ? comma : label_word(WORD_AND, language);
        title = text_join(c->arena, title, join, name[d]);
    }
    return add_span(c, title, comma, language);
}

static void add_title(struct caption *c, const char *title, enum language language)
{
    struct text text[LANGUAGES], part[LANGUAGES];
    bool all = title != NULL && language_parts(text_of(title), part);

    for (int i = 0; i < LANGUAGES; i++)
        text[i] = all ? part[i] : title_of(c, (enum language)i);
    if (title != NULL)
        text[language] = part[language];
    note_set_add(&c->notes, "title", TEXT(""), text);
}

/* ---- the rest ---- */

static void add_unit(struct caption *c)
{
    const struct watched *w = caption_find(c, "unit");
    struct text text[LANGUAGES];

    if (w == NULL || w->origin.record == 0 || text_missing(w->first))
        return;
    for (int i = 0; i < LANGUAGES; i++)
        text[i] = labels_plural(&c->unit, w->first, (enum language)i);
    note_set_add(&c->notes, "unit", w->first, text);
}

/* "Sexe : Femmes", where a table holds one sex only. */
static void add_fixed(struct caption *c)
{
    for (uint32_t i = 0; i < c->watches; i++) {
        const struct watched *w = &c->watched[i];
        struct text text[LANGUAGES];
        if (!w->fatal || w->origin.record == 0 || text_missing(w->first) ||
            text_equal(w->first, TEXT("_T")) || text_equal(w->name, TEXT("indicator")) ||
            text_equal(w->name, TEXT("unit")))
            continue;
        label_all(&w->labels, w->first, text);
        for (int k = 0; k < LANGUAGES; k++)
            text[k] = text_join(c->arena, label_dimension(w->name, (enum language)k),
                                label_word(WORD_COLON, (enum language)k), text[k]);
        note_set_add(&c->notes, "note", w->name, text);
    }
}

static void add_word(struct caption *c, const char *kind, struct text key, enum word word)
{
    struct text text[LANGUAGES];

    for (int i = 0; i < LANGUAGES; i++)
        text[i] = label_word(word, (enum language)i);
    note_set_add(&c->notes, kind, key, text);
}

void caption_mark(struct caption *c, struct text mark, enum word word)
{
    add_word(c, word == WORD_GROUPS ? "note" : "mark", mark, word);
}

void caption_close(struct caption *c, const char *title, enum language language)
{
    const struct watched *producer = caption_find(c, "producer");

    add_title(c, title, language);
    add_unit(c);
    add_fixed(c);
    if (producer != NULL && producer->other.record != 0)
        add_word(c, "note", TEXT("producer"), WORD_PRODUCERS);
    note_set_sort(&c->notes);
}
