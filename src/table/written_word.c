/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/written_word.h"

#include <utf8proc.h>

#include "table/fold.h"

enum { SILENT = ' ' };
enum { FIRST_YEAR = 1800, LAST_YEAR = 2199 };

/* What a folded word is; SILENT words say nothing of their own. */
struct word {
    char folded[24];
    char letter;
    int value;
};

/* Months by their number; the first three letters and the common abbreviations. */
static const struct word months[] = {
    {"janvier", 'M', 1},
    {"janv", 'M', 1},
    {"jan", 'M', 1},
    {"january", 'M', 1},
    {"fevrier", 'M', 2},
    {"fevr", 'M', 2},
    {"fev", 'M', 2},
    {"february", 'M', 2},
    {"feb", 'M', 2},
    {"mars", 'M', 3},
    {"march", 'M', 3},
    {"mar", 'M', 3},
    {"avril", 'M', 4},
    {"avr", 'M', 4},
    {"april", 'M', 4},
    {"apr", 'M', 4},
    {"mai", 'M', 5},
    {"may", 'M', 5},
    {"juin", 'M', 6},
    {"june", 'M', 6},
    {"jun", 'M', 6},
    {"juillet", 'M', 7},
    {"juil", 'M', 7},
    {"juill", 'M', 7},
    {"july", 'M', 7},
    {"jul", 'M', 7},
    {"aout", 'M', 8},
    {"august", 'M', 8},
    {"aug", 'M', 8},
    {"septembre", 'M', 9},
    {"september", 'M', 9},
    {"sept", 'M', 9},
    {"sep", 'M', 9},
    {"octobre", 'M', 10},
    {"october", 'M', 10},
    {"oct", 'M', 10},
    {"novembre", 'M', 11},
    {"november", 'M', 11},
    {"nov", 'M', 11},
    {"decembre", 'M', 12},
    {"december", 'M', 12},
    {"dec", 'M', 12},
    /* Morocco */
    {"يناير", 'M', 1},
    {"فبراير", 'M', 2},
    {"مارس", 'M', 3},
    {"ابريل", 'M', 4},
    {"ماي", 'M', 5},
    {"يونيو", 'M', 6},
    {"يوليوز", 'M', 7},
    {"غشت", 'M', 8},
    {"شتنبر", 'M', 9},
    {"اكتوبر", 'M', 10},
    {"نونبر", 'M', 11},
    {"دجنبر", 'M', 12},
    {"يونيه", 'M', 6},
    {"اغشت", 'M', 8},
    {"شتمبر", 'M', 9},
    {"نونمبر", 'M', 11},
    {"دجمبر", 'M', 12},
    /* Egypt and the Gulf */
    {"مايو", 'M', 5},
    {"يوليو", 'M', 7},
    {"يوليه", 'M', 7},
    {"اغسطس", 'M', 8},
    {"سبتمبر", 'M', 9},
    {"نوفمبر", 'M', 11},
    {"ديسمبر", 'M', 12},
    /* Algeria and Tunisia */
    {"جانفي", 'M', 1},
    {"فيفري", 'M', 2},
    {"افريل", 'M', 4},
    {"جوان", 'M', 6},
    {"جويليه", 'M', 7},
    {"اوت", 'M', 8},
    /* the Levant; Tishrin and Kanun take an ordinal: see levantine() */
    {"شباط", 'M', 2},
    {"اذار", 'M', 3},
    {"نيسان", 'M', 4},
    {"ايار", 'M', 5},
    {"حزيران", 'M', 6},
    {"تموز", 'M', 7},
    {"اب", 'M', 8},
    {"ايلول", 'M', 9},
    {"تشرين", 'T', 10},
    {"كانون", 'T', 12},
};

