/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/hxl.h"

bool hxl_is_tags(const struct batch *in, uint32_t row)
{
    bool any = false;
    for (uint32_t c = 0; c < in->schema->columns; c++) {
        struct text t = text_trim(batch_text(in, c)[row]);
        if (text_missing(t))
            continue;
        if (t.len < 2 || t.at[0] != '#' || t.at[1] < 'a' || t.at[1] > 'z')
            return false;
        any = true;
    }
    return any;
}
