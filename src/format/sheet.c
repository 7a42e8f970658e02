/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sheet.h. */
#include "format/sheet.h"

static const char *const marks[] = {"c", ":", "..", "-"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_mark(struct text t)
{
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (text_equal(t, text_of(marks[i])))
            return true;
    return false;
}

/* Cuts ` (letters)` off the end. */
static struct text cut_flag(struct text *t)
{
    uint32_t i = t->len;
    struct text flag = {t->at + t->len, 0};

    if (i < 5 || t->at[i - 1] != ')')
        return flag;
    for (i--; i > 0 && is_letter(t->at[i - 1]);)
        i--;
    if (i < 3 || t->at[i - 1] != '(' || t->at[i - 2] != ' ' || i == t->len - 1)
        return flag;
    flag = (struct text){t->at + i - 2, t->len - (i - 2)};
    t->len = i - 2;
    return flag;
}

static bool is_code(struct text t)
{
    uint32_t i = t.len > 0 && t.at[0] == '-';

    return t.len <= i || !is_digit(t.at[i]) ||
           (t.at[i] == '0' && i + 1 < t.len && is_digit(t.at[i + 1]));
}

struct figure figure_of(struct text t)
{
    struct figure f = {.kind = FIGURE_EMPTY, .value = decimal_missing()};

    if (text_missing(t))
        return f;
    f.kind = is_mark(t) ? FIGURE_MARK : FIGURE_TEXT;
    if (t.len > 1 && memchr("~><", t.at[0], 3) != NULL) {
        f.before = t.at[0];
        t = (struct text){t.at + 1, t.len - 1};
    }
    f.after = cut_flag(&t);
    f.value = decimal_parse(t);
    if (is_code(t) || (f.value.kind != NUMBER_EXACT && f.value.kind != NUMBER_WIDE))
        return f;
    f.kind = FIGURE_NUMBER;
    f.number = t;
    return f;
}

static const char *separator_of(enum language language)
{
    return language == ENGLISH ? "," : "\u202f"; /* narrow space that does not break */
}

static void print_digits(struct bytes *out, struct text digits, const char *separator)
{
    for (uint32_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0)
            bytes_string(out, separator);
        bytes_char(out, digits.at[i], 1);
    }
}

void figure_print(struct bytes *out, struct text t, enum language language)
{
    struct figure f = figure_of(t);
    struct text digits = f.number;

    if (f.kind != FIGURE_NUMBER || memchr(digits.at, 'e', digits.len) != NULL) {
        bytes_text(out, t);
        return;
    }
    if (f.before != 0)
        bytes_char(out, f.before, 1);
    if (digits.at[0] == '-') {
        bytes_char(out, '-', 1);
        digits = (struct text){digits.at + 1, digits.len - 1};
    }
    const char *point = memchr(digits.at, '.', digits.len);
    uint32_t whole = point == NULL ? digits.len : (uint32_t)(point - digits.at);
    print_digits(out, (struct text){digits.at, whole}, separator_of(language));
    if (point != NULL) {
        bytes_char(out, language == ENGLISH ? '.' : ',', 1);
        bytes_add(out, point + 1, digits.len - whole - 1);
    }
    bytes_text(out, f.after);
}

/* ---- notes ---- */

static struct text notes_cell(const struct table *notes, uint32_t row, const char *column)
{
    return table_get(notes, row, schema_find(notes->schema, text_of(column)));
}

bool notes_next(const struct table *notes, const char *kind, uint32_t *row)
{
    if (notes == NULL)
        return false;
    for (; *row < notes->rows; ++*row)
        if (text_equal(notes_cell(notes, *row, "kind"), text_of(kind)))
            return true;
    return false;
}

struct text notes_key(const struct table *notes, uint32_t row)
{
    return notes_cell(notes, row, "key");
}

struct text notes_text(const struct table *notes, uint32_t row, enum language language)
{
    static const enum language others[] = {FRENCH, ENGLISH, ARABIC};
    struct text t = notes_cell(notes, row, language_code(language));

