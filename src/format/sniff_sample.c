/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff_sample.h"

#include <stdlib.h>

#include "base/number.h"
#include "io/csv_scan.h"

enum { PIECE = 64 * 1024, MOST_ROWS = 2000, MOST_CELLS = 16384, LOOK = 200 };

/* ---- encoding ---- */

struct census {
    uint64_t bytes, high, controls, undefined, nul, runs; /* runs: high bytes in threes or more */
    unsigned char head[4];
    size_t head_len;
    bool utf8;
    char tail[4]; /* an incomplete character of the piece before */
    size_t tail_len;
    unsigned run;
    unsigned char before[2];
    uint64_t seen[256], inside[256]; /* inside: between two ASCII letters */
};

static bool is_ascii_letter(unsigned char b)
{
    return (b | 32) >= 'a' && (b | 32) <= 'z';
}

static void count_byte(struct census *c, unsigned char b)
{
    c->seen[b]++;
    c->inside[c->before[1]] += is_ascii_letter(c->before[0]) && is_ascii_letter(b);
    c->before[0] = c->before[1];
    c->before[1] = b;
    c->nul += b == 0;
    c->run = b >= 0x80 ? c->run + 1 : 0;
    if (b < 0x80)
        return;
    c->high++;
    c->controls += b < 0xa0;
    c->undefined += b == 0x81 || b == 0x8d || b == 0x8f || b == 0x90 || b == 0x9d;
    c->runs += c->run >= 3;
}

static void check_utf8(struct census *c, const char *piece, size_t n, bool last)
{
    char joined[PIECE + 4];
    memcpy(joined, c->tail, c->tail_len);
    memcpy(joined + c->tail_len, piece, n);
    n += c->tail_len;
    size_t valid = utf8_valid_length(joined, n), rest = n - valid;
    if (rest > 3 || (last && rest))
        c->utf8 = false;
    c->tail_len = rest > 3 ? 0 : rest;
    memcpy(c->tail, joined + n - c->tail_len, c->tail_len);
}

static int take_census(struct input *in, struct census *c, struct error *e)
{
    char piece[PIECE];
    long n = 1;
    *c = (struct census){.utf8 = true};
    while (n > 0) {
        n = input_read(in, piece, sizeof piece, e);
        if (n < 0)
            return -1;
        for (long i = 0; i < n; i++) {
            if (c->head_len < sizeof c->head)
                c->head[c->head_len++] = (unsigned char)piece[i];
            count_byte(c, (unsigned char)piece[i]);
        }
        c->bytes += (uint64_t)n;
        if (c->utf8)
            check_utf8(c, piece, (size_t)n, n == 0);
    }
    return 0;
}

static uint64_t sum_bytes(const uint64_t *count, const char *bytes)
{
    uint64_t n = 0;
    for (; *bytes; bytes++)
        n += count[(unsigned char)*bytes];
    return n;
}

/* Accented letters of French inside words, where DOS (850) and the old Macintosh put them: é most
 * of all, and nothing where Windows-1252 has its own. */
static const char *old_machine(const struct census *c)
{
    uint64_t dos = sum_bytes(c->inside, "\x82\x83\x85\x87\x88\x8a\x8b\x8c\x93\x96\x97");
    uint64_t mac = sum_bytes(c->inside, "\x88\x89\x8d\x8e\x8f\x90\x91\x94\x95\x99\x9d\x9e");
    uint64_t latin = 0;
    for (unsigned b = 0xc0; b < 0x100; b++)
        latin += b != 0xd5 ? c->inside[b] : 0; /* the apostrophe of a Macintosh */
    if (latin)
        return NULL;
    return c->inside[0x82] && dos > mac   ? "CP850"
           : c->inside[0x8e] && mac > dos ? "MACINTOSH"
                                          : NULL;
}

