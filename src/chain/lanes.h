/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several workers on one chain.
 *
 * Each lane takes blocks of the input by ticket and runs copies of the first steps on them:
 * row-wise steps, and the first fold behind them that can merge.  What the copies would emit beyond
 * that, and the rows of their side outputs, are kept, and handed to the chain's own steps when the
 * block's turn comes, so every output is in the order of the input; a block that kept nothing waits
 * for nobody.  Rows that side outputs name have places (stage.h) until the rows of all blocks
 * before are counted.  At the end the copies' states and accounts are merged into the chain's own
 * steps.  An error counts when the turn of its block comes: the first in the input wins.  So
 * nothing depends on the number of lanes, and stage authors write no thread code.  Cost: a copy of
 * the state of those steps a lane.
 */
#ifndef MARSAD_CHAIN_LANES_H
#define MARSAD_CHAIN_LANES_H

#include "chain/chain.h"

/* Reads the rest of the chain's input with this many lanes; the present thread is one of them. */
int lanes_run(struct chain *, uint32_t lanes, struct progress *);

/* How many bytes one thread reads before others are started: few of an input that is known to be
 * large, none where their number is told. */
uint64_t lanes_alone(const struct chain *);
/* How many to use: --threads, MARSAD_THREADS, or the number of processors, which costs a look into
 * a file of the system. */
uint32_t lanes_wanted(const struct chain *);

#endif
