/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include "base/distance.h"

struct guess guess_begin(struct text wanted)
{
    uint32_t limit = wanted.len < 6 ? 1 : wanted.len / 3;
    return (struct guess){.wanted = wanted, .name = {"", 0}, .distance = limit + 1};
}

/* Cut to the buffer: longer names are near nothing anyway. */
static struct text small_letters(struct text t, char buffer[static DISTANCE_LETTERS + 1])
{
    uint32_t n = t.len <= DISTANCE_LETTERS ? t.len : DISTANCE_LETTERS + 1;
    for (uint32_t i = 0; i < n; i++)
        buffer[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] - 'A' + 'a' : t.at[i]);
    return (struct text){buffer, n};
}

void guess_offer(struct guess *g, struct text name)
{
    char a[DISTANCE_LETTERS + 1], b[DISTANCE_LETTERS + 1];
    struct text wanted = small_letters(g->wanted, a), offered = small_letters(name, b);
    if (wanted.len == 0 || offered.len == 0 || g->distance == 0)
        return;
    uint32_t distance =
        text_starts(offered, wanted) ? 0 : text_distance(wanted, offered, g->distance - 1);
    if (distance < g->distance && distance < offered.len) {
        g->distance = distance;
        g->name = name;
    }
}