static const struct word words[] = {
    {"semestre", 's', 0},
    {"semester", 's', 0},
    {"half", 's', 0},
    {"s", 's', 0},
    {"h", 's', 0},
    {"نصف", 's', 0},
    {"اسدس", 's', 0},
    {"اسدوس", 's', 0},
    {"سداسي", 's', 0},
    {"semestres", 's', 0},
    {"trimestre", 'q', 0},
    {"trim", 'q', 0},
    {"quarter", 'q', 0},
    {"t", 'q', 0},
    {"q", 'q', 0},
    {"ربع", 'q', 0},
    {"فصل", 'q', 0},
    {"ثلاثي", 'q', 0},
    {"trimestres", 'q', 0},
    {"quarters", 'q', 0},
    {"dernier", 'l', 0},
    {"last", 'l', 0},
    {"اخير", 'l', 0},
    {"m", 'k', 0},
    {"fin", 'e', 0},
    {"end", 'e', 0},
    {"نهايه", 'e', 0},
    {"متم", 'e', 0},
    {"mois", 'm', 0},
    {"month", 'm', 0},
    {"months", 'm', 0},
    {"شهر", 'm', 0},
    {"اشهر", 'm', 0},
    {"a", '>', 0},
    {"au", '>', 0},
    {"to", '>', 0},
    {"الي", '>', 0},
    {"et", '&', 0},
    {"and", '&', 0},
    {"و", '&', 0},
    {"entre", 'b', 0},
    {"between", 'b', 0},
    {"بين", 'b', 0},
    {"universitaire", 'a', 0},
    {"scolaire", 'a', 0},
    {"academique", 'a', 0},
    {"academic", 'a', 0},
    {"school", 'a', 0},
    {"جامعيه", 'a', 0},
    {"جامعي", 'a', 0},
    {"دراسيه", 'a', 0},
    {"دراسي", 'a', 0},
    /* ordinals */
    {"premier", 'f', 1},
    {"premiere", 'f', 1},
    {"premiers", 'f', 1},
    {"first", 'f', 1},
    {"اول", 'f', 1},
    {"اولي", 'f', 1},
    {"فاتح", 'n', 1},
    {"deuxieme", 'n', 2},
    {"second", 'n', 2},
    {"seconde", 'n', 2},
    {"ثاني", 'n', 2},
    {"ثانيه", 'n', 2},
    {"troisieme", 'n', 3},
    {"third", 'n', 3},
    {"ثالث", 'n', 3},
    {"ثالثه", 'n', 3},
    {"quatrieme", 'n', 4},
    {"fourth", 'n', 4},
    {"رابع", 'n', 4},
    {"رابعه", 'n', 4},
    /* Roman, of semesters and quarters */
    {"i", 'r', 1},
    {"ier", 'r', 1},
    {"ii", 'r', 2},
    {"iie", 'r', 2},
    {"iieme", 'r', 2},
    {"iii", 'r', 3},
    {"iiie", 'r', 3},
    {"iiieme", 'r', 3},
    {"iv", 'r', 4},
    {"ive", 'r', 4},
    {"iveme", 'r', 4},
    /* of a day of the month */
    {"lundi", 'w', 1},
    {"mardi", 'w', 2},
    {"mercredi", 'w', 3},
    {"jeudi", 'w', 4},
    {"vendredi", 'w', 5},
    {"samedi", 'w', 6},
    {"dimanche", 'w', 7},
    {"monday", 'w', 1},
    {"tuesday", 'w', 2},
    {"wednesday", 'w', 3},
    {"thursday", 'w', 4},
    {"friday", 'w', 5},
    {"saturday", 'w', 6},
    {"sunday", 'w', 7},
    /* numbers of months */
    {"deux", 'n', 2},
    {"trois", 'n', 3},
    {"quatre", 'n', 4},
    {"cinq", 'n', 5},
    {"six", 'n', 6},
    {"huit", 'n', 8},
    {"neuf", 'n', 9},
    {"dix", 'n', 10},
    {"onze", 'n', 11},
    {"two", 'n', 2},
    {"three", 'n', 3},
    {"four", 'n', 4},
    {"five", 'n', 5},
    {"seven", 'n', 7},
    {"eight", 'n', 8},
    {"nine", 'n', 9},
    {"ten", 'n', 10},
    {"eleven", 'n', 11},
    {"ثلاثه", 'n', 3},
    {"اربعه", 'n', 4},
    {"خمسه", 'n', 5},
    {"سته", 'n', 6},
    {"سبعه", 'n', 7},
    {"ثمانيه", 'n', 8},
    {"تسعه", 'n', 9},
    {"عشره", 'n', 10},
    /* what only joins */
    {"le", SILENT, 0},
    {"la", SILENT, 0},
    {"les", SILENT, 0},
    {"l", SILENT, 0},
    {"de", SILENT, 0},
    {"du", SILENT, 0},
    {"des", SILENT, 0},
    {"d", SILENT, 0},
    {"en", SILENT, 0},
    {"sur", SILENT, 0},
    {"pendant", SILENT, 0},
    {"durant", SILENT, 0},
    {"courant", SILENT, 0},
    {"tout", SILENT, 0},
    {"toute", SILENT, 0},
    {"long", SILENT, 0},
    {"annee", SILENT, 0},
    {"exercice", SILENT, 0},
    {"periode", SILENT, 0},
    {"لسنه", SILENT, 0},
    {"لعام", SILENT, 0},
    {"annees", SILENT, 0},
    {"an", SILENT, 0},
    {"year", SILENT, 0},
    {"years", SILENT, 0},
    {"the", SILENT, 0},
    {"of", SILENT, 0},
    {"in", SILENT, 0},
    {"during", SILENT, 0},
    {"from", 'o', 0},
    {"ما", SILENT, 0},
    {"سنه", SILENT, 0},
    {"عام", SILENT, 0},
    {"خلال", SILENT, 0},
    {"في", SILENT, 0},
    {"من", SILENT, 0},
    {"برسم", SILENT, 0},
    {"موسم", SILENT, 0},
    {"cours", 'c', 0},
    {"titre", 'c', 0},
};

