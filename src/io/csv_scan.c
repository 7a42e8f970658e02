/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

/* One bit a byte of 64. */
struct masks {
    uint64_t quote, delimiter, lf, cr, nul, wide;
};

/* What the bytes before these 64 leave behind: one bit, or all. */
struct carry {
    uint64_t inside;      /* all ones: these bytes begin inside quotes */
    uint64_t may_open;    /* 1: the byte before was a separator or a closing quote */
    uint64_t after_close; /* 1: the byte before was a closing quote */
    uint64_t after_cr;    /* 1: the byte before was a CR outside quotes */
    uint64_t bad, quotes, crs, wide;
};

/* Nothing but separators among 64 bytes that begin outside quotes: most are so. */
INLINE bool easy(const struct masks *m, struct carry *c)
{
    if ((m->quote | m->cr | m->nul | c->inside | c->after_close | c->after_cr) != 0)
        return false;
    c->may_open = (m->delimiter | m->lf) >> 63;
    c->wide |= m->wide;
    return true;
}

/* The separators among 64 bytes; `inside` is the prefix XOR of the quotes, this block alone. */
INLINE uint64_t structure(const struct masks *m, uint64_t inside, struct carry *c)
{
    inside ^= c->inside;
    uint64_t open = m->quote & inside, close = m->quote & ~inside;
    uint64_t separator = (m->delimiter | m->lf) & ~inside, cr = m->cr & ~inside;
    uint64_t may_open = (separator | close) << 1 | c->may_open;
    uint64_t after_close = close << 1 | c->after_close, after_cr = cr << 1 | c->after_cr;
    c->bad |= (open & ~may_open) | (after_close & ~(separator | open | cr)) | (after_cr & ~m->lf) |
              m->nul;
    c->inside = 0 - (inside >> 63);
    c->may_open = (separator | close) >> 63;
    c->after_close = close >> 63;
    c->after_cr = cr >> 63;
    c->quotes |= m->quote;
    c->crs |= cr;
    c->wide |= m->wide;
    return separator;
}

INLINE void finish(struct csv_marks *out, const struct carry *c, uint32_t count)
{
    out->count = count;
    out->plain = c->bad == 0;
    out->quotes = c->quotes != 0;
    out->crlf = c->crs != 0;
    out->wide = c->wide != 0;
}

INLINE struct carry begin(struct csv_marks *out)
{
    out->lines = out->all_lines = 0;
    return (struct carry){.may_open = 1};
}

/* Bits of the first n bytes; n from 1 to 64. */
INLINE uint64_t first(size_t n)
{
    return ~(uint64_t)0 >> (64 - n);
}

INLINE struct masks cut(struct masks m, size_t n)
{
    uint64_t keep = n < 64 ? first(n) : ~(uint64_t)0;
    return (struct masks){m.quote & keep, m.delimiter & keep, m.lf & keep,
                          m.cr & keep,    m.nul & keep,       m.wide & keep};
}

INLINE uint64_t prefix_xor(uint64_t x)
{
    for (int shift = 1; shift < 64; shift *= 2)
        x ^= x << shift;
    return x;
}

/* The offsets of set bits.  Nearly all 64 bytes have at most MOST separators: that many are written
 * without asking (what is behind the last is written over), so that no branch is mispredicted. */
INLINE uint32_t put_bits(uint32_t *at, uint32_t n, size_t base, uint64_t bits)
{
    enum { MOST = 12 };
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
    at += n;
    for (int k = 0; k < MOST; k++, bits &= bits - 1)
        at[k] = (uint32_t)base + ((uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63));
    for (at += MOST; bits; bits &= bits - 1)
        *at++ = (uint32_t)base + (uint32_t)__builtin_ctzll(bits);
    return n + count;
}