/* Waw and ya of ISO 8859-6, and none of the letters that Windows-1256 has elsewhere. */
static bool is_iso_arabic(const struct census *c)
{
    return !c->controls && sum_bytes(c->seen, "\xe8\xea") &&
           !sum_bytes(c->seen, "\xdb\xdc\xdd\xde\xdf\xed");
}

/* Single bytes beyond ASCII among letters. */
static struct sniff_guess judge_western(const struct census *c, struct arena *a)
{
    unsigned long long high = c->high;
    if (old_machine(c))
        return (struct sniff_guess){old_machine(c),
                                    arena_print(a,
                                                "not UTF-8; %llu bytes beyond ASCII, which make "
                                                "letters of words there and signs elsewhere",
                                                high)};
    if (c->undefined)
        return (struct sniff_guess){NULL, "not UTF-8, and not Windows-1252 either"};
    return (struct sniff_guess){
        c->controls ? "WINDOWS-1252" : "ISO-8859-1",
        arena_print(a,
                    "not UTF-8; %llu bytes beyond ASCII, single ones among letters, as in Western "
                    "European text%s",
                    high,
                    c->controls ? ", some of them from 0x80 to 0x9f" : ", none from 0x80 to 0x9f")};
}

static struct sniff_guess judge(const struct census *c, struct arena *a)
{
    const unsigned char *h = c->head;
    unsigned long long high = c->high;
    if (c->head_len >= 2 && ((h[0] == 0xff && h[1] == 0xfe) || (h[0] == 0xfe && h[1] == 0xff)))
        return (struct sniff_guess){"UTF-16", "it begins with the byte order mark of UTF-16"};
    if (c->nul)
        return (struct sniff_guess){NULL,
                                    arena_print(a,
                                                "%llu NUL bytes: it is UTF-16 without a mark, "
                                                "or no text",
                                                (unsigned long long)c->nul)};
    if (c->utf8 && c->head_len >= 3 && h[0] == 0xef && h[1] == 0xbb && h[2] == 0xbf)
        return (struct sniff_guess){"UTF-8",
                                    "all of it is UTF-8; it begins with a byte order mark"};
    if (c->utf8 && !high)
        return (struct sniff_guess){"UTF-8", "all of it is ASCII"};
    if (c->utf8)
        return (struct sniff_guess){"UTF-8", arena_print(a,
                                                         "all of it is UTF-8, %llu bytes beyond "
                                                         "ASCII",
                                                         high)};
    if (c->runs * 3 > c->high)
        return (struct sniff_guess){is_iso_arabic(c) ? "ISO-8859-6" : "WINDOWS-1256",
                                    arena_print(a,
                                                "not UTF-8; %llu bytes beyond ASCII, most of them "
                                                "in words of their own, as in Arabic",
                                                high)};
    return judge_western(c, a);
}

int sniff_encoding(struct input *in, struct arena *a, struct sniff_guess *guess, struct error *e)
{
    struct census c;
    if (take_census(in, &c, e) < 0)
        return -1;
    *guess = judge(&c, a);
    return 0;
}

/* ---- line ends ---- */

const char *sniff_line_ends(struct arena *a, struct text sample)
{
    unsigned long long feeds = 0, all = 0, alone = 0, doubled = 0;
    for (uint32_t i = 0; i < sample.len; i++) {
        char next = i + 1 < sample.len ? sample.at[i + 1] : '\n';
        feeds += sample.at[i] == '\n';
        all += sample.at[i] == '\r';
        alone += sample.at[i] == '\r' && next != '\n';
        doubled +=
            sample.at[i] == '\n' && i > 1 && sample.at[i - 1] == '\r' && sample.at[i - 2] == '\r';
    }
    if (alone && feeds <= 1) /* one line feed: sniff.c puts it at the end */
        return arena_print(a,
                           "%llu carriage returns and no line feeds end its lines, as of old "
                           "Macintosh programs: tr '\\r' '\\n' <FILE >NEW makes lines of them",
                           all);
    if (doubled && doubled + 1 >= feeds)
        return arena_print(a,
                           "%llu lines end in two carriage returns and a line feed: "
                           "tr -d '\\r' <FILE >NEW takes the carriage returns out",
                           doubled);
    return NULL;
}

