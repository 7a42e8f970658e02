/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/phrase.h"

#include "table/fold.h"

enum side { PLACE_BEFORE = 1, PLACE_AFTER = 2, PLACE_BOTH = 3, PLACE_LINK = 4, PLACE_STATE = 8 };

static uint32_t place_of(struct text name)
{
    static const struct {
        char name[8];
        uint32_t place;
    } places[] = {{"before", PLACE_BEFORE},
                  {"after", PLACE_AFTER},
                  {"both", PLACE_BOTH},
                  {"link", PLACE_LINK},
                  {"state", PLACE_STATE}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (text_equal(name, text_of(places[i].name)))
            return places[i].place;
    return 0;
}

/* The fold of a wrapping; of one that is all article (la) its letters stay. */
static uint32_t words_fold(struct text t, char *to)
{
    struct text folded = fold_text(t, to);
    if (!text_missing(folded) || t.len > FOLD_TEXT)
        return folded.len;
    memcpy(to, t.at, t.len);
    return t.len;
}

static struct text words(const struct phrases *p, const struct wrapping *w)
{
    return (struct text){p->bytes + w->at, w->len};
}

struct phrases *phrases_new(struct arena *arena, const struct table *t, struct error *error)
{
    struct phrases *p = arena_zalloc(arena, sizeof *p);
    int text = schema_find(t->schema, TEXT("text")), place = schema_find(t->schema, TEXT("place"));
    struct wrapping *w = arena_array(arena, t->rows, sizeof *w);
    char *bytes = arena_array(arena, t->rows, FOLD_TEXT);
    *p = (struct phrases){bytes, w, t->rows, 0};
    for (uint32_t row = 0; row < t->rows; row++, w++) {
        *w = (struct wrapping){p->length, words_fold(table_get(t, row, text), bytes + p->length),
                               place_of(table_get(t, row, place))};
        p->length += w->len;
        if (w->len && w->place)
            continue;
        error_set(error, EX_DATAERR, (struct place){t->name, row + 2, 0},
                  "a wrapping needs a text and a place");
        return NULL;
    }
    return p;
}

/* Whether whole words of `t` begin, or end, with `words` and something is left. */
static bool begins(struct text t, struct text words)
{
    return t.len > words.len + 1 && t.at[words.len] == ' ' && text_starts(t, words);
}

static bool ends(struct text t, struct text words)
{
    return t.len > words.len + 1 && t.at[t.len - words.len - 1] == ' ' &&
           memcmp(t.at + t.len - words.len, words.at, words.len) == 0;
}

/* The longest wrapping of a place that stands at this end of the text. */
static uint32_t longest(const struct phrases *p, unsigned place,
                        bool (*stands)(struct text, struct text), struct text t)
{
    uint32_t len = 0;
    for (const struct wrapping *w = p->wrapping; w < p->wrapping + p->count; w++)
        if (w->place & place && w->len > len && stands(t, words(p, w)))
            len = w->len;
    return len;
}

static struct text cut_front(struct text t, uint32_t len)
{
    return (struct text){t.at + len + 1, t.len - len - 1};
}

static struct text cut_back(struct text t, uint32_t len)
{
    return (struct text){t.at, t.len - len - 1};
}

struct text phrase_unlink(const struct phrases *p, struct text folded)
{
    uint32_t len;
    while ((len = longest(p, PLACE_LINK, begins, folded)))
        folded = cut_front(folded, len);
    return folded;
}

static bool unwrap_front(const struct phrases *p, struct text *folded)
{
    uint32_t len = longest(p, PLACE_BEFORE, begins, *folded);
    if (!len)
        return false;
    *folded = phrase_unlink(p, cut_front(*folded, len));
    return true;
}

/* `republic of the` behind the name: the links, then the wrapper. */
static bool unwrap_back(const struct phrases *p, struct text *folded)
{
    struct text t = *folded;
    uint32_t len;
    while ((len = longest(p, PLACE_LINK, ends, t)))
        t = cut_back(t, len);
    len = longest(p, PLACE_AFTER, ends, t);
    if (len)
        *folded = cut_back(t, len);
    return len > 0;
}

/* `الجمهورية الإسلامية الإيرانية`, `جمهورية كوريا الشعبية`: before or behind the name. */
static bool unwrap_state(const struct phrases *p, struct text *folded)
{
    uint32_t front = longest(p, PLACE_STATE, begins, *folded);
    if (front)
        *folded = cut_front(*folded, front);
    uint32_t back = front ? 0 : longest(p, PLACE_STATE, ends, *folded);
    if (back)
        *folded = cut_back(*folded, back);
    return front || back;
}

bool phrase_unwrap(const struct phrases *p, bool back_first, struct text *folded, bool *fell)
{
    if (back_first && unwrap_back(p, folded))
        return true;
    if (unwrap_front(p, folded))
        return *fell = true;
    return unwrap_back(p, folded) || (*fell && unwrap_state(p, folded));
}

/* Bytes of the digit at `i`, Arabic ones too; 0: there is none. */
static uint32_t digit_at(struct text t, uint32_t i)
{
    if (i < t.len && t.at[i] >= '0' && t.at[i] <= '9')
        return 1;
    if (i + 1 >= t.len)
        return 0;
    unsigned char a = (unsigned char)t.at[i], b = (unsigned char)t.at[i + 1];
    return (a == 0xD9 && b >= 0xA0 && b <= 0xA9) || (a == 0xDB && b >= 0xB0 && b <= 0xB9) ? 2 : 0;
}

/* Without `12 - ` in front, where a letter comes behind. */
static struct text unnumber(struct text t)
{
    uint32_t i = 0, digits = 0, n;
    while ((n = digit_at(t, i)))
        i += n, digits++;
    uint32_t mark = i;
    while (i < t.len && memchr(" .)-:/", t.at[i], 6))
        i++;
    if (digits == 0 || digits > 3 || i == mark || i == t.len || digit_at(t, i))
        return t;
    return (struct text){t.at + i, t.len - i};
}

/* Bytes of a raised digit or a dagger at the end of `t`. */
static uint32_t raised_at_end(struct text t)
{
    static const char marks[][8] = {"¹", "²", "³", "⁰", "⁴", "⁵", "⁶", "⁷", "⁸",
                                    "⁹", "⁽", "⁾", "†", "‡", "*", " ", " "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        uint32_t n = (uint32_t)strlen(marks[i]);
        if (t.len > n && memcmp(t.at + t.len - n, marks[i], n) == 0)
            return n;
    }
    return 0;
}

/* Bytes of `(1)`, `[12]`, `(a)` at the end of `t`. */
static uint32_t note_at_end(struct text t)
{
    if (t.len < 4 || (t.at[t.len - 1] != ')' && t.at[t.len - 1] != ']'))
        return 0;
    uint32_t open = t.len - 1;
    while (open > 0 && t.at[open] != '(' && t.at[open] != '[')
        open--;
    uint32_t i = open + 1, n, digits = 0;
    while ((n = digit_at(t, i)))
        i += n, digits++;
    bool letter = digits == 0 && t.at[i] >= 'a' && t.at[i] <= 'z' && i + 2 == t.len;
    return open > 0 && (letter || (digits >= 1 && digits <= 2 && i + 1 == t.len)) ? t.len - open
                                                                                  : 0;
}

/* A lone digit that lost its height: `Sénégal1`. */
static uint32_t digit_at_end(struct text t)
{
    if (t.len < 5 || !digit_at(t, t.len - 1))
        return 0;
    char before = t.at[t.len - 2];
    return before != ' ' && !digit_at(t, t.len - 2) && !memchr(".,-/(+'", before, 7) ? 1 : 0;
}

struct text phrase_unmark(struct text t)
{
    t = unnumber(text_trim(t));
    for (;;) {
        uint32_t n = raised_at_end(t);
        if (!n)
            n = note_at_end(t);
        if (!n)
            break;
        t = text_trim((struct text){t.at, t.len - n});
    }
    return (struct text){t.at, t.len - digit_at_end(t)};
}

/* Bytes of the letter at `i`; 0: none. */
static uint32_t letter_at(struct text t, uint32_t i)
{
    if (i >= t.len)
        return 0;
    unsigned char c = (unsigned char)t.at[i];
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z' ? 1 : 0;
    return c >= 0xC3 && c < 0xE0 && i + 1 < t.len ? 2 : 0;
}

bool phrase_elides_initial(struct text t)
{
    for (uint32_t i = 0; i < t.len; i++) {
        uint32_t mark = t.at[i] == '\'' ? 1 : t.len - i >= 3 && !memcmp(t.at + i, "’", 3) ? 3 : 0;
        bool elided = mark && i > 0 && letter_at(t, i - 1) && (i == 1 || t.at[i - 2] == ' ');
        uint32_t letter = elided ? letter_at(t, i + mark) : 0;
        uint32_t after = i + mark + letter;
        if (letter && (after == t.len || memchr(".- ", t.at[after], 3)))
            return true;
    }
    return false;
}

/* Bytes of what parts two names at `i`; 0: nothing does. */
static uint32_t parting(struct text t, uint32_t i)
{
    static const char marks[][8] = {"(",   ")",   "[",    "]",    "/",    ",",     ";",
                                    ":",   "|",   "=",    "–",    "—",    "،",     "؛",
                                    " - ", " و ", " et ", " ou ", " or ", " and ", " أو "};
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        uint32_t n = (uint32_t)strlen(marks[m]);
        if (t.len - i >= n && memcmp(t.at + i, marks[m], n) == 0)
            return n;
    }
    return 0;
}

bool phrase_enumerates(struct text t)
{
    static const char *const marks[] = {"/",   ",",    ";",    "|",    "،",     "؛",
                                        " و ", " et ", " ou ", " or ", " and ", " أو "};
    for (uint32_t i = 0; i < t.len; i++)
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
            uint32_t n = (uint32_t)strlen(marks[m]);
            if (t.len - i >= n && memcmp(t.at + i, marks[m], n) == 0)
                return true;
        }
    return false;
}

bool phrase_piece(struct text *rest, struct text *piece)
{
    while (rest->len) {
        uint32_t i = 0, n = 0;
        while (i < rest->len && !(n = parting(*rest, i)))
            i++;
        *piece = text_trim((struct text){rest->at, i});
        *rest = (struct text){rest->at + i + n, rest->len - i - n};
        if (!text_missing(*piece))
            return true;
    }
    return false;
}