/* The loop of every path but AVX-512: `LOAD` makes the masks, `PREFIX` the prefix XOR. */
#define SCAN_LOOP(LOAD, PREFIX)                                                                    \
    struct carry c = begin(out);                                                                   \
    uint32_t n = 0;                                                                                \
    for (size_t i = from; i < to; i += 64) {                                                       \
        struct masks m = LOAD(bytes + i, delimiter);                                               \
        if (to - i < 64)                                                                           \
            m = cut(m, to - i);                                                                    \
        uint64_t separator =                                                                       \
            easy(&m, &c) ? m.delimiter | m.lf : structure(&m, PREFIX(m.quote), &c);                \
        out->lines += (uint32_t)__builtin_popcountll(separator & m.lf);                            \
        out->all_lines += (uint32_t)__builtin_popcountll(m.lf);                                    \
        n = put_bits(out->at, n, i, separator);                                                    \
    }                                                                                              \
    finish(out, &c, n)

#define TALLY_LOOP(LOAD)                                                                           \
    struct csv_tally t = {0, 0};                                                                   \
    for (size_t i = 0; i < len; i += 64) {                                                         \
        struct masks m = LOAD(bytes + i, ',');                                                     \
        if (len - i < 64)                                                                          \
            m = cut(m, len - i);                                                                   \
        t.quotes += (uint64_t)__builtin_popcountll(m.quote);                                       \
        t.lines += (uint64_t)__builtin_popcountll(m.lf);                                           \
    }                                                                                              \
    return t

/* ---- any machine ---- */

/* The top bits of 8 bytes as 8 bits, the lowest byte's first. */
INLINE uint64_t top_bits(uint64_t word)
{
    return ((word & 0x8080808080808080u) >> 7) * 0x0102040810204080u >> 56;
}

/* Which of 8 bytes are zero, exactly (no borrow runs into the next). */
INLINE uint64_t zero_bits(uint64_t word)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu;
    return top_bits(~(((word & low) + low) | word));
}

INLINE uint64_t eight_of(char c)
{
    return 0x0101010101010101u * (unsigned char)c;
}

INLINE struct masks load_portable(const char *at, char delimiter)
{
    struct masks m = {0, 0, 0, 0, 0, 0};
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        m.quote |= zero_bits(word ^ eight_of('"')) << i;
        m.delimiter |= zero_bits(word ^ eight_of(delimiter)) << i;
        m.lf |= zero_bits(word ^ eight_of('\n')) << i;
        m.cr |= zero_bits(word ^ eight_of('\r')) << i;
        m.nul |= zero_bits(word) << i;
        m.wide |= top_bits(word) << i;
    }
    return m;
}

static void scan_portable(const char *bytes, size_t from, size_t to, char delimiter,
                          struct csv_marks *out)
{
    SCAN_LOOP(load_portable, prefix_xor);
}

static struct csv_tally tally_portable(const char *bytes, size_t len)
{
    TALLY_LOOP(load_portable);
}

#if defined(__x86_64__)

/* ---- SSE2, which every x86-64 has ---- */

INLINE uint64_t equal_sse2(const __m128i *v, char c)
{
    __m128i want = _mm_set1_epi8(c);
    uint64_t bits = 0;
    for (int k = 0; k < 4; k++)
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v[k], want)) << (16 * k);
    return bits;
}

INLINE struct masks load_sse2(const char *at, char delimiter)
{
    __m128i v[4];
    memcpy(v, at, sizeof v);
    uint64_t wide = 0;
    for (int k = 0; k < 4; k++)
        wide |= (uint64_t)(unsigned)_mm_movemask_epi8(v[k]) << (16 * k);
    return (struct masks){equal_sse2(v, '"'),  equal_sse2(v, delimiter), equal_sse2(v, '\n'),
                          equal_sse2(v, '\r'), equal_sse2(v, 0),         wide};
}

static void scan_sse2(const char *bytes, size_t from, size_t to, char delimiter,
                      struct csv_marks *out)
{
    SCAN_LOOP(load_sse2, prefix_xor);
}

static struct csv_tally tally_sse2(const char *bytes, size_t len)
{
    TALLY_LOOP(load_sse2);
}