/* ---- cutting ---- */

struct cut {
    struct arena *arena;
    struct text left;
    char delimiter;
    uint32_t line;
};

/* A quoted cell; its doubled quotes stay, since only its kind is looked at. */
static struct text quoted_cell(struct cut *c)
{
    const char *start = ++c->left.at, *end = start + --c->left.len, *p = start;
    while (p < end && !(*p == '"' && (p + 1 == end || p[1] != '"'))) {
        c->line += *p == '\n';
        p += *p == '"' ? 2 : 1;
    }
    if (p > end)
        p = end;
    c->left = (struct text){p < end ? p + 1 : p, (uint32_t)(p < end ? end - p - 1 : 0)};
    return (struct text){start, (uint32_t)(p - start)};
}

static struct text plain_cell(struct cut *c)
{
    uint32_t n = 0;
    while (n < c->left.len && c->left.at[n] != c->delimiter && c->left.at[n] != '\n')
        n++;
    struct text t = {c->left.at, n};
    c->left = (struct text){c->left.at + n, c->left.len - n};
    if (t.len && t.at[t.len - 1] == '\r')
        t.len--;
    return t;
}

/* One record; false where the sample ends inside it. */
static bool cut_row(struct cut *c, struct text *cell, uint32_t *cells)
{
    *cells = 0;
    for (;;) {
        bool quoted = c->left.len && c->left.at[0] == '"';
        struct text t = quoted ? quoted_cell(c) : plain_cell(c);
        if (*cells < MOST_CELLS)
            cell[(*cells)++] = t;
        if (c->left.len && c->left.at[0] == '\r')
            c->left = (struct text){c->left.at + 1, c->left.len - 1};
        if (!c->left.len)
            return false;
        char end = c->left.at[0];
        c->left = (struct text){c->left.at + 1, c->left.len - 1};
        if (end == '\n')
            return true;
        if (end != c->delimiter) /* text behind a closing quote: not this delimiter */
            plain_cell(c);
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The most frequent number of cells of the rows that are not blank. */
static void find_width(struct arena *a, struct sniff_grid *g)
{
    uint32_t *n = arena_array(a, g->rows + 1, sizeof *n), count = 0, best = 0;
    for (uint32_t i = 0; i < g->rows; i++)
        if (g->row[i].cells > 1 || !text_missing(g->row[i].cell[0]))
            n[count++] = g->row[i].cells;
    qsort(n, count, sizeof *n, by_number);
    for (uint32_t i = 0, from = 0; i < count; i++) {
        from = i && n[i] == n[i - 1] ? from : i;
        if (i - from + 1 >= best) {
            best = i - from + 1;
            g->width = n[i];
        }
    }
    g->regular = count ? (double)best / count : 0;
}

struct sniff_grid sniff_cut(struct arena *a, struct text sample, char delimiter)
{
    struct sniff_grid g = {.row = arena_zarray(a, MOST_ROWS, sizeof *g.row)};
    struct text *cell = arena_array(a, MOST_CELLS, sizeof *cell);
    struct cut c = {a, sample, delimiter, 1};
    bool whole = true;
    if (sample.len >= 3 && memcmp(sample.at, "\xef\xbb\xbf", 3) == 0)
        c.left = (struct text){sample.at + 3, sample.len - 3};
    while (c.left.len && g.rows < MOST_ROWS && whole) {
        struct sniff_row *r = &g.row[g.rows];
        r->line = c.line;
        whole = cut_row(&c, cell, &r->cells);
        if (!whole && g.rows)
            break;
        struct text *copy = arena_array(a, r->cells, sizeof *copy);
        memcpy(copy, cell, r->cells * sizeof *copy);
        r->cell = copy;
        g.rows++;
        c.line++;
    }
    find_width(a, &g);
    return g;
}

/* ---- delimiter ---- */

/* Runs of spaces inside of the line, between other characters. */
static bool has_gap(struct text line)
{
    line = text_trim(line);
    for (uint32_t i = 1; i + 1 < line.len; i++)
        if (line.at[i - 1] == ' ' && line.at[i] == ' ')
            return true;
    return false;
}

bool sniff_aligned(struct text sample)
{
    struct text line;
    uint32_t lines = 0, gaps = 0;
    while (lines < LOOK && text_next(&sample, '\n', &line)) {
        lines += line.len > 0;
        gaps += has_gap(line);
    }
    return lines >= 3 && gaps * 10 >= lines * 9;
}

char sniff_delimiter(struct arena *a, struct text sample, const char **evidence)
{
    static const char marks[] = ",;\t|";
    static const char *const names[] = {"comma", "semicolon", "tab", "bar"};
    double best = 0;
    char delimiter = 0;
    *evidence = "no delimiter is found: one column";
    for (int i = 0; marks[i]; i++) {
        struct sniff_grid g = sniff_cut(a, sample, marks[i]);
        double score = g.width > 1 ? g.regular + 0.0001 * (g.width > 100 ? 100 : g.width) : 0;
        if (score <= best || g.regular < 0.5)
            continue;
        best = score;
        delimiter = marks[i];
        *evidence = arena_print(a, "cut at each %s, %.0f %% of the first %u records have %u cells",
                                names[i], 100 * g.regular, g.rows, g.width);
    }
    return delimiter;
}

/* ---- header ---- */

static struct decimal number_of(struct text t)
{
    char plain[64];
    uint32_t n = 0;
    t = text_trim(t);
    for (uint32_t i = 0; i < t.len && n < sizeof plain; i++)
        if (t.at[i] != ',' && t.at[i] != ' ' && t.at[i] != '%')
            plain[n++] = t.at[i];
    return t.len < sizeof plain ? decimal_parse((struct text){plain, n})
                                : (struct decimal){0, 0, NUMBER_BAD};
}

static bool is_number(struct text t)
{
    unsigned kind = number_of(t).kind;
    return kind == NUMBER_EXACT || kind == NUMBER_WIDE;
}

static bool has_names(const struct sniff_row *r, uint32_t width)
{
    if (r->cells < width)
        return false;
    for (uint32_t i = 0; i < r->cells; i++) {
        if (i >= width && !text_missing(r->cell[i]))
            return false;
        if (i < width && text_missing(text_trim(r->cell[i])))
            return false;
    }
    return true;
}

/* Sheets have rows of all lengths: the table is as wide as most of its rows reach at most. */
static uint32_t sheet_width(const struct sniff_grid *g)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < g->rows; i++) {
        uint32_t n = g->row[i].cells;
        while (n && text_missing(g->row[i].cell[n - 1]))
            n--;
        width = n > width ? n : width;
    }
    return width;
}

