/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file seems to be written in: a proposal with its evidence, never acted upon.
 *
 * sniff_open() is a hook of table/reader.h like foreign_open(): what it opens is no file but the
 * report on it, a CSV file,property,value,evidence.  The proposal is tried: the whole file is read
 * by it, and only one that reads it is told; else the report says that it cannot tell, and why.
 */
#ifndef MARSAD_FORMAT_SNIFF_H
#define MARSAD_FORMAT_SNIFF_H

#include "format/foreign.h"

struct input *sniff_open(const struct reader_spec *, uint32_t file, struct error *);

#endif
