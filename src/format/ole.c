/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/ole.h"

#include <stdlib.h>

enum { HEADER = 512, ENTRY = 128, HEAD_FAT = 109, LARGEST = 256 * 1024 * 1024 };

static const uint32_t end_of_chain = 0xfffffffeu;

struct ole {
    const unsigned char *at;
    size_t len;
    uint32_t sector, mini_sector; /* their sizes */
    uint32_t cutoff;              /* streams below it are in mini sectors */
    struct bytes fat, mini_fat, directory, mini;
};

static uint32_t u16(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static const unsigned char *sector_at(const struct ole *o, uint32_t n)
{
    size_t from = ((size_t)n + 1) * o->sector;
    return from + o->sector <= o->len ? o->at + from : NULL;
}

static uint32_t link_of(const struct bytes *fat, uint32_t n)
{
    size_t at = (size_t)n * 4;
    return at + 4 <= fat->len ? u32((const unsigned char *)fat->at + at) : end_of_chain;
}

static void add(struct bytes *b, const unsigned char *at, size_t n)
{
    bytes_add(b, at, n);
}

/* Sectors of a chain, up to `most` bytes. */
static bool add_chain(const struct ole *o, uint32_t n, size_t most, struct bytes *out)
{
    for (size_t left = o->len / o->sector + 1; n < 0xfffffff0u && out->len < most; left--) {
        const unsigned char *sector = sector_at(o, n);
        if (!sector || !left)
            return false;
        add(out, sector, o->sector);
        n = link_of(&o->fat, n);
    }
    return true;
}

static bool add_mini_chain(const struct ole *o, uint32_t n, size_t most, struct bytes *out)
{
    for (size_t left = o->mini.len / o->mini_sector + 1; n < 0xfffffff0u && out->len < most;
         left--) {
        size_t from = (size_t)n * o->mini_sector;
        if (from + o->mini_sector > o->mini.len || !left)
            return false;
        bytes_add(out, o->mini.at + from, o->mini_sector);
        n = link_of(&o->mini_fat, n);
    }
    return true;
}

static bool add_fat_sectors(struct ole *o, const unsigned char *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = u32(list + (size_t)i * 4);
        const unsigned char *sector = n < 0xfffffff0u ? sector_at(o, n) : NULL;
        if (n < 0xfffffff0u && !sector)
            return false;
        if (sector)
            add(&o->fat, sector, o->sector);
    }
    return true;
}

static bool read_fat(struct ole *o)
{
    uint32_t n = u32(o->at + 68), per = o->sector / 4 - 1;
    if (!add_fat_sectors(o, o->at + 76, HEAD_FAT))
        return false;
    for (size_t left = o->len / o->sector + 1; n < 0xfffffff0u; left--) {
        const unsigned char *list = sector_at(o, n);
        if (!list || !left || o->fat.len > o->len || !add_fat_sectors(o, list, per))
            return false;
        n = u32(list + (size_t)per * 4);
    }
    return true;
}

/* The name of a directory entry is UTF-16; ours is ASCII. */
static bool is_named(const unsigned char *entry, const char *name)
{
    size_t n = strlen(name);
    if (u16(entry + 64) != 2 * (n + 1))
        return false;
    for (size_t i = 0; i < n; i++)
        if (entry[2 * i] != (unsigned char)name[i] || entry[2 * i + 1])
            return false;
    return true;
}

static const unsigned char *find_entry(const struct ole *o, const char *name)
{
    for (size_t at = 0; at + ENTRY <= o->directory.len; at += ENTRY) {
        const unsigned char *entry = (const unsigned char *)o->directory.at + at;
        if (name ? is_named(entry, name) : entry[66] == 5)
            return entry;
    }
    return NULL;
}

/* Other readers trust the length of a name; ours does not. */
static bool names_are_whole(const struct ole *o)
{
    for (size_t at = 0; at + ENTRY <= o->directory.len; at += ENTRY)
        if (u16((const unsigned char *)o->directory.at + at + 64) > 64)
            return false;
    return true;
}

static bool read_stream(struct ole *o, const char *name, struct bytes *out)
{
    const unsigned char *head = o->at, *root, *entry;
    if (!read_fat(o) || !add_chain(o, u32(head + 48), LARGEST, &o->directory) ||
        !add_chain(o, u32(head + 60), LARGEST, &o->mini_fat))
        return false;
    root = find_entry(o, NULL);
    entry = find_entry(o, name);
    if (!root || !entry || !names_are_whole(o) ||
        !add_chain(o, u32(root + 116), u32(root + 120), &o->mini))
        return false;
    uint32_t size = u32(entry + 120), first = u32(entry + 116);
    bool mini = size < o->cutoff;
    if (!(mini ? add_mini_chain(o, first, size, out) : add_chain(o, first, size, out)))
        return false;
    if (out->len > size)
        out->len = size;
    return out->len == size;
}

bool ole_stream(struct text file, const char *name, struct bytes *out)
{
    struct ole o = {.at = (const unsigned char *)file.at, .len = file.len};
    bool whole = false;
    if (o.len >= HEADER) {
        uint32_t shift = u16(o.at + 30), mini_shift = u16(o.at + 32);
        o.sector = 1u << (shift < 16 ? shift : 0);
        o.mini_sector = 1u << (mini_shift < 16 ? mini_shift : 0);
        o.cutoff = u32(o.at + 56);
        whole = (shift == 9 || shift == 12) && mini_shift == 6 && read_stream(&o, name, out);
    }
    bytes_free(&o.fat);
    bytes_free(&o.mini_fat);
    bytes_free(&o.directory);
    bytes_free(&o.mini);
    return whole;
}