/* Most of the cells below are numbers. */
static bool numbers_below(const struct sniff_grid *g, uint32_t row, uint32_t column)
{
    uint32_t numbers = 0, others = 0;
    for (uint32_t i = row + 1; i < g->rows && i <= row + LOOK; i++) {
        if (column >= g->row[i].cells || text_missing(text_trim(g->row[i].cell[column])))
            continue;
        if (is_number(g->row[i].cell[column]))
            numbers++;
        else
            others++;
    }
    return numbers > others;
}

static bool repeats_below(const struct sniff_grid *g, uint32_t row, uint32_t column)
{
    for (uint32_t i = row + 1; i < g->rows && i <= row + LOOK; i++)
        if (column < g->row[i].cells &&
            text_equal(g->row[i].cell[column], g->row[row].cell[column]))
            return true;
    return false;
}

static bool names_twice(const struct sniff_row *r, uint32_t width)
{
    for (uint32_t i = 0; i < width && i < 400; i++)
        for (uint32_t k = 0; k < i; k++)
            if (text_equal(r->cell[i], r->cell[k]))
                return true;
    return false;
}

/* Numbers that rise and look like years are names of a wide table. */
static bool are_years(const struct sniff_row *r, uint32_t width)
{
    uint32_t years = 0;
    int64_t before = 0;
    for (uint32_t i = 0; i < width; i++) {
        struct decimal year = number_of(r->cell[i]);
        if (year.mantissa == 0)
            continue;
        if (year.scale || year.mantissa < 1800 || year.mantissa > 2100 || year.mantissa <= before)
            return false;
        before = year.mantissa;
        years++;
    }
    return years > 1 && years < width;
}