static const struct word suffixes[] = {
    {"er", SILENT, 0},  {"ere", SILENT, 0}, {"re", SILENT, 0},  {"e", SILENT, 0},
    {"eme", SILENT, 0}, {"nd", SILENT, 0},  {"nde", SILENT, 0}, {"st", SILENT, 0},
    {"rd", SILENT, 0},  {"th", SILENT, 0},  {"م", SILENT, 0},
};

static const struct word *find(const struct word *list, size_t n, struct text folded)
{
    for (size_t i = 0; i < n; i++)
        if (text_equal(folded, text_of(list[i].folded)))
            return &list[i];
    return NULL;
}

#define FIND(list, folded) find(list, sizeof(list) / sizeof *(list), folded)

static bool put(struct written *w, char letter, int value, int digits)
{
    if (w->count == WRITTEN_TOKENS)
        return false;
    w->letter[w->count] = letter;
    w->value[w->count] = value;
    w->digits[w->count++] = digits;
    return true;
}

static char last_letter(const struct written *w)
{
    return w->count ? w->letter[w->count - 1] : '\0';
}

/* The ordinal behind Tishrin and Kanun: Tishrin 1 is October, Kanun 2 January. */
static bool levantine(struct written *w, const struct word *ordinal)
{
    uint32_t last = w->count - 1;
    if ((ordinal->letter != 'f' && ordinal->letter != 'n') || ordinal->value > 2)
        return false;
    w->value[last] = (w->value[last] + ordinal->value - 2) % 12 + 1;
    w->letter[last] = 'M';
    return true;
}

static bool put_word(struct written *w, const struct word *word)
{
    if (last_letter(w) == 'T')
        return levantine(w, word);
    if (word->letter == SILENT)
        return true;
    if (word->letter == 'c') { /* au cours de, au titre de; not `en cours`, which has no end yet */
        bool to = last_letter(w) == '>';
        w->count -= to;
        return to;
    }
    if (word->letter == 'M' && last_letter(w) == 'm')
        w->count--; /* le mois de mai */
    return put(w, word->letter, word->value, 0);
}

static const struct word *word_find(struct text folded)
{
    const struct word *word = FIND(months, folded);
    return word ? word : FIND(words, folded);
}

static bool cut_word(struct written *w, struct text written, bool behind_digit)
{
    char buffer[FOLD_TEXT];
    struct text folded = fold_text(written, buffer);
    static const char waw[] = "و";
    const struct word *word = behind_digit ? FIND(suffixes, folded) : NULL;
    word = word ? word : word_find(folded);
    if (word)
        return put_word(w, word);
    if (folded.len <= sizeof waw || !text_starts(folded, TEXT("و")))
        return false;
    /* the Arabic `and` is written together with what follows, which may have its own article */
    written = (struct text){folded.at + sizeof waw - 1, folded.len - (uint32_t)sizeof waw + 1};
    char again[FOLD_TEXT];
    word = word_find(fold_text(written, again));
    return word && put(w, '&', 0, 0) && put_word(w, word);
}

static bool cut_number(struct written *w, int number, int digits)
{
    if (digits == 4 && number >= FIRST_YEAR && number <= LAST_YEAR)
        return put(w, 'Y', number, digits);
    return digits <= 2 && last_letter(w) != 'T' && put(w, 'n', number, digits);
}

static bool is_letter(int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_ME) || c == 0x640;
}

static bool is_space(int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_CF || c == '\t';
}

/* A sign as a letter; SILENT for apostrophes, 0 where it is not known. */
static char sign_of(int32_t c)
{
    static const struct {
        int32_t code;
        char letter;
    } signs[] = {
        {'-', '-'},       {0x2010, '-'},   {0x2011, '-'},  {0x2012, '-'},
        {0x2013, '-'},    {0x2014, '-'},   {0x2212, '-'},  {'/', '/'},
        {',', ','},       {0x60C, ','},    {'&', '&'},     {'\'', SILENT},
        {0x2019, SILENT}, {0x2BC, SILENT}, {0xB0, SILENT}, {0xBA, SILENT},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].code == c)
            return signs[i].letter;
    return 0;
}