    for (size_t i = 0; text_missing(t) && i < sizeof(others) / sizeof(others[0]); i++)
        t = notes_cell(notes, row, language_code(others[i]));
    return t;
}

struct text sheet_title(const struct sheet *s, enum language language)
{
    uint32_t row = 0;
    struct text title = {0};

    if (notes_next(s->notes, "title", &row))
        title = notes_text(s->notes, row, language);
    return text_missing(title) ? s->name : title;
}

void sheet_lines(const struct sheet *s, enum language language,
                 void (*put)(void *to, struct sheet_line), void *to)
{
    static const struct {
        const char *kind;
        enum word word;
    } kinds[] = {{"source", WORD_SOURCE},
                 {"vintage", WORD_VINTAGE},
                 {"mark", WORD_MARK},
                 {"note", WORD_NOTE}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        for (uint32_t row = 0; notes_next(s->notes, kinds[i].kind, &row); row++) {
            struct sheet_line line = {.mark = kinds[i].word == WORD_MARK};
            line.heading =
                line.mark ? notes_key(s->notes, row) : label_word(kinds[i].word, language);
            line.text = notes_text(s->notes, row, language);
            put(to, line);
        }
}

/* ---- what a table is ---- */

static uint32_t noted_labels(const struct table *notes)
{
    uint32_t row = 0;
    struct decimal d;

    if (!notes_next(notes, "labels", &row))
        return 0;
    d = decimal_parse(notes_key(notes, row));
    return d.kind == NUMBER_EXACT && d.scale == 0 && d.mantissa > 0 && d.mantissa < 1000
               ? (uint32_t)d.mantissa
               : 0;
}

/* More words than figures: a stray word in a column of figures does not make it labels. */
static bool has_words(const struct table *t, uint32_t column)
{
    uint32_t words = 0, figures = 0;

    for (uint32_t r = 0; r < t->rows; r++) {
        enum figure_kind kind = (enum figure_kind)figure_of(table_cell(t, r, column)).kind;
        words += kind == FIGURE_TEXT;
        figures += kind == FIGURE_NUMBER || kind == FIGURE_MARK;
    }
    return words > figures;
}

void sheet_open(struct sheet *s, struct text name, const struct table *table,
                const struct table *notes, uint32_t labels)
{
    *s = (struct sheet){.name = name, .table = table, .notes = notes, .labels = labels};
    if (s->labels == 0)
        s->labels = noted_labels(notes);
    if (s->labels == 0)
        for (s->labels = 1; s->labels < table->schema->columns && has_words(table, s->labels);)
            s->labels++;
    if (s->labels > table->schema->columns)
        s->labels = table->schema->columns;
}

bool sheet_total(const struct sheet *s, uint32_t row)
{
    struct text first = table_cell(s->table, row, 0);

    for (int i = 0; i < LANGUAGES; i++)
        if (text_equal(first, label_word(WORD_TOTAL, (enum language)i)))
            return true;
    return false;
}

bool text_is_period(struct text t)
{
    for (uint32_t i = 0; i < 4; i++)
        if (i >= t.len || !is_digit(t.at[i]))
            return false;
    return t.len == 4 || (t.len <= 24 && t.at[4] == '-');
}

/* Continuation bytes do not count, nor do Arabic vowel signs and Latin combining accents. */
uint32_t text_width(struct text t)
{
    uint32_t width = 0;

    for (uint32_t i = 0; i < t.len; i++) {
        unsigned char a = (unsigned char)t.at[i],
                      b = i + 1 < t.len ? (unsigned char)t.at[i + 1] : 0;
        bool combines =
            (a == 0xcc) || (a == 0xcd && b < 0xb0) || (a == 0xd9 && b >= 0x8b && b <= 0x9f);
        width += (a & 0xc0) != 0x80 && !combines;
    }
    return width;
}