static int judge_header(struct arena *a, const struct sniff_grid *g, uint32_t row, uint32_t width,
                        const char **evidence)
{
    const struct sniff_row *r = &g->row[row];
    uint32_t named = 0, valued = 0, repeated = 0;
    for (uint32_t c = 0; c < width; c++) {
        bool number = is_number(r->cell[c]), below = numbers_below(g, row, c);
        named += !number && below;
        valued += number && below;
        repeated += repeats_below(g, row, c);
    }
    if (are_years(r, width))
        valued = 0;
    if (valued > named || (repeated * 2 > width && row + 1 < g->rows)) {
        *evidence =
            arena_print(a, "line %u is like those below it: %u numbers, %u cells that come again",
                        r->line, valued, repeated);
        return row == 0 ? 0 : -1;
    }
    if (names_twice(r, width)) {
        *evidence = arena_print(a, "line %u has the same name twice", r->line);
        return -1;
    }
    *evidence = arena_print(
        a, "line %u has %u names; in %u of the columns numbers stand below them%s", r->line, width,
        named, named ? "" : ", so that it could also be a row: look at it");
    return (int)r->line;
}

static bool has_cell(const struct sniff_row *r, uint32_t c)
{
    return c < r->cells && !text_missing(text_trim(r->cell[c]));
}

/* A line of names, some of them over several columns, and one of names below them, with no numbers
 * but years, over columns of numbers. */
static bool are_two_rows(const struct sniff_grid *g, uint32_t row, uint32_t width)
{
    const struct sniff_row *upper = &g->row[row], *lower = upper + 1;
    uint32_t over = 0, gaps = 0, below = 0, numbers = 0;
    for (uint32_t c = 0; c < width; c++) {
        bool named = has_cell(upper, c), under = has_cell(lower, c);
        if (!named && !under)
            return false;
        over += named;
        gaps += !named;
        below += under && !is_number(lower->cell[c]);
        numbers += numbers_below(g, row + 1, c);
    }
    return over > 1 && gaps && below * 2 > width && numbers * 2 >= width;
}

static bool tell_two_rows(struct arena *a, const struct sniff_grid *g, uint32_t width,
                          const char **evidence)
{
    for (uint32_t i = 0; i + 2 < g->rows && i < 50; i++) {
        if (!are_two_rows(g, i, width))
            continue;
        *evidence = arena_print(
            a,
            "lines %u and %u name the columns together, a name of the first over several of the "
            "second: write a name of its own for each column into line %u, and read it by "
            "--header %u",
            g->row[i].line, g->row[i + 1].line, g->row[i + 1].line, g->row[i + 1].line);
        return true;
    }
    return false;
}

int sniff_header(struct arena *a, const struct sniff_grid *g, bool sheet, const char **evidence)
{
    uint32_t width = sheet ? sheet_width(g) : g->width;
    if (width > 2 && tell_two_rows(a, g, width, evidence))
        return -1;
    for (uint32_t i = 0; i < g->rows && i < 50; i++)
        if (has_names(&g->row[i], width))
            return judge_header(a, g, i, width, evidence);
    *evidence = g->rows ? "no line has a name in each of the columns" : "the file is empty";
    return -1;
}
