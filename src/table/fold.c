/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/fold.h"

#include <utf8proc.h>

enum { PIECES = 32 }; /* the longest decomposition of Unicode has 18 code points */

/* Letters that no decomposition of Unicode takes apart or brings together, by code point. */
struct swap {
    int32_t from;
    char to[4]; /* "": dropped */
};

static const struct swap swaps[] = {
    {0x00E6, "ae"}, /* ae ligature */
    {0x00F0, "d"},  /* eth */
    {0x00F8, "o"},  /* o with stroke */
    {0x00FE, "th"}, /* thorn */
    {0x0111, "d"},  /* d with stroke */
    {0x0127, "h"},  /* h with stroke */
    {0x0131, "i"},  /* dotless i */
    {0x0142, "l"},  /* l with stroke */
    {0x0153, "oe"}, /* oe ligature */
    {0x0621, ""},   /* hamza on the line */
    {0x0629, "ه"},  /* teh marbuta */
    {0x0640, ""},   /* tatweel */
    {0x0649, "ي"},  /* alef maksura */
    {0x0671, "ا"},  /* alef wasla */
    {0x0674, ""},   /* high hamza */
    {0x06A9, "ك"},  /* keheh */
    {0x06AA, "ك"},  /* swash kaf */
    {0x06BE, "ه"},  /* heh doachashmee */
    {0x06C1, "ه"},  /* heh goal */
    {0x06CC, "ي"},  /* Farsi yeh */
    {0x06D5, "ه"},  /* ae */
};

struct folder {
    char *out;
    uint32_t len;
    bool gap;                 /* a space is due before the next letter */
    bool full;                /* FOLD_TEXT did not do */
    bool arabic;              /* an Arabic letter was seen */
    bool initials;            /* two words of one letter follow each other */
    uint32_t letters, before; /* of this word and of the one before */
};

/* Ends a word: remembers whether two words of one letter follow each other. */
static void end_word(struct folder *f)
{
    f->initials |= f->letters == 1 && f->before == 1;
    f->before = f->letters;
    f->letters = 0;
}

static void put(struct folder *f, const char *bytes, uint32_t n)
{
    if (f->gap && f->len > 0 && f->len < FOLD_TEXT) {
        end_word(f);
        f->out[f->len++] = ' ';
    }
    f->gap = false;
    f->full |= f->len + n > FOLD_TEXT;
    for (uint32_t i = 0; i < n && !f->full; i++)
        f->out[f->len++] = bytes[i];
    f->letters++;
}

static const struct swap *swap_find(int32_t c)
{
    size_t low = 0, high = sizeof swaps / sizeof *swaps;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (swaps[middle].from == c)
            return &swaps[middle];
        if (swaps[middle].from < c)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int letter_digit(int32_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 0x660 && c <= 0x669)
        return c - 0x660;
    return c >= 0x6F0 && c <= 0x6F9 ? c - 0x6F0 : -1;
}

static void put_ascii(struct folder *f, char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c + ('a' - 'A'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        put(f, &c, 1);
    else
        f->gap = true;
}

/* What the letters of two common blocks fold to, so that most names never reach the library; 0: ask
 * it.  The test compares every one with the long way. */
static const char latin_letter[0x100 - 0xC0 + 1] =
    "aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0\0aaaaaa\0ceeeeiiii\0nooooo\0ouuuuy\0y";

static const unsigned char arabic_letter[0x64B - 0x620] = {
    0,    0,    0x27, 0x27, 0x48, 0x27, 0x4A, 0x27, 0x28, 0x47, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E,
    0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0,    0,    0,
    0,    0,    0,    0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4A, 0x4A,
};

/* Puts a code point of those blocks; false where the library is to be asked. */
static bool put_common(struct folder *f, int32_t c)
{
    if (c >= 0xC0 && c <= 0xFF && latin_letter[c - 0xC0]) {
        put(f, &latin_letter[c - 0xC0], 1);
        return true;
    }
    if (c < 0x620 || c > 0x64A || !arabic_letter[c - 0x620])
        return false;
    unsigned char low = arabic_letter[c - 0x620];
    const char bytes[2] = {(char)(low < 0x40 ? 0xD8 : 0xD9), (char)(0x80 | (low & 0x3F))};
    f->arabic = true;
    put(f, bytes, 2);
    return true;
}

enum shape { SHAPE_LETTER, SHAPE_GAP, SHAPE_NOTHING };

static enum shape shape_of(int32_t c)
{
    if (c >= 0x2B9 && c <= 0x2BF) /* modifier letters typed as apostrophes */
        return SHAPE_GAP;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
        return SHAPE_NOTHING;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
        return SHAPE_GAP;
    default:
        return SHAPE_LETTER;
    }
}

