/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of places.h, and a draw from it by a walk over the shares. */
#include "places.h"

const struct place places[] = {
    {"Rabat", "Rabat-Salé-Zemmour-Zaër", "Rabat-Salé-Kénitra", {1750, 1450, 40, 1300}},
    {"Salé", "Rabat-Salé-Zemmour-Zaër", "Rabat-Salé-Kénitra", {720, 650, 30, 250}},
    {"Skhirate-Témara", "Rabat-Salé-Zemmour-Zaër", "Rabat-Salé-Kénitra", {510, 480, 20, 270}},
    {"Khémisset", "Rabat-Salé-Zemmour-Zaër", "Rabat-Salé-Kénitra", {40, 40, 8, 20}},
    {"Kénitra", "Gharb-Chrarda-Béni Hssen", "Rabat-Salé-Kénitra", {120, 170, 35, 120}},
    {"Casablanca", "Grand Casablanca", "Casablanca-Settat", {2180, 2050, 60, 3850}},
    {"Mohammedia", "Grand Casablanca", "Casablanca-Settat", {110, 130, 15, 190}},
    {"Nouaceur", "Grand Casablanca", "Casablanca-Settat", {40, 60, 5, 120}},
    {"Settat", "Chaouia-Ouardigha", "Casablanca-Settat", {45, 50, 8, 40}},
    {"Berrechid", "Chaouia-Ouardigha", "Casablanca-Settat", {35, 45, 5, 40}},
    {"Khouribga", "Chaouia-Ouardigha", "Béni Mellal-Khénifra", {25, 30, 30, 25}},
    {"El Jadida", "Doukkala-Abda", "Casablanca-Settat", {55, 60, 30, 80}},
    {"Safi", "Doukkala-Abda", "Marrakech-Safi", {35, 35, 20, 30}},
    {"Béni Mellal", "Tadla-Azilal", "Béni Mellal-Khénifra", {45, 60, 40, 35}},
    {"Azilal", "Tadla-Azilal", "Béni Mellal-Khénifra", {5, 6, 4, 4}},
    {"Fès", "Fès-Boulemane", "Fès-Meknès", {950, 720, 30, 230}},
    {"Sefrou", "Fès-Boulemane", "Fès-Meknès", {15, 20, 3, 10}},
    {"Boulemane", "Fès-Boulemane", "Fès-Meknès", {4, 4, 1, 2}},
    {"Meknès", "Meknès-Tafilalet", "Fès-Meknès", {230, 260, 15, 120}},
    {"Ifrane", "Meknès-Tafilalet", "Fès-Meknès", {25, 25, 1, 40}},
    {"Errachidia", "Meknès-Tafilalet", "Drâa-Tafilalet", {20, 25, 6, 12}},
    {"Khénifra", "Meknès-Tafilalet", "Béni Mellal-Khénifra", {8, 10, 5, 5}},
    {"Taza", "Taza-Al Hoceïma-Taounate", "Fès-Meknès", {30, 40, 15, 10}},
    {"Al Hoceïma", "Taza-Al Hoceïma-Taounate", "Tanger-Tétouan-Al Hoceïma", {35, 40, 130, 15}},
    {"Taounate", "Taza-Al Hoceïma-Taounate", "Fès-Meknès", {6, 8, 3, 2}},
    {"Tanger-Assilah", "Tanger-Tétouan", "Tanger-Tétouan-Al Hoceïma", {560, 880, 260, 520}},
    {"Tétouan", "Tanger-Tétouan", "Tanger-Tétouan-Al Hoceïma", {190, 210, 150, 90}},
    {"M'diq-Fnideq", "Tanger-Tétouan", "Tanger-Tétouan-Al Hoceïma", {60, 70, 140, 20}},
    {"Larache", "Tanger-Tétouan", "Tanger-Tétouan-Al Hoceïma", {45, 50, 70, 20}},
    {"Chefchaouen", "Tanger-Tétouan", "Tanger-Tétouan-Al Hoceïma", {10, 10, 30, 12}},
    {"Oujda-Angad", "Oriental", "Oriental", {590, 560, 90, 110}},
    {"Nador", "Oriental", "Oriental", {340, 330, 310, 70}},
    {"Berkane", "Oriental", "Oriental", {45, 45, 40, 15}},
    {"Driouch", "Oriental", "Oriental", {8, 10, 110, 4}},
    {"Marrakech", "Marrakech-Tensift-Al Haouz", "Marrakech-Safi", {340, 430, 20, 850}},
    {"Essaouira", "Marrakech-Tensift-Al Haouz", "Marrakech-Safi", {30, 35, 15, 70}},
    {"El Kelâa des Sraghna", "Marrakech-Tensift-Al Haouz", "Marrakech-Safi", {6, 8, 60, 4}},
    {"Agadir-Ida-Ou-Tanane", "Souss-Massa-Drâa", "Souss-Massa", {240, 330, 60, 720}},
    {"Inezgane-Aït Melloul", "Souss-Massa-Drâa", "Souss-Massa", {90, 140, 25, 110}},
    {"Tiznit", "Souss-Massa-Drâa", "Souss-Massa", {15, 25, 30, 50}},
    {"Taroudannt", "Souss-Massa-Drâa", "Souss-Massa", {15, 25, 8, 30}},
    {"Ouarzazate", "Souss-Massa-Drâa", "Drâa-Tafilalet", {15, 18, 2, 25}},
    {"Zagora", "Souss-Massa-Drâa", "Drâa-Tafilalet", {4, 6, 4, 4}},
    {"Guelmim", "Guelmim-Es-Semara", "Guelmim-Oued Noun", {25, 40, 60, 15}},
    {"Tan-Tan", "Guelmim-Es-Semara", "Guelmim-Oued Noun", {25, 40, 130, 10}},
    {"Es-Semara", "Guelmim-Es-Semara", "Laâyoune-Sakia El Hamra", {3, 5, 10, 3}},
    {"Laâyoune",
     "Laâyoune-Boujdour-Sakia El Hamra",
     "Laâyoune-Sakia El Hamra",
     {120, 260, 290, 130}},
    {"Boujdour", "Laâyoune-Boujdour-Sakia El Hamra", "Laâyoune-Sakia El Hamra", {15, 40, 130, 12}},
    {"Tarfaya", "Laâyoune-Boujdour-Sakia El Hamra", "Laâyoune-Sakia El Hamra", {5, 15, 140, 6}},
    {"Oued Ed-Dahab", "Oued Ed-Dahab-Lagouira", "Dakhla-Oued Ed-Dahab", {60, 190, 170, 380}},
    {"Aousserd", "Oued Ed-Dahab-Lagouira", "Dakhla-Oued Ed-Dahab", {3, 8, 15, 8}},
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

const struct place *place_draw(struct rng *r, enum place_use use)
{
    uint32_t total = 0;
    for (size_t i = 0; i < PLACES; i++)
        total += places[i].share[use];
    uint32_t at = rng_below(r, total);
    const struct place *p = places;
    while (at >= p->share[use])
        at -= (p++)->share[use];
    return p;
}
