/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/quantity_phrase.h"

#include <stddef.h>
#include <string.h>

#define ABOUT(words)                                                                               \
    {                                                                                              \
        words, "~", PHRASE_QUALIFIER, 0, false                                                     \
    }
#define OVER(words)                                                                                \
    {                                                                                              \
        words, ">", PHRASE_QUALIFIER, 0, false                                                     \
    }
#define UNDER(words)                                                                               \
    {                                                                                              \
        words, "<", PHRASE_QUALIFIER, 0, false                                                     \
    }
#define COUNT(words, n)                                                                            \
    {                                                                                              \
        words, "", PHRASE_COUNT, n, false                                                          \
    }
#define SOME(words, n)                                                                             \
    {                                                                                              \
        words, "", PHRASE_COLLECTIVE, n, false                                                     \
    }
#define TIMES(words, zeros)                                                                        \
    {                                                                                              \
        words, "", PHRASE_MULTIPLIER, zeros, false                                                 \
    }
#define MONEY(words, zeros, code)                                                                  \
    {                                                                                              \
        words, code, PHRASE_MONEY, zeros, false                                                    \
    }
#define UNIT(words, code)                                                                          \
    {                                                                                              \
        words, code, PHRASE_UNIT, 0, false                                                         \
    }

static const struct phrase phrases[] = {
    ABOUT("~"),
    ABOUT("≈"),
    ABOUT("environ"),
    ABOUT("env"),
    ABOUT("pres de"),
    ABOUT("pres d"),
    ABOUT("quelque"),
    ABOUT("quelques"),
    ABOUT("autour de"),
    ABOUT("aux alentours de"),
    ABOUT("a peu pres"),
    ABOUT("approximativement"),
    ABOUT("ca"),
    ABOUT("circa"),
    ABOUT("approx"),
    ABOUT("about"),
    ABOUT("around"),
    ABOUT("approximately"),
    ABOUT("nearly"),
    ABOUT("almost"),
    ABOUT("presque"),
    ABOUT("some"),
    ABOUT("حوالي"),
    ABOUT("نحو"),
    ABOUT("زها"),
    ABOUT("قرابه"),
    ABOUT("ما يقارب"),
    ABOUT("ما يناهز"),
    ABOUT("حوالي ما يناهز"),
    ABOUT("تقريبا"),
    OVER(">"),
    OVER("≥"),
    OVER("> ="),
    OVER("+"),
    OVER("+ de"),
    OVER("+ d"),
    OVER("plus de"),
    OVER("un peu plus de"),
    OVER("un peu plus d"),
    OVER("et plus"),
    OVER("ou plus"),
    OVER("and more"),
    OVER("or more"),
    OVER("فاكثر"),
    OVER("plus d"),
    OVER("au moins"),
    OVER("pas moins de"),
    OVER("pas moins d"),
    OVER("au dela de"),
    OVER("au - dela de"),
    OVER("ما يفوق"),
    OVER("يفوق"),
    OVER("superieur a"),
    OVER("au minimum"),
    OVER("minimum"),
    OVER("more than"),
    OVER("over"),
    OVER("at least"),
    OVER("no less than"),
    OVER("no fewer than"),
    OVER("اكثر من"),
    OVER("ازيد من"),
    OVER("ما لا يقل عن"),
    OVER("علي اقل"),
    OVER("ما يزيد عن"),
    UNDER("<"),
    UNDER("≤"),
    UNDER("< ="),
    UNDER("- de"),
    UNDER("- d"),
    UNDER("moins de"),
    UNDER("un peu moins de"),
    UNDER("un peu moins d"),
    UNDER("pas plus de"),
    UNDER("pas plus d"),
    UNDER("et moins"),
    UNDER("ou moins"),
    UNDER("or less"),
    UNDER("or fewer"),
    UNDER("فاقل"),
    UNDER("moins d"),
    UNDER("au plus"),
    UNDER("au maximum"),
    UNDER("inferieur a"),
    UNDER("less than"),
    UNDER("fewer than"),
    UNDER("under"),
    UNDER("at most"),
    UNDER("no more than"),
    UNDER("اقل من"),
    UNDER("ما لا يزيد عن"),
    UNDER("علي اكثر"),

    COUNT("un", 1),
    COUNT("une", 1),
    COUNT("deux", 2),
    COUNT("trois", 3),
    COUNT("quatre", 4),
    COUNT("cinq", 5),
    COUNT("six", 6),
    COUNT("sept", 7),
    COUNT("huit", 8),
    COUNT("neuf", 9),
    COUNT("dix", 10),
    COUNT("a", 1),
    COUNT("one", 1),
    COUNT("two", 2),
    COUNT("three", 3),
    COUNT("four", 4),
    COUNT("five", 5),
    COUNT("seven", 7),
    COUNT("eight", 8),
    COUNT("nine", 9),
    COUNT("ten", 10),

    SOME("dizaine", 10),
    SOME("dizaines", 10),
    SOME("douzaine", 12),
    SOME("douzaines", 12),
    SOME("quinzaine", 15),
    SOME("vingtaine", 20),
    SOME("trentaine", 30),
    SOME("quarantaine", 40),
    SOME("cinquantaine", 50),
    SOME("soixantaine", 60),
    SOME("centaine", 100),
    SOME("centaines", 100),
    SOME("millier", 1000),
    SOME("milliers", 1000),
    SOME("dozen", 12),

    TIMES("mille", 3),
    TIMES("milliers", 3),
    TIMES("thousand", 3),
    TIMES("الف", 3),
    TIMES("اف", 3),
    TIMES("million", 6),
    TIMES("millions", 6),
    TIMES("مليون", 6),
    TIMES("ملايين", 6),
    TIMES("milliard", 9),
    TIMES("milliards", 9),
    TIMES("مليار", 9),
    TIMES("ملايير", 9),
    TIMES("billion", BILLION),
    TIMES("billions", BILLION),

    MONEY("dh", 0, "MAD"),
    MONEY("dhs", 0, "MAD"),
    MONEY("mad", 0, "MAD"),
    MONEY("dirham", 0, "MAD"),
    MONEY("dirhams", 0, "MAD"),
    MONEY("dirhams marocains", 0, "MAD"),
    MONEY("درهم", 0, "MAD"),
    MONEY("دراهم", 0, "MAD"),
    MONEY("درهم مغربي", 0, "MAD"),
    MONEY("kdh", 3, "MAD"),
    MONEY("mdh", 6, "MAD"),
    MONEY("mdhs", 6, "MAD"),
    MONEY("m dh", 6, "MAD"),
    MONEY("mmad", 6, "MAD"),
    MONEY("m mad", 6, "MAD"),
    MONEY("mmdh", 9, "MAD"),
    MONEY("mddh", 9, "MAD"),
    MONEY("md dh", 9, "MAD"),
    MONEY("mds dh", 9, "MAD"),
    MONEY("md de dh", 9, "MAD"),
    MONEY("mds de dh", 9, "MAD"),
    MONEY("m de dh", 6, "MAD"),
    MONEY("mrd dh", 9, "MAD"),
    MONEY("€", 0, "EUR"),
    MONEY("eur", 0, "EUR"),
    MONEY("euro", 0, "EUR"),
    MONEY("euros", 0, "EUR"),
    MONEY("اورو", 0, "EUR"),
    MONEY("يورو", 0, "EUR"),
    MONEY("k €", 3, "EUR"),
    MONEY("m €", 6, "EUR"),
    MONEY("m d euros", 6, "EUR"),
    MONEY("meur", 6, "EUR"),
    MONEY("m eur", 6, "EUR"),
    MONEY("md €", 9, "EUR"),
    MONEY("mds €", 9, "EUR"),
    MONEY("mrd €", 9, "EUR"),
    MONEY("usd", 0, "USD"),
    MONEY("us $", 0, "USD"),
    MONEY("$ us", 0, "USD"),
    MONEY("dollars us", 0, "USD"),
    MONEY("dollars americains", 0, "USD"),
    MONEY("us dollars", 0, "USD"),
    MONEY("دولار امريكي", 0, "USD"),
    MONEY("musd", 6, "USD"),
    MONEY("m usd", 6, "USD"),

    UNIT("%", "PT"),
    UNIT("٪", "PT"),
    UNIT("pour cent", "PT"),
    UNIT("pourcent", "PT"),
    UNIT("p cent", "PT"),
    UNIT("pct", "PT"),
    UNIT("percent", "PT"),
    UNIT("per cent", "PT"),
    UNIT("في مايه", "PT"),
    UNIT("في ميه", "PT"),
    UNIT("بالمايه", "PT"),
    UNIT("بالميه", "PT"),
    UNIT("points de pourcentage", "PP"),
    UNIT("percentage points", "PP"),
    UNIT("personne", "PS"),
    UNIT("personnes", "PS"),
    UNIT("migrant", "PS"),
    UNIT("migrants", "PS"),
    UNIT("migrantes", "PS"),
    UNIT("individus", "PS"),
    UNIT("habitants", "PS"),
    UNIT("etrangers", "PS"),
    UNIT("etrangeres", "PS"),
    UNIT("ressortissants", "PS"),
    UNIT("ressortissants etrangers", "PS"),
    UNIT("immigres", "PS"),
    UNIT("migrants irreguliers", "PS"),
    UNIT("demandeurs d asile", "PS"),
    UNIT("beneficiaires", "PS"),
    UNIT("victimes", "PS"),
    UNIT("victims", "PS"),
    UNIT("mineurs", "PS"),
    UNIT("enfants", "PS"),
    UNIT("femmes", "PS"),
    UNIT("hommes", "PS"),
    UNIT("etudiants", "PS"),
    UNIT("etudiants etrangers", "PS"),
    UNIT("students", "PS"),
    UNIT("لاجي", "PS"),
    UNIT("لاجيا", "PS"),
    UNIT("لاجيين", "PS"),
    UNIT("refugies", "PS"),
    UNIT("people", "PS"),
    UNIT("persons", "PS"),
    UNIT("individuals", "PS"),
    UNIT("refugees", "PS"),
    UNIT("شخص", "PS"),
    UNIT("اشخاص", "PS"),
    UNIT("شخصا", "PS"),
    UNIT("مهاجر", "PS"),
    UNIT("مهاجرا", "PS"),
    UNIT("مهاجرين", "PS"),
    UNIT("فرد", "PS"),
    UNIT("افراد", "PS"),
    UNIT("menage", "HH"),
    UNIT("menages", "HH"),
    UNIT("households", "HH"),
    UNIT("اسره", "HH"),
    UNIT("اسر", "HH"),
    UNIT("reseau", "NETWORKS"),
    UNIT("reseaux", "NETWORKS"),
    UNIT("networks", "NETWORKS"),
    UNIT("شبكه", "NETWORKS"),
    UNIT("شبكات", "NETWORKS"),
    UNIT("tentatives", "ATTEMPTS"),
    UNIT("attempts", "ATTEMPTS"),
    UNIT("محاوله", "ATTEMPTS"),
    UNIT("محاولات", "ATTEMPTS"),
    UNIT("affaires", "CASES"),
    UNIT("cas", "CASES"),
    UNIT("cases", "CASES"),
    UNIT("demande", "REQUESTS"),
    UNIT("demandes", "REQUESTS"),
    UNIT("dossiers", "REQUESTS"),
    UNIT("requests", "REQUESTS"),
    UNIT("طلب", "REQUESTS"),
    UNIT("طلبا", "REQUESTS"),
    UNIT("طلبات", "REQUESTS"),
    UNIT("nationalites", "NATIONALITIES"),
    UNIT("nationalities", "NATIONALITIES"),
    UNIT("جنسيه", "NATIONALITIES"),
    UNIT("projets", "PROJECTS"),
    UNIT("projects", "PROJECTS"),
    UNIT("associations", "ASSOCIATIONS"),
    UNIT("bourses", "GRANTS"),
    UNIT("grants", "GRANTS"),
    UNIT("actions", "ACTIONS"),
    UNIT("reunions", "MEETINGS"),
    UNIT("meetings", "MEETINGS"),
    UNIT("ans", "YR"),
    UNIT("an", "YR"),
    UNIT("years", "YR"),
    UNIT("سنه", "YR"),
    UNIT("mois", "MO"),
    UNIT("months", "MO"),
    UNIT("jours", "DAYS"),
    UNIT("days", "DAYS"),
};

static size_t fits(const char *words, const char *at)
{
    size_t n = strlen(words);
    return strncmp(at, words, n) == 0 && (!at[n] || at[n] == ' ') ? n : 0;
}

const struct phrase *phrase_next(const char **at, enum phrase_kind kind)
{
    const struct phrase *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        size_t n = phrases[i].kind == kind ? fits(phrases[i].words, *at) : 0;
        if (n > longest) {
            longest = n;
            best = &phrases[i];
        }
    }
    *at += longest;
    if (best && **at == ' ')
        ++*at;
    return best;
}

const struct phrase *phrase_at(unsigned i)
{
    return i < sizeof phrases / sizeof *phrases ? &phrases[i] : NULL;
}
