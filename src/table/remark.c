/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/remark.h"

static const char sentences[REMARKS][LANGUAGES][128] = {
    [REMARK_ZERO] = {"division par zéro", "قسمة على صفر", "division by zero"},
    [REMARK_NO_FIGURE] = {"pas de chiffre pour {1}", "لا رقم لـ {1}", "no figure for {1}"},
    [REMARK_NO_OPERAND] = {"pas de chiffre pour « {1} »", "لا رقم لـ «{1}»", "no figure for “{1}”"},
    [REMARK_NO_EARLIER] = {"pas de chiffre antérieur", "لا رقم سابق", "no earlier figure"},
    [REMARK_NO_PERIOD] = {"pas de chiffre pour cette période", "لا رقم لهذه الفترة",
                          "no figure for this period"},
    [REMARK_NO_PART] = {"pas de chiffre pour cette part", "لا رقم لهذا الجزء",
                        "no figure for this part"},
    [REMARK_NO_BASE] = {"pas de chiffre pour la base {1}", "لا رقم لفترة الأساس {1}",
                        "no figure for the base {1}"},
    [REMARK_SINCE] = {"depuis le {1}", "منذ {1}", "since {1}"},
    [REMARK_POINT] = {"une date n’a pas de période qui la précède", "لا فترة قبل تاريخ محدد",
                      "a point in time has no period before it"},
    [REMARK_GAP] = {"lacune : pas de chiffre pour {1}", "انقطاع: لا رقم لـ {1}",
                    "gap: no figure for {1}"},
    [REMARK_GAP_PART] = {"lacune : pas de chiffre pour {1}, seulement pour une partie : {2}",
                         "انقطاع: لا رقم لـ {1}، إلا لجزء منها: {2}",
                         "gap: no figure for {1}, only for a part of it: {2}"},
    [REMARK_OVERLAP] = {"lacune : des années se recoupent", "انقطاع: سنوات متداخلة",
                        "gap: years that overlap"},
    [REMARK_OF_SUM] = {"de la somme de {1} parts : aucun total publié",
                       "من مجموع {1} أجزاء: لا مجموع منشور",
                       "of the sum of {1} parts: no total published"},
    [REMARK_NO_TOTAL] = {"aucun total publié", "لا مجموع منشور", "no total published"},
    [REMARK_TOTAL_MISSING] = {"aucun total publié, et une part manque",
                              "لا مجموع منشور، وأحد الأجزاء غير متوفر",
                              "no total published, and a part is missing"},
    [REMARK_TOTAL_REST] = {"aucun total publié, et une part regroupe les autres",
                           "لا مجموع منشور، وأحد الأجزاء يجمع الباقي",
                           "no total published, and a part is a rest of others"},
    [REMARK_TOTAL_UNLISTED] = {"aucun total publié, et une part n’a pas de code connu",
                               "لا مجموع منشور، وأحد الأجزاء بدون رمز معروف",
                               "no total published, and a part has no listed code"},
};

/* The part of a sentence up to `{`, or all of it. */
static struct text before_place(struct text t)
{
    const char *brace = memchr(t.at, '{', t.len);

    return brace == NULL ? t : (struct text){t.at, (uint32_t)(brace - t.at)};
}

struct text remark_text(struct arena *arena, enum language language, enum remark remark,
                        struct text one, struct text two)
{
    struct text rest = text_of(sentences[remark][language]), out = {"", 0};

    while (rest.len > 0) {
        struct text words = before_place(rest), put = {"", 0};
        uint32_t used = words.len;
        if (used + 3 <= rest.len) { /* {1} or {2} */
            put = rest.at[used + 1] == '1' ? one : two;
            used += 3;
        }
        out = text_of(arena_print(arena, "%.*s%.*s%.*s", (int)out.len, out.at, (int)words.len,
                                  words.at, (int)put.len, put.at));
        rest = (struct text){rest.at + used, rest.len - used};
    }
    return out;
}
