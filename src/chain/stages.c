/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages by name: the only place where chain/ knows that stages/ exists, through stages.list.
 */
#include "chain/chain.h"

#define STAGE(name) extern const struct stage stage_##name;
#include "stages/stages.list"
#undef STAGE

#define STAGE(name) &stage_##name,
static const struct stage *const stages[] = {
#include "stages/stages.list"
};
#undef STAGE

enum { STAGES = sizeof stages / sizeof *stages };

const struct stage *stage_at(uint32_t i)
{
    return i < STAGES ? stages[i] : NULL;
}

const struct stage *stage_find(const char *name)
{
    for (uint32_t i = 0; i < STAGES; i++)
        if (strcmp(stages[i]->name, name) == 0)
            return stages[i];
    return NULL;
}