/* ---- AVX2 ---- */

#define AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))

AVX2 INLINE __m256i load_32(const char *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

AVX2 INLINE uint64_t equal_avx2(__m256i low, __m256i high, char c)
{
    __m256i want = _mm256_set1_epi8(c);
    uint64_t a = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
    uint64_t b = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want));
    return a | b << 32;
}

/* Of quotes, CRs and NULs it is first asked whether there are any. */
AVX2 INLINE struct masks load_avx2(const char *at, char delimiter)
{
    const __m256i quote = _mm256_set1_epi8('"'), cr = _mm256_set1_epi8('\r');
    __m256i low = load_32(at), high = load_32(at + 32);
    __m256i any = _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), _mm256_setzero_si256());
    any = _mm256_or_si256(any, _mm256_cmpeq_epi8(low, quote));
    any = _mm256_or_si256(any, _mm256_cmpeq_epi8(high, quote));
    any = _mm256_or_si256(any, _mm256_cmpeq_epi8(low, cr));
    any = _mm256_or_si256(any, _mm256_cmpeq_epi8(high, cr));
    struct masks m = {.delimiter = equal_avx2(low, high, delimiter),
                      .lf = equal_avx2(low, high, '\n')};
    m.wide = (unsigned)_mm256_movemask_epi8(low);
    m.wide |= (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
    if (__builtin_expect(!_mm256_testz_si256(any, any), 0)) {
        m.quote = equal_avx2(low, high, '"');
        m.cr = equal_avx2(low, high, '\r');
        m.nul = equal_avx2(low, high, 0);
    }
    return m;
}

AVX2 INLINE uint64_t prefix_clmul(uint64_t x)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)x), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

AVX2 static void scan_avx2(const char *bytes, size_t from, size_t to, char delimiter,
                           struct csv_marks *out)
{
    SCAN_LOOP(load_avx2, prefix_clmul);
}

AVX2 static struct csv_tally tally_avx2(const char *bytes, size_t len)
{
    TALLY_LOOP(load_avx2);
}

/* What can be wrong with a byte and the one before it, a bit each. */
enum {
    TOO_SHORT = 1,
    TOO_LONG = 2,
    OVERLONG_3 = 4,
    TOO_LARGE = 8,
    SURROGATE = 16,
    OVERLONG_2 = 32,
    TOO_LARGE_1000 = 64,
    OVERLONG_4 = 64,
    TWO_CONTS = 128,
    EITHER = TOO_SHORT | TOO_LONG | TWO_CONTS,
    LARGE = EITHER | TOO_LARGE | TOO_LARGE_1000,
    CONTS = TOO_LONG | OVERLONG_2 | TWO_CONTS,
};

/* By the high and low half of the byte before, and the high half of the byte. */
static const uint8_t before_high[16] = {TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TWO_CONTS,
                                        TWO_CONTS,
                                        TWO_CONTS,
                                        TWO_CONTS,
                                        TOO_SHORT | OVERLONG_2,
                                        TOO_SHORT,
                                        TOO_SHORT | OVERLONG_3 | SURROGATE,
                                        TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4};
static const uint8_t before_low[16] = {EITHER | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
                                       EITHER | OVERLONG_2,
                                       EITHER,
                                       EITHER,
                                       EITHER | TOO_LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE,
                                       LARGE | SURROGATE,
                                       LARGE,
                                       LARGE};
static const uint8_t byte_high[16] = {TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
                                      CONTS | OVERLONG_3 | TOO_LARGE,
                                      CONTS | SURROGATE | TOO_LARGE,
                                      CONTS | SURROGATE | TOO_LARGE,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT,
                                      TOO_SHORT};

AVX2 INLINE __m256i table_avx2(const uint8_t *entry)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)entry));
}

AVX2 INLINE __m256i halves(__m256i v)
{
    return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
}

