/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/forms.h"

enum { FIRST_SLOTS = 256 };

struct forms_maker {
    struct arena *arena;
    struct forms made;
    char *bytes;
    struct form *form;
    struct claim *claim;
    uint32_t *slot;
    size_t bytes_room, form_room, claim_room;
    uint32_t count, mask, claims, length;
};

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t slot_of(const struct forms *f, struct text t, uint32_t hash)
{
    uint32_t i = hash & f->mask;
    for (; f->slot[i]; i = (i + 1) & f->mask)
        if (f->form[f->slot[i] - 1].hash == hash && text_equal(form_text(f, f->slot[i] - 1), t))
            break;
    return i;
}

uint32_t forms_find(const struct forms *f, struct text t)
{
    uint32_t found = f->slot[slot_of(f, t, (uint32_t)text_hash(t))];
    return found ? found - 1 : NO_FORM;
}

/* ---- making ---- */

/* An array of the arena with room for `want` items, the first `used` kept. */
static void *array_grow(struct arena *a, void *array, size_t used, size_t *room, size_t want,
                        size_t size)
{
    if (want <= *room)
        return array;
    while (*room < want)
        *room = *room ? *room * 2 : FIRST_SLOTS;
    void *grown = arena_array(a, *room, size);
    if (used)
        memcpy(grown, array, used * size);
    return grown;
}

struct forms_maker *forms_maker_new(struct arena *arena)
{
    struct forms_maker *m = arena_zalloc(arena, sizeof *m);
    m->arena = arena;
    m->mask = FIRST_SLOTS - 1;
    m->slot = arena_zarray(arena, FIRST_SLOTS, sizeof *m->slot);
    m->claims = 1; /* 0 is NO_CLAIM */
    m->claim = array_grow(arena, NULL, 0, &m->claim_room, 1, sizeof *m->claim);
    m->claim[0] = (struct claim){0, NO_CLAIM};
    return m;
}

const struct forms *forms_made(struct forms_maker *m)
{
    m->made = (struct forms){m->bytes, m->form, m->claim,  m->slot,
                             m->count, m->mask, m->claims, m->length};
    return &m->made;
}

static uint32_t put_bytes(struct forms_maker *m, struct text t)
{
    uint32_t at = m->length;
    m->bytes = array_grow(m->arena, m->bytes, at, &m->bytes_room, (size_t)at + t.len + 1, 1);
    memcpy(m->bytes + at, t.at, t.len);
    m->length = at + t.len;
    return at;
}

/* Doubles; what it leaves behind in the arena is together no more than what it makes. */
static void slots_grow(struct forms_maker *m)
{
    m->mask = m->mask * 2 + 1;
    m->slot = arena_zarray(m->arena, (size_t)m->mask + 1, sizeof *m->slot);
    for (uint32_t n = 0; n < m->count; n++) {
        uint32_t i = m->form[n].hash & m->mask;
        while (m->slot[i])
            i = (i + 1) & m->mask;
        m->slot[i] = n + 1;
    }
}

uint32_t forms_add(struct forms_maker *m, struct text form, struct text written)
{
    uint32_t hash = (uint32_t)text_hash(form), n = m->count;
    if (n * 2 > m->mask)
        slots_grow(m);
    uint32_t i = slot_of(forms_made(m), form, hash);
    if (m->slot[i])
        return m->slot[i] - 1;
    m->form = array_grow(m->arena, m->form, n, &m->form_room, (size_t)n + 1, sizeof *m->form);
    uint32_t at = put_bytes(m, form);
    uint32_t written_at = text_equal(form, written) ? at : put_bytes(m, written);
    m->form[n] = (struct form){at, form.len, hash, written_at, written.len, NO_CLAIM};
    m->slot[i] = ++m->count;
    return n;
}

void forms_claim(struct forms_maker *m, uint32_t number, uint32_t code)
{
    uint32_t last = NO_CLAIM;
    for (uint32_t c = m->form[number].claim; c != NO_CLAIM; c = m->claim[c].next) {
        if (m->claim[c].code == code)
            return;
        last = c;
    }
    uint32_t made = m->claims++;
    m->claim = array_grow(m->arena, m->claim, made, &m->claim_room, m->claims, sizeof *m->claim);
    m->claim[made] = (struct claim){code, NO_CLAIM};
    if (last == NO_CLAIM)
        m->form[number].claim = made;
    else
        m->claim[last].next = made;
}
