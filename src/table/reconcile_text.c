/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the words beside a figure say: fractions, growth, rates, and other printings of it.
 *
 * Only remarks that name what they speak of are used: `plus du quart` beside a percentage, `recul
 * 61 %` beside a count with a year before it, « 90 % » beside the numerator of a rate, `15 sur 16`
 * after `toutes`, another number after `imprime`, `donne`, `écrit`, `ailleurs`.
 */
#include "base/quotient.h"
#include "table/reconcile_quote.h"
#include "table/reconcile_set.h"

static struct text fold_note(const struct claims *s, struct text note)
{
    char *room = arena_alloc(s->arena, (size_t)note.len + 1);
    return quote_fold(note, room);
}

/* ---- fractions in words ---- */

static const struct {
    char words[16];
    enum bearing bearing; /* UNCLEAR: about */
} qualifiers[] = {
    {"plus de la ", BEARING_ABOVE},   {"plus des ", BEARING_ABOVE},
    {"plus du ", BEARING_ABOVE},      {"plus d'un ", BEARING_ABOVE},
    {"moins de la ", BEARING_BELOW},  {"moins du ", BEARING_BELOW},
    {"moins d'un ", BEARING_BELOW},   {"moins des ", BEARING_BELOW},
    {"pres du ", BEARING_UNCLEAR},    {"pres de la ", BEARING_UNCLEAR},
    {"pres d'un ", BEARING_UNCLEAR},  {"pres des ", BEARING_UNCLEAR},
    {"environ un ", BEARING_UNCLEAR}, {"more than half", BEARING_ABOVE},
    {"more than a ", BEARING_ABOVE},  {"less than a ", BEARING_BELOW},
    {"nearly a ", BEARING_UNCLEAR},   {"le ", BEARING_UNCLEAR},
    {"la ", BEARING_UNCLEAR},         {"un ", BEARING_UNCLEAR},
    {"les ", BEARING_UNCLEAR},
};

/* Percent times 100. */
static const struct {
    const char *words;
    int64_t value;
} fractions[] = {
    {"deux tiers", 6667}, {"trois quarts", 7500}, {"quarter", 2500},   {"quart", 2500},
    {"tiers", 3333},      {"moitie", 5000},       {"cinquieme", 2000}, {"dixieme", 1000},
    {"third", 3333},      {"half", 5000},
};

static bool starts_at(struct text t, uint32_t i, const char *words)
{
    size_t n = strlen(words);
    return i + n <= t.len && memcmp(t.at + i, words, n) == 0;
}

/* The bytes of the fraction's words; 0 where there is none. */
static uint32_t fraction_at(struct text t, uint32_t i, struct decimal *value)
{
    for (size_t k = 0; k < sizeof fractions / sizeof *fractions; k++)
        if (starts_at(t, i, fractions[k].words)) {
            *value = (struct decimal){fractions[k].value, 2, NUMBER_EXACT};
            return (uint32_t)strlen(fractions[k].words);
        }
    return 0;
}

static bool word_holds(enum bearing b, struct decimal said, struct decimal value)
{
    int order = decimal_compare(value, said);
    if (b == BEARING_ABOVE)
        return order > 0;
    if (b == BEARING_BELOW)
        return order < 0;
    return !exceeds(value, said, 120) && !exceeds(said, value, 120);
}