/* Faults of 32 bytes; nonzero where one is. */
AVX2 INLINE __m256i faults_avx2(__m256i v, __m256i previous)
{
    __m256i joined = _mm256_permute2x128_si256(previous, v, 0x21);
    __m256i one = _mm256_alignr_epi8(v, joined, 15), two = _mm256_alignr_epi8(v, joined, 14);
    __m256i three = _mm256_alignr_epi8(v, joined, 13);
    __m256i low = _mm256_and_si256(one, _mm256_set1_epi8(15));
    __m256i special =
        _mm256_and_si256(_mm256_shuffle_epi8(table_avx2(before_high), halves(one)),
                         _mm256_and_si256(_mm256_shuffle_epi8(table_avx2(before_low), low),
                                          _mm256_shuffle_epi8(table_avx2(byte_high), halves(v))));
    __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8(0xe0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(three, _mm256_set1_epi8(0xf0 - 0x80));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, special);
}

enum { SPAN = 256 };

/* SPAN bytes that are ASCII, behind ASCII, cost their loads and a test.  A shorter span would save
 * more, but text with an accent here and there would have the answer mispredicted. */
#define UTF8_LOOP(VECTOR, LOAD, OR, WIDE, NONE, FAULTS)                                            \
    VECTOR v[SPAN / sizeof(VECTOR)] = {{0}}, previous = v[0], faults = v[0];                       \
    char last[SPAN] = {0};                                                                         \
    size_t whole = len / SPAN * SPAN;                                                              \
    memcpy(last, bytes + whole, len - whole);                                                      \
    for (size_t i = 0; i <= whole; i += SPAN) {                                                    \
        const char *at = i < whole ? bytes + i : last;                                             \
        VECTOR any = previous;                                                                     \
        for (size_t k = 0; k < SPAN / sizeof(VECTOR); k++)                                         \
            any = OR(any, v[k] = LOAD(at + k * sizeof(VECTOR)));                                   \
        if (WIDE(any))                                                                             \
            for (size_t k = 0; k < SPAN / sizeof(VECTOR); k++)                                     \
                faults = OR(faults, FAULTS(v[k], k ? v[k - 1] : previous));                        \
        previous = v[SPAN / sizeof(VECTOR) - 1];                                                   \
    }                                                                                              \
    return NONE(faults, faults)

AVX2 static bool utf8_avx2(const char *bytes, size_t len)
{
    UTF8_LOOP(__m256i, load_32, _mm256_or_si256, _mm256_movemask_epi8, _mm256_testz_si256,
              faults_avx2);
}

/* ---- AVX-512 (Ice Lake, Zen 4 and later) ---- */

#define AVX512                                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,pclmul,bmi,popcnt")))

AVX512 INLINE struct masks load_avx512(const char *at, char delimiter)
{
    __m512i v = _mm512_loadu_si512(at);
    return (struct masks){
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(delimiter)),
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n')),
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r')),
        _mm512_testn_epi8_mask(v, v),
        _mm512_movepi8_mask(v),
    };
}

AVX512 INLINE uint64_t prefix_512(uint64_t x)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)x), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* The numbers of the set bits, as bytes in front; 16 at a time become offsets. */
AVX512 INLINE uint32_t put_bits_512(uint32_t *at, uint32_t n, size_t base, uint64_t bits,
                                    __m512i iota)
{
    __m512i packed = _mm512_maskz_compress_epi8(bits, iota);
    __m512i start = _mm512_set1_epi32((int)(uint32_t)base);
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
    _mm512_storeu_si512(
        at + n, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (__builtin_expect(count > 16, 0))
        put_bits(at, n, base, bits);
    return n + count;
}

AVX512 static void scan_avx512(const char *bytes, size_t from, size_t to, char delimiter,
                               struct csv_marks *out)
{
    static const char number[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i iota = _mm512_loadu_si512(number);
    struct carry c = begin(out);
    uint32_t n = 0;
    for (size_t i = from; i < to; i += 64) {
        struct masks m = load_avx512(bytes + i, delimiter);
        if (to - i < 64)
            m = cut(m, to - i);
        uint64_t separator =
            easy(&m, &c) ? m.delimiter | m.lf : structure(&m, prefix_512(m.quote), &c);
        out->lines += (uint32_t)__builtin_popcountll(separator & m.lf);
        out->all_lines += (uint32_t)__builtin_popcountll(m.lf);
        n = put_bits_512(out->at, n, i, separator, iota);
    }
    finish(out, &c, n);
}

AVX512 INLINE __m512i table_512(const uint8_t *entry)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entry));
}