/* One code point that is decomposed and case-folded already. */
static void put_piece(struct folder *f, int32_t c)
{
    int digit = letter_digit(c);
    if (c < 0x80 || digit >= 0) {
        put_ascii(f, digit >= 0 ? (char)('0' + digit) : (char)c);
        return;
    }
    f->arabic |= c >= 0x600 && c < 0x700;
    const struct swap *swap = swap_find(c);
    if (swap) {
        if (*swap->to)
            put(f, swap->to, (uint32_t)strlen(swap->to));
        return;
    }
    enum shape shape = shape_of(c);
    if (shape == SHAPE_GAP)
        f->gap = true;
    if (shape != SHAPE_LETTER)
        return;
    utf8proc_uint8_t bytes[4];
    put(f, (const char *)bytes, (uint32_t)utf8proc_encode_char(c, bytes));
}

/* One code point as written. */
static void put_code(struct folder *f, int32_t c)
{
    utf8proc_int32_t piece[PIECES];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        c, piece, PIECES, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &boundary);
    if (n < 0 || n > PIECES)
        f->gap = true;
    for (utf8proc_ssize_t i = 0; i < n && n <= PIECES; i++)
        put_piece(f, piece[i]);
}

static void put_all(struct folder *f, struct text t)
{
    for (uint32_t i = 0; i < t.len && !f->full;) {
        if ((unsigned char)t.at[i] < 0x80) {
            put_ascii(f, t.at[i++]);
            continue;
        }
        utf8proc_int32_t c;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)t.at + i, (utf8proc_ssize_t)(t.len - i), &c);
        if (n <= 0)
            f->gap = true; /* not UTF-8: callers have checked, but nothing may go wrong here */
        else if (!put_common(f, c))
            put_code(f, c);
        i += n > 0 ? (uint32_t)n : 1;
    }
}

uint32_t text_letters(struct text t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.len; i++)
        n += ((unsigned char)t.at[i] & 0xC0) != 0x80;
    return n;
}

static bool is_article(struct text word)
{
    return text_equal(word, TEXT("le")) || text_equal(word, TEXT("la")) ||
           text_equal(word, TEXT("les")) || text_equal(word, TEXT("l")) ||
           text_equal(word, TEXT("the"));
}

static struct text drop_articles(struct text t)
{
    struct text rest = t, word;
    while (text_next(&rest, ' ', &word) && rest.at && is_article(word))
        t = rest;
    return t;
}

/* Without the Arabic article, as often as it stands there: المانيا may be the name of the
 * country without its hamza, or begin with the article. */
static struct text drop_al(struct text word)
{
    static const char al[] = "ال";
    const uint32_t n = sizeof al - 1;
    while (word.len > n && memcmp(word.at, al, n) == 0 &&
           text_letters((struct text){word.at + n, word.len - n}) >= 2) {
        word.at += n;
        word.len -= n;
    }
    return word;
}

static bool is_initial(struct text word)
{
    return text_letters(word) == 1 && !(word.at[0] >= '0' && word.at[0] <= '9');
}

/* Joins runs of words of one letter, in place of `t`. */
static struct text join_initials(struct text t, char *out)
{
    struct text rest = t, word;
    uint32_t len = 0;
    bool before = false;
    while (text_next(&rest, ' ', &word)) {
        bool initial = is_initial(word);
        if (len && !(initial && before))
            out[len++] = ' ';
        memmove(out + len, word.at, word.len);
        len += word.len;
        before = initial;
    }
    return (struct text){out, len};
}

static struct text drop_every_al(struct text t, char *out)
{
    struct text rest = t, word;
    uint32_t len = 0;
    while (text_next(&rest, ' ', &word)) {
        word = drop_al(word);
        if (len)
            out[len++] = ' ';
        memmove(out + len, word.at, word.len);
        len += word.len;
    }
    return (struct text){out, len};
}

struct text fold_text(struct text t, char out[FOLD_TEXT])
{
    struct folder f = {.out = out};
    put_all(&f, t);
    if (f.full || f.len == 0)
        return (struct text){out, 0};
    end_word(&f);
    struct text folded = drop_articles((struct text){out, f.len});
    if (f.initials)
        folded = drop_articles(join_initials(folded, out));
    return f.arabic ? drop_every_al(folded, out) : folded;
}

struct text fold_compact(struct text folded, char out[FOLD_TEXT])
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < folded.len && len < FOLD_TEXT; i++)
        if (folded.at[i] != ' ')
            out[len++] = folded.at[i];
    return (struct text){out, len};
}