static void tell_word(struct claims *s, const struct claim *c, struct text words,
                      struct decimal said)
{
    struct finding *f = finding_new(s, CLASS_TEXT, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    tale_say(&t, "« ");
    tale_text(&t, words);
    tale_say(&t, " » = ");
    tale_number(&t, said);
    tale_say(&t, " % ≠ ");
    tale_claim(&t, c);
    f->evidence = tale_end(&t);
    finding_read(s, f, "Le texte (« %1 ») contredit le chiffre : garder le chiffre.",
                 "The text (“%1”) contradicts the figure: keep the figure.", words, TEXT(""));
}

static void try_words(struct claims *s, const struct claim *c, struct text t)
{
    for (uint32_t i = 0; i < t.len; i++)
        for (size_t k = 0; k < sizeof qualifiers / sizeof *qualifiers; k++) {
            uint32_t n = (uint32_t)strlen(qualifiers[k].words), more;
            struct decimal said;
            bool inside = i && t.at[i - 1] != ' ' && (unsigned char)t.at[i - 1] < 0x80;
            if (inside || !starts_at(t, i, qualifiers[k].words) ||
                !(more = fraction_at(t, i + n, &said)))
                continue;
            if (!word_holds(qualifiers[k].bearing, said, c->value))
                tell_word(s, c, (struct text){t.at + i, n + more}, said);
            i += n;
            break;
        }
}

/* ---- growth ---- */

static int sign_before(struct text t, uint32_t from)
{
    static const char *const up[] = {"+",        "hausse", "augmentation", "progression", "rise",
                                     "increase", " up ",   "زيادة",        "ارتفاع"};
    static const char *const down[] = {"recul",   "baisse", "diminution", "chute", "decrease",
                                       "decline", " down ", "انخفاض",     "تراجع"};
    uint32_t start = from > 28 ? from - 28 : 0;
    struct text before = {t.at + start, from - start};
    for (uint32_t i = 0; i < before.len; i++) /* only what belongs to this number */
        if (before.at[i] == ';' || before.at[i] == ':' || before.at[i] == '%') {
            before.at += i + 1;
            before.len -= i + 1;
            i = UINT32_MAX;
        }
    if (text_starts(before, TEXT("up ")) || text_starts(before, TEXT("down ")))
        return before.at[0] == 'u' ? 1 : -1;
    for (size_t k = 0; k < sizeof up / sizeof *up; k++)
        if (text_holds(before, up[k]))
            return 1;
    for (size_t k = 0; k < sizeof down / sizeof *down; k++)
        if (text_holds(before, down[k]))
            return -1;
    return 0;
}

/* (c - base) / base in percent, as a decimal of two places. */
static bool growth_of(const struct claim *c, const struct claim *base, struct decimal *out)
{
    char text[QUOTIENT_TEXT];
    struct decimal d = decimal_subtract(c->value, base->value);
    if (base->value.mantissa <= 0 || d.kind != NUMBER_EXACT)
        return false;
    size_t n = quotient_format(d, base->value, 2, 2, text);
    *out = decimal_parse((struct text){text, (uint32_t)n});
    return out->kind == NUMBER_EXACT;
}

/* Within one point: the press rounds. */
static bool near_point(struct decimal a, struct decimal b)
{
    return decimal_compare(decimal_distance(a, b), decimal_of(1)) <= 0;
}

/* The claims of the last period that ends before this one begins. */
static const struct claim *base_of(const struct group *g, const struct claim *c, int year,
                                   struct decimal printed, const struct claim **agrees)
{
    const struct claim *base = NULL;
    struct decimal growth;
    for (uint32_t i = 0; i < g->claims; i++) {
        const struct claim *o = g->claim[i];
        int32_t gap = c->period.first - o->period.last;
        bool before = gap > 0 && (year || gap < 400 || !span_is_flow(o->period)) && !o->planned &&
                      span_days(o->period) * 4 <= span_days(c->period) * 5;
        if (!before || (year && date_of_days(o->period.last).year != year))
            continue;
        if (growth_of(c, o, &growth) && near_point(growth, printed) &&
            (!*agrees || scopes_agree(o, c)))
            *agrees = o;
        if (!scopes_agree(o, c))
            continue;
        if (!base || o->period.last > base->period.last ||
            (o->period.last == base->period.last && producers_equal(o, c)))
            base = o;
    }
    return base;
}

static void tale_growth(struct tale *t, const struct claim *c, const struct claim *base)
{
    struct decimal growth;
    tale_number(t, c->value);
    tale_say(t, "/");
    tale_number(t, base->value);
    tale_say(t, " − 1 = ");
    if (growth_of(c, base, &growth))
        tale_number(t, growth);
    tale_say(t, " %");
}

static void tell_growth(struct claims *s, const struct claim *c, const struct claim *base,
                        struct decimal printed, const struct claim *agrees)
{
    struct finding *f = finding_new(s, CLASS_TEXT, WEIGHT_ERROR);
    struct tale t = tale_new(s), p = tale_new(s);
    contradiction_add(s, f, c);
    contradiction_add(s, f, base);
    tale_growth(&t, c, base);
    tale_say(&t, " ≠ ");
    tale_number(&p, printed);
    tale_text(&t, tale_end(&p));
    tale_say(&t, " %");
    if (agrees) {
        contradiction_add(s, f, agrees);
        tale_say(&t, " ; ");
        tale_growth(&t, c, agrees);
    }
    f->evidence = tale_end(&t);
    if (agrees)
        finding_read(s, f, "L’évolution imprimée (%1 %) prend pour base un autre champ : %2.",
                     "The printed change (%1 %) takes a base of another scope: %2.", tale_end(&p),
                     agrees->scope);
    else
        finding_read(s, f, "L’évolution imprimée (%1 %) ne suit pas des deux effectifs.",
                     "The printed change (%1 %) does not follow from the two counts.", tale_end(&p),
                     TEXT(""));
}

/* `61 % sur 2005`: 2005; 0 where no year is named. */
static int base_year(struct text t, uint32_t at)
{
    struct quote q;
    uint32_t from = at;
    if (!quote_next(t, &at, &q) || q.from > from + 16 || q.value.scale || q.percent ||
        q.value.mantissa < 1900 || q.value.mantissa > 2100)
        return 0;
    struct text between = {t.at + from, q.from - from};
    static const char *const since[] = {"sur ",  "depuis ", "par rapport a ", "on ",
                                        "from ", "since ",  "over ",          "compared "};
    bool named = false;
    for (size_t i = 0; i < sizeof since / sizeof *since; i++)
        named |= text_holds(between, since[i]);
    return named ? (int)q.value.mantissa : 0;
}

static void try_growth(struct claims *s, const struct claim *c, struct text t)
{
    const struct group *g = &s->group[c->group];
    struct quote q;
    for (uint32_t at = 0; quote_next(t, &at, &q);) {
        int sign = q.percent && q.value.kind == NUMBER_EXACT ? sign_before(t, q.from) : 0;
        if (!sign || c->percent)
            continue;
        struct decimal printed = q.value;
        const struct claim *agrees = NULL;
        printed.mantissa *= sign;
        const struct claim *base = base_of(g, c, base_year(t, at), printed, &agrees);
        if (base && base->value.mantissa > 0 && !(agrees && scopes_agree(agrees, c)))
            tell_growth(s, c, base, printed, agrees);
    }
}

/* ---- `a doublé depuis 2015` ---- */

static const struct {
    const char *words;
    int percent; /* of the base */
} multiples[] = {
    {"a double", 200},       {"ont double", 200},      {"a quadruple", 400},
    {"doubled", 200},        {"a triple", 300},        {"ont triple", 300},
    {"divise par deux", 50}, {"tripled", 300},         {"baisse de moitie", 50},
    {"halved", 50},          {"divisee par deux", 50}, {"recule de moitie", 50},
    {"chute de moitie", 50}, {"reduit de moitie", 50},
};

/* The verb ends here, or says since when: `à double nationalité` is none. */
static bool ends_verb(struct text t, uint32_t at)
{
    static const char *const since[] = {"depuis ", "par rapport ", "en ", "sur ", "entre ",
                                        "since ",  "from ",        "in ", "de "};
    if (at >= t.len || strchr(".;,:)", t.at[at]))
        return true;
    for (size_t i = 0; t.at[at] == ' ' && i < sizeof since / sizeof *since; i++)
        if (starts_at(t, at + 1, since[i]))
            return true;
    return false;
}

/* Within a quarter: words are no measures. */
static bool is_multiple(const struct claim *c, const struct claim *base, int percent)
{
    return !exceeds(c->value, base->value, percent * 5 / 4) &&
           exceeds(c->value, base->value, percent * 4 / 5);
}

static void tell_multiple(struct claims *s, const struct claim *c, const struct claim *base,
                          const char *words)
{
    struct finding *f = finding_new(s, CLASS_TEXT, WEIGHT_ERROR);
    struct tale t = tale_new(s);
    contradiction_add(s, f, c);
    contradiction_add(s, f, base);
    tale_ratio(&t, c->value, base->value, 0);
    tale_say(&t, " ≠ « ");
    tale_say(&t, words);
    tale_say(&t, " »");
    f->evidence = tale_end(&t);
    finding_read(s, f, "Le texte (« %1 ») contredit les deux effectifs : garder les effectifs.",
                 "The text (“%1”) contradicts the two counts: keep the counts.", text_of(words),
                 TEXT(""));
}

static void try_multiple(struct claims *s, const struct claim *c, struct text t, uint32_t behind,
                         size_t which)
{
    const struct group *g = &s->group[c->group];
    const struct claim *agrees = NULL;
    const struct claim *base =
        base_of(g, c, base_year(t, behind), decimal_of(multiples[which].percent - 100), &agrees);
    for (uint32_t i = 0; base && i < g->claims; i++)
        if (span_equal(g->claim[i]->period, base->period) &&
            is_multiple(c, g->claim[i], multiples[which].percent))
            return;
    if (base && base->value.mantissa > 0)
        tell_multiple(s, c, base, multiples[which].words);
}

static void try_multiples(struct claims *s, const struct claim *c, struct text t)
{
    for (uint32_t i = 0; !c->percent && i < t.len; i++)
        for (size_t k = 0; k < sizeof multiples / sizeof *multiples; k++)
            if ((!i || t.at[i - 1] == ' ') && starts_at(t, i, multiples[k].words) &&
                ends_verb(t, i + (uint32_t)strlen(multiples[k].words)))
                try_multiple(s, c, t, i + (uint32_t)strlen(multiples[k].words), k);
}

/* ---- `3 000 retours prévus` ---- */

static bool plans(struct text part, bool behind)
{
    static const char *const words[] = {"objectif", "cible",  "prevoi",  "prevision", "prevu",
                                        "attendu",  "target", "planned", "expected"};
    for (size_t i = behind ? 4 : 0; i < sizeof words / sizeof *words; i++)
        if (text_holds(part, words[i]))
            return true;
    return false;
}

/* The clause around the number, on either side of it. */
static struct text clause(struct text t, const struct quote *q, bool behind)
{
    uint32_t from = behind ? q->to : q->from, to = from;
    if (behind)
        while (to < t.len && !strchr(".;,:(", t.at[to]))
            to++;
    else
        while (from > 0 && !strchr(".;,(", t.at[from - 1]))
            from--;
    return (struct text){t.at + from, to - from};
}

bool note_plans(const struct claims *s, struct text note, struct decimal value)
{
    struct text t = fold_note(s, note);
    struct quote q;
    for (uint32_t at = 0; quote_next(t, &at, &q);)
        if (q.value.kind == NUMBER_EXACT && decimal_compare(q.value, value) == 0 &&
            (plans(clause(t, &q, false), false) || plans(clause(t, &q, true), true)))
            return true;
    return false;
}

/* ---- `toutes (15 sur 16)` ---- */

static void try_all(struct claims *s, const struct claim *c, struct text t)
{
    struct quote a, b;
    uint32_t at = 0;
    if (!text_holds(t, "toutes") && !text_holds(t, "tous "))
        return;
    while (quote_next(t, &at, &a)) {
        uint32_t next = at;
        if (!starts_at(t, a.to, " sur ") || !quote_next(t, &next, &b) || b.from != a.to + 5 ||
            decimal_compare(a.value, b.value) >= 0)
            continue;
        struct finding *f = finding_new(s, CLASS_TEXT, WEIGHT_ERROR);
        struct tale say = tale_new(s);
        contradiction_add(s, f, c);
        tale_number(&say, a.value);
        tale_say(&say, "/");
        tale_number(&say, b.value);
        struct text ratio = tale_end(&say);
        tale_say(&say, " ≠ 100 %");
        f->evidence = tale_end(&say);
        finding_read(s, f, "« Toutes » contredit %1.", "“All” contradicts %1.", ratio, TEXT(""));
        return;
    }
}

/* ---- other printings that a note quotes ---- */

static bool quotes_another(struct text folded)
{
    static const char *const verbs[] = {"imprime", "ecrit", "donne", "ailleurs", "contredit"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (text_holds(folded, verbs[i]))
            return true;
    return false;
}

/* Some row has the number that the note quotes: rows are compared with rows.  Shares are short,
 * and equal by chance in other cells. */
static bool is_printed(const struct claims *s, const struct claim *c, struct decimal value)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (decimal_compare(s->at[i]->value, value) == 0 &&
            (!c->percent || (s->at[i]->group == c->group && claims_same_cell(s->at[i], c))))
            return true;
    return false;
}

static bool is_year(const struct quote *q)
{
    return q->to - q->from == 4 && q->value.scale == 0 && q->value.mantissa >= 1900 &&
           q->value.mantissa <= 2100;
}

/* Within a sum, a quotient or a date the number is another one. */
static bool is_reckoned(struct text t, const struct quote *q)
{
    static const char signs[] = "+/=*-";
    uint32_t before = q->from, behind = q->to;
    while (before > 0 && t.at[before - 1] == ' ')
        before--;
    while (behind < t.len && t.at[behind] == ' ')
        behind++;
    return (before > 0 && strchr(signs, t.at[before - 1])) ||
           (behind < t.len && strchr(signs, t.at[behind]));
}

static void tell_quote(struct claims *s, const struct claim *c, enum finding_class class,
                       struct decimal value)
{
    struct finding *f = finding_new(s, class, WEIGHT_DOUBT);
    struct tale t = tale_new(s);
    bool region = c->axes == 1 && text_holds(c->axis[0].name, "region");
    contradiction_add(s, f, c);
    tale_claim(&t, c);
    tale_say(&t, " ≠ ");
    tale_number(&t, value);
    f->evidence = tale_end(&t);
    if (region)
        finding_read(s, f,
                     "Une autre publication donne une autre valeur (voir la note) : comparer le "
                     "découpage des régions.",
                     "Another publication gives another value (see the note): compare the division "
                     "into regions.",
                     TEXT(""), TEXT(""));
    else
        finding_read(s, f, "Une autre publication imprime une autre valeur (voir la note).",
                     "Another publication prints another value (see the note).", TEXT(""),
                     TEXT(""));
}

/* The word before the number is in the label: `Casablanca 35,1`. */
static bool is_labelled(struct text folded, uint32_t from, struct text label)
{
    uint32_t end = from;
    while (end > 0 && folded.at[end - 1] == ' ')
        end--;
    uint32_t start = end;
    while (start > 0 && folded.at[start - 1] >= 'a' && folded.at[start - 1] <= 'z')
        start--;
    struct text word = {folded.at + start, end - start};
    for (uint32_t i = 0; word.len >= 4 && i + word.len <= label.len; i++)
        if (memcmp(label.at + i, word.at, word.len) == 0)
            return true;
    return false;
}

/* A count of the same size that the note says another publication gives. */
static bool is_alike(const struct claim *c, const struct quote *q)
{
    return !c->percent && !exceeds(c->value, q->value, 200) && !exceeds(q->value, c->value, 200);
}

/* Numbers of a note that are of the kind of the figure, and that no row has. */
static void try_quotes(struct claims *s, const struct claim *c, struct text t)
{
    struct quote q;
    bool other = quotes_another(t);
    struct text label = fold_note(s, c->written);
    for (uint32_t at = 0; claim_exact(c) && quote_next(t, &at, &q);) {
        bool long_enough = digits_significant(q.value) > 2 && digits_significant(c->value) > 2;
        if (q.value.kind != NUMBER_EXACT || is_year(&q) || is_reckoned(t, &q))
            continue;
        if (decimal_compare(q.value, c->value) == 0 && !other)
            return; /* the figure is there: what else is there is something else */
        if ((!long_enough && !c->percent) || is_printed(s, c, q.value))
            continue;
        if (long_enough && q.percent == c->percent && tell_misquoted(s, c, q.value))
            continue;
        if (other &&
            (c->percent ? c->axes && is_labelled(t, q.from, label) && text_holds(t, "donne")
                        : long_enough && !q.percent && is_alike(c, &q)))
            tell_quote(s, c, CLASS_PRINTINGS, q.value);
    }
}

void find_text(struct claims *s)
{
    find_quoted(s);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct claim *c = s->at[i];
        struct text note = fold_note(s, c->note);
        if (c->percent)
            try_words(s, c, note);
        if (note.len) {
            try_growth(s, c, note);
            try_multiples(s, c, note);
            try_all(s, c, note);
            try_quotes(s, c, note);
        }
    }
}