struct cutter {
    struct text rest;
    int32_t code;   /* at the start of the rest; -1 at its end */
    uint32_t bytes; /* of that */
};

static void look(struct cutter *c)
{
    utf8proc_int32_t code = -1;
    utf8proc_ssize_t n = 0;
    if (c->rest.len)
        n = utf8proc_iterate((const utf8proc_uint8_t *)c->rest.at, (utf8proc_ssize_t)c->rest.len,
                             &code);
    c->code = n > 0 ? code : -1;
    c->bytes = n > 0 ? (uint32_t)n : 0;
}

static void step_on(struct cutter *c)
{
    c->rest.at += c->bytes;
    c->rest.len -= c->bytes;
    look(c);
}

static bool take_number(struct written *w, struct cutter *c)
{
    int number = 0, digits = 0;
    for (; letter_digit(c->code) >= 0; step_on(c), digits++)
        number = digits < 5 ? number * 10 + letter_digit(c->code) : number;
    return cut_number(w, number, digits);
}

static bool take_word(struct written *w, struct cutter *c, bool behind_digit)
{
    struct text word = {c->rest.at, 0};
    while (c->code >= 0 && is_letter(c->code) && letter_digit(c->code) < 0) {
        word.len += c->bytes;
        step_on(c);
    }
    return cut_word(w, word, behind_digit);
}

/* A point divides numbers, and else ends an abbreviation. */
static bool take_point(struct written *w, struct cutter *c, bool behind_digit)
{
    step_on(c);
    return !behind_digit || letter_digit(c->code) < 0 || put(w, '/', 0, 0);
}

static bool take_sign(struct written *w, struct cutter *c)
{
    char letter = sign_of(c->code);
    step_on(c);
    return letter == SILENT || (letter && put(w, letter, 0, 0));
}

static void drop(struct written *w, uint32_t at, uint32_t n)
{
    w->count -= n;
    memmove(w->letter + at, w->letter + at + n, w->count - at + 1);
    memmove(w->value + at, w->value + at + n, (w->count - at) * sizeof *w->value);
    memmove(w->digits + at, w->digits + at + n, (w->count - at) * sizeof *w->digits);
}

/* أيار/مايو: one month by both its names.  `from` opens what a `to` must close. */
static void tidy(struct written *w)
{
    for (uint32_t i = 0; i + 2 < w->count; i++)
        if (memcmp(w->letter + i, "M/M", 3) == 0 && w->value[i] == w->value[i + 2])
            drop(w, i, 2);
    if (w->letter[0] == 'o' && (strchr(w->letter, '>') || strchr(w->letter, '-')))
        drop(w, 0, 1);
}

/* Roman numbers count beside what they number, a day of the week before a day of the month. */
static void settle_beside(struct written *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        char before = i ? w->letter[i - 1] : '\0', behind = w->letter[i + 1];
        bool numbers = behind == 's' || behind == 'q' || before == 's' || before == 'q';
        if (w->letter[i] == 'r' && numbers)
            w->letter[i] = 'n';
        if (w->letter[i] == 'w' && behind == 'n' && !w->weekday) {
            w->weekday = w->value[i];
            drop(w, i--, 1);
        }
    }
}

/* `to` before an end or a day is the `au` of `au 31 décembre`; `first` counts where months follow,
 * else it is the number one. */
static void settle(struct written *w)
{
    w->letter[w->count] = '\0';
    settle_beside(w);
    tidy(w);
    if (w->count > 1 && w->letter[0] == '>' && strchr("enfsql", w->letter[1]))
        drop(w, 0, 1);
    if (strchr(w->letter, 'm'))
        return;
    for (uint32_t i = 0; i < w->count; i++)
        if (w->letter[i] == 'f')
            w->letter[i] = 'n';
}

bool written_cut(struct text t, struct written *w)
{
    struct cutter c = {.rest = t};
    bool good = true, behind_digit = false;
    *w = (struct written){.count = 0};
    look(&c);
    while (good && c.code >= 0) {
        bool digit = letter_digit(c.code) >= 0;
        if (is_space(c.code))
            step_on(&c);
        else if (digit)
            good = take_number(w, &c);
        else if (is_letter(c.code))
            good = take_word(w, &c, behind_digit);
        else if (c.code == '.')
            good = take_point(w, &c, behind_digit);
        else
            good = take_sign(w, &c);
        behind_digit = digit;
    }
    settle(w);
    return good && c.rest.len == 0 && last_letter(w) != 'T';
}
