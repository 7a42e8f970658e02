/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run did, as JSON: versions, pipeline text, inputs with size and SHA-256, counts, outputs.
 *
 * Inputs are hashed on a thread of their own, beside the run, by libnettle.  The file is one of the
 * run's outputs: it appears with the others or not at all.  Nothing of the time or the machine is
 * in it, so that the same run gives the same manifest.
 */
#ifndef MARSAD_CHAIN_MANIFEST_H
#define MARSAD_CHAIN_MANIFEST_H

#include "chain/chain.h"
#include "chain/plan.h"

struct manifest;

/* Starts to hash every input file that is there before the run.  NULL and *error where libnettle
 * is not there. */
struct manifest *manifest_begin(struct arena *, struct chain *const *, uint32_t chains,
                                struct error *);

/* Waits for the hashes and writes the file; options NULL: the run failed, write nothing. */
int manifest_end(struct manifest *, const struct plan_options *, struct run *);

#endif