AVX512 INLINE __m512i halves_512(__m512i v)
{
    return _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15));
}

/* faults_avx2() of 64 bytes. */
AVX512 INLINE __m512i faults_512(__m512i v, __m512i previous)
{
    __m512i joined = _mm512_alignr_epi64(v, previous, 6);
    __m512i one = _mm512_alignr_epi8(v, joined, 15), two = _mm512_alignr_epi8(v, joined, 14);
    __m512i three = _mm512_alignr_epi8(v, joined, 13);
    __m512i low = _mm512_and_si512(one, _mm512_set1_epi8(15));
    __m512i special = _mm512_and_si512(
        _mm512_shuffle_epi8(table_512(before_high), halves_512(one)),
        _mm512_and_si512(_mm512_shuffle_epi8(table_512(before_low), low),
                         _mm512_shuffle_epi8(table_512(byte_high), halves_512(v))));
    __m512i third = _mm512_subs_epu8(two, _mm512_set1_epi8(0xe0 - 0x80));
    __m512i fourth = _mm512_subs_epu8(three, _mm512_set1_epi8(0xf0 - 0x80));
    __m512i must = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));
    return _mm512_xor_si512(must, special);
}

AVX512 INLINE bool none_512(__m512i a, __m512i b)
{
    return _mm512_test_epi8_mask(a, b) == 0;
}

AVX512 static bool utf8_avx512(const char *bytes, size_t len)
{
    UTF8_LOOP(__m512i, _mm512_loadu_si512, _mm512_or_si512, _mm512_movepi8_mask, none_512,
              faults_512);
}

AVX512 static struct csv_tally tally_avx512(const char *bytes, size_t len)
{
    TALLY_LOOP(load_avx512);
}

#endif

/* ---- the choice ---- */

static const struct csv_isa isas[] = {
#if defined(__x86_64__)
    {"avx512", scan_avx512, tally_avx512, utf8_avx512},
    {"avx2", scan_avx2, tally_avx2, utf8_avx2},
    {"sse2", scan_sse2, tally_sse2, utf8_valid},
#endif
    {"portable", scan_portable, tally_portable, utf8_valid},
};

enum { ISAS = sizeof isas / sizeof *isas };

/* glibc asked the processor already: asking again costs a virtual machine 15 microseconds. */
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#define HAS(glibc, compiler) x86_cpu_active((unsigned)x86_cpu_##glibc)
#else
#define HAS(glibc, compiler) __builtin_cpu_supports(compiler)
#endif

static bool machine_has(const struct csv_isa *isa)
{
#if defined(__x86_64__)
    if (strcmp(isa->name, "avx512") == 0)
        return HAS(AVX512_VBMI2, "avx512vbmi2") && HAS(AVX512BW, "avx512bw") &&
               HAS(PCLMULQDQ, "pclmul");
    if (strcmp(isa->name, "avx2") == 0)
        return HAS(AVX2, "avx2") && HAS(PCLMULQDQ, "pclmul") && HAS(BMI1, "bmi");
#endif
    (void)isa;
    return true;
}

const struct csv_isa *csv_isa(void)
{
    const char *wanted = getenv("MARSAD_ISA");
    for (size_t i = 0; i < ISAS; i++)
        if (machine_has(&isas[i]) && (!wanted || strcmp(wanted, isas[i].name) == 0))
            return &isas[i];
    return NULL;
}
