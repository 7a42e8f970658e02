/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prefectures and provinces with the region they lay in before 2015 (16 regions) and since (12),
 * and how often each register names them. The shares are invented; the order of size of the
 * regions follows published counts. Not a complete list of provinces: see data/reference for that.
 */
#ifndef GEN_SAMPLE_PLACES_H
#define GEN_SAMPLE_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"

enum place_use { PLACE_2014, PLACE_2016, PLACE_NETWORK, PLACE_PERMIT, PLACE_USES };

struct place {
    const char *name, *region_2014, *region;
    uint16_t share[PLACE_USES];
};

extern const struct place places[];

const struct place *place_draw(struct rng *r, enum place_use use);

#endif
