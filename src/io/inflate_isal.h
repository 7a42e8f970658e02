/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of io/inflate.h that ISA-L does.
 *
 * Its library is loaded when the first gzip file is read.  isal_new() gives NULL where it is not
 * there, or where its header was not there when marsad was built (ISAL is not defined).
 */
#ifndef MARSAD_IO_INFLATE_ISAL_H
#define MARSAD_IO_INFLATE_ISAL_H

#include "io/inflate.h"

struct isal;

struct isal *isal_new(void);
void isal_free(struct isal *);
void isal_begin(struct isal *);
enum inflated isal_run(struct isal *, struct inflate_io *);

#endif
