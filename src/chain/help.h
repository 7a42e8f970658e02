/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Help, man pages and shell completion, all from the stages' own tables.
 */
#ifndef MARSAD_CHAIN_HELP_H
#define MARSAD_CHAIN_HELP_H

#include "chain/stage.h"

void help_overview(void);
void help_stage(const struct stage *);
void help_run(void);

/* roff for man(1); the overview marsad(1) where stage is NULL. */
void help_man(const struct stage *);
void help_completion(void); /* bash */

#endif
