/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/sniff.h"

struct input *sniff_open(const struct reader_spec *spec, uint32_t file, struct error *e)
{
    return foreign_open(spec, file, e);
}
