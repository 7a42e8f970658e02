/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_scan.h"

#include <stdlib.h>

#include "io/csv_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

INLINE uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Bytes over 127 that are below this one, which is one of them. */
INLINE uint64_t below_portable(const char *at, unsigned c)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu, less = eight_of((char)(0x100 - c));
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word = word_at(at + i);
        bits |= top_bits(word & ~((word & low) + less)) << i;
    }
    return bits;
}

INLINE struct masks load_portable(const char *at, char delimiter)
{
    struct masks m = {.quote = 0};
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word = word_at(at + i);
        m.quote |= zero_bits(word ^ eight_of('"')) << i;
        m.separator |= zero_bits(word ^ eight_of(delimiter)) << i;
        m.lf |= zero_bits(word ^ eight_of('\n')) << i;
        m.cr |= zero_bits(word ^ eight_of('\r')) << i;
        m.nul |= zero_bits(word) << i;
        m.wide |= top_bits(word) << i;
    }
    m.separator |= m.lf;
    if (m.wide) {
        m.lead = below_portable(at, 0xe0) & ~below_portable(at, 0xc2);
        m.next = below_portable(at, 0xc0);
    }
    return m;
}

static void scan_portable(const char *bytes, size_t from, size_t to, char delimiter,
                          struct csv_marks *out)
{
    SCAN_LOOP(load_portable, below_portable, prefix_xor, put_bits);
}

static struct csv_tally tally_portable(const char *bytes, size_t len)
{
    TALLY_LOOP(load_portable);
}

#if defined(__x86_64__)

/* ---- SSE2, which every x86-64 has ---- */

/* The top bits of 64 bytes. */
INLINE uint64_t bits_sse2(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint64_t low = (unsigned)_mm_movemask_epi8(a) | (unsigned)_mm_movemask_epi8(b) << 16;
    uint64_t high = (unsigned)_mm_movemask_epi8(c) | (unsigned)_mm_movemask_epi8(d) << 16;
    return low | high << 32;
}

INLINE uint64_t equal_sse2(const __m128i *v, char c)
{
    __m128i want = _mm_set1_epi8(c);
    return bits_sse2(_mm_cmpeq_epi8(v[0], want), _mm_cmpeq_epi8(v[1], want),
                     _mm_cmpeq_epi8(v[2], want), _mm_cmpeq_epi8(v[3], want));
}

INLINE uint64_t below_sse2(const char *at, int c)
{
    __m128i v[4], most = _mm_set1_epi8((char)c);
    memcpy(v, at, sizeof v);
    return bits_sse2(_mm_cmplt_epi8(v[0], most), _mm_cmplt_epi8(v[1], most),
                     _mm_cmplt_epi8(v[2], most), _mm_cmplt_epi8(v[3], most));
}

INLINE struct masks load_sse2(const char *at, char delimiter)
{
    __m128i v[4];
    memcpy(v, at, sizeof v);
    uint64_t lf = equal_sse2(v, '\n');
    struct masks m = {.quote = equal_sse2(v, '"'),
                      .separator = equal_sse2(v, delimiter) | lf,
                      .lf = lf,
                      .cr = equal_sse2(v, '\r'),
                      .nul = equal_sse2(v, 0),
                      .wide = bits_sse2(v[0], v[1], v[2], v[3])};
    if (m.wide) {
        m.lead = below_sse2(at, 0xe0) & ~below_sse2(at, 0xc2);
        m.next = below_sse2(at, 0xc0);
    }
    return m;
}

static void scan_sse2(const char *bytes, size_t from, size_t to, char delimiter,
                      struct csv_marks *out)
{
    SCAN_LOOP(load_sse2, below_sse2, prefix_xor, put_bits);
}

static struct csv_tally tally_sse2(const char *bytes, size_t len)
{
    TALLY_LOOP(load_sse2);
}

/* ---- AVX2 ---- */

#define AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))

AVX2 INLINE __m256i load_32(const void *at)
{
    return _mm256_loadu_si256((const __m256i *)at);
}

/* The top bits of 64 bytes. */
AVX2 INLINE uint64_t bits_avx2(__m256i low, __m256i high)
{
    uint64_t a = (unsigned)_mm256_movemask_epi8(low), b = (unsigned)_mm256_movemask_epi8(high);
    return a | b << 32;
}

AVX2 INLINE uint64_t equal_avx2(__m256i low, __m256i high, char c)
{
    __m256i want = _mm256_set1_epi8(c);
    return bits_avx2(_mm256_cmpeq_epi8(low, want), _mm256_cmpeq_epi8(high, want));
}

AVX2 INLINE uint64_t below_avx2(const char *at, int c)
{
    __m256i most = _mm256_set1_epi8((char)c);
    return bits_avx2(_mm256_cmpgt_epi8(most, load_32(at)),
                     _mm256_cmpgt_epi8(most, load_32(at + 32)));
}

/* Of quotes, CRs and NULs it is first asked whether there are any. */
AVX2 INLINE struct masks load_avx2(const char *at, char delimiter)
{
    const __m256i quote = _mm256_set1_epi8('"'), cr = _mm256_set1_epi8('\r');
    __m256i low = load_32(at), high = load_32(at + 32);
    __m256i any = _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), _mm256_setzero_si256());
    __m256i quotes = _mm256_or_si256(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
    __m256i crs = _mm256_or_si256(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr));
    any = _mm256_or_si256(any, _mm256_or_si256(quotes, crs));
    struct masks m = {.lf = equal_avx2(low, high, '\n'), .wide = bits_avx2(low, high)};
    m.separator = equal_avx2(low, high, delimiter) | m.lf;
    m.lead = below_avx2(at, 0xe0) & ~below_avx2(at, 0xc2);
    m.next = below_avx2(at, 0xc0);
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

/* Nearly all 64 bytes have at most twelve separators: that many are written without asking (what is
 * behind the last is written over), so that no branch is mispredicted. */
AVX2 INLINE uint32_t put_bits_avx2(uint32_t *at, uint32_t n, size_t base, uint64_t bits)
{
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
#pragma GCC unroll 12
    for (uint32_t i = 0; i < 12; i++, bits = _blsr_u64(bits))
        at[n + i] = (uint32_t)(base + _tzcnt_u64(bits));
    if (__builtin_expect(bits != 0, 0))
        put_bits(at, n + 12, base, bits);
    return n + count;
}

AVX2 static struct csv_tally tally_avx2(const char *bytes, size_t len)
{
    TALLY_LOOP(load_avx2);
}

AVX2 static void scan_avx2(const char *bytes, size_t from, size_t to, char delimiter,
                           struct csv_marks *out)
{
    SCAN_LOOP(load_avx2, below_avx2, prefix_clmul, put_bits_avx2);
}

/* ---- AVX-512 (Ice Lake, Zen 4 and later) ---- */

#define AVX512                                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,"             \
                          "pclmul,bmi,popcnt")))

AVX512 INLINE uint64_t below_avx512(const char *at, int c)
{
    return _mm512_cmplt_epi8_mask(_mm512_loadu_si512(at), _mm512_set1_epi8((char)c));
}

AVX512 INLINE struct masks load_avx512(const char *at, char delimiter)
{
    __m512i v = _mm512_loadu_si512(at);
    uint64_t lf = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
    return (struct masks){
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(delimiter)) | lf,
        lf,
        _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\r')),
        _mm512_testn_epi8_mask(v, v),
        _mm512_movepi8_mask(v),
        _mm512_cmple_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8((char)0xc2)),
                               _mm512_set1_epi8(0xdf - 0xc2)),
        _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64)),
    };
}

static const uint8_t number[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* The numbers of the set bits, as bytes in front; 16 at a time become offsets, twice without
 * asking for the second half, since files of codes have a separator every three bytes. */
AVX512 INLINE uint32_t put_bits_512(uint32_t *at, uint32_t n, size_t base, uint64_t bits)
{
    __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(number));
    __m512i start = _mm512_set1_epi32((int)(uint32_t)base);
    __m512i low = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
    __m512i high = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1));
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
    _mm512_storeu_si512(at + n, _mm512_add_epi32(start, low));
    _mm512_storeu_si512(at + n + 16, _mm512_add_epi32(start, high));
    if (__builtin_expect(count > 32, 0))
        put_bits(at, n, base, bits);
    return n + count;
}

AVX512 static void scan_avx512(const char *bytes, size_t from, size_t to, char delimiter,
                               struct csv_marks *out)
{
    SCAN_LOOP(load_avx512, below_avx512, prefix_clmul, put_bits_512);
}

AVX512 static struct csv_tally tally_avx512(const char *bytes, size_t len)
{
    TALLY_LOOP(load_avx512);
}

/* ---- decimals: what AVX2 and AVX-512 share ---- */

/* What a path of decimals leaves to be done one by one: the cells of the set bits, of which the
 * even ones are the first half.  Texts and decimals are taken apart and put together so. */
static struct decimal_range few_decimals(const struct text *cell, struct decimal *out,
                                         unsigned bits, unsigned half, struct decimal_range r)
{
    for (; bits; bits &= bits - 1) {
        unsigned lane = (unsigned)__builtin_ctz(bits), i = lane / 2 + lane % 2 * half;
        out[i] = decimal_parse(cell[i]);
        r = decimal_range_join(r, decimals_range(&out[i], 1));
    }
    return r;
}

/* What all lanes have among them: mantissas in ORs, scale and kind in their highest. */
static struct decimal_range join_lanes(const uint64_t *values, const uint64_t *tails, int lanes,
                                       struct decimal_range r)
{
    for (int k = 0; k < lanes; k++)
        r = decimal_range_join(
            r, (struct decimal_range){values[k], (uint8_t)tails[k], (uint8_t)(tails[k] >> 8)});
    return r;
}

/* decimals_scale(), which is called where a product or a sign needs more than this. */
AVX2 static struct scaled scale_avx2(const struct decimal *d, struct decimal_range r, uint32_t n,
                                     int64_t *value)
{
    const __m256i power = _mm256_setr_epi32(1, 10, 100, 1000, 10000, 100000, 1000000, 10000000);
    const __m256i scale = _mm256_set1_epi64x(r.scale), low = _mm256_set1_epi64x(0xff);
    __m256i all = _mm256_setzero_si256();
    uint64_t lane[4];
    uint32_t i = 0;
    if (r.magnitude > INT32_MAX || r.scale > 7)
        return decimals_scale(d, r, n, value);
    for (; i + 4 <= n; i += 4) {
        __m256i a = load_32(d + i), b = load_32(d + i + 2);
        __m256i own = _mm256_and_si256(_mm256_unpackhi_epi64(a, b), low);
        __m256i by = _mm256_permutevar8x32_epi32(power, _mm256_sub_epi64(scale, own));
        __m256i product = _mm256_mul_epi32(_mm256_unpacklo_epi64(a, b), by);
        all = _mm256_or_si256(all, product);
        _mm256_storeu_si256((__m256i *)(void *)(value + i),
                            _mm256_permute4x64_epi64(product, 0xd8));
    }
    _mm256_storeu_si256((__m256i *)(void *)lane, all);
    struct scaled rest = decimals_scale(d + i, r, n - i, value + i);
    rest.magnitude |= lane[0] | lane[1] | lane[2] | lane[3];
    if (rest.magnitude > INT64_MAX)
        return decimals_scale(d, r, n, value);
    return (struct scaled){value, rest.magnitude, r.scale, r.kinds};
}

/* ---- decimals: AVX2 ---- */

INLINE long long eight_bytes(const struct text *cell)
{
    return (long long)text_eight(cell->len ? cell->at : "nothing", cell->len);
}

/* What four cells of at most 8 bytes hold: digits with at most one point among them, or nothing.
 * Each is moved up to the highest byte of its word, so that zeros stand below, and the point taken
 * out; pairs, fours and eights of digits are put together by multiplications.  '0' XOR '.' is 0x1e.
 * Cells 0, 2, 1, 3 are in the lanes.  tail: scale and kind, as struct decimal has them.  Returns
 * lanes that hold something else: all ones. */
AVX2 INLINE __m256i four_decimals(const struct text *cell, __m256i *value, __m256i *tail)
{
    const __m256i zero = _mm256_setzero_si256(), low = _mm256_set1_epi64x(0xff);
    __m256i len = _mm256_unpackhi_epi64(load_32(cell), load_32(cell + 2));
    len = _mm256_and_si256(len, _mm256_set1_epi64x(0xffffffff));
    __m256i longer = _mm256_cmpgt_epi64(len, _mm256_set1_epi64x(8));
    __m256i word = _mm256_set_epi64x(eight_bytes(cell + 3), eight_bytes(cell + 1),
                                     eight_bytes(cell + 2), eight_bytes(cell));
    __m256i blank = _mm256_sub_epi64(_mm256_set1_epi64x(64), _mm256_slli_epi64(len, 3));
    word = _mm256_sllv_epi64(_mm256_xor_si256(word, _mm256_set1_epi8('0')), blank);
    __m256i point = _mm256_cmpeq_epi8(word, _mm256_set1_epi8(0x1e));
    __m256i whole = _mm256_cmpeq_epi64(point, zero);
    __m256i before = _mm256_andnot_si256(point, _mm256_add_epi64(point, _mm256_set1_epi64x(-1)));
    __m256i to_point = _mm256_or_si256(_mm256_slli_epi64(before, 8), low);
    __m256i joined = _mm256_or_si256(_mm256_slli_epi64(_mm256_and_si256(word, before), 8),
                                     _mm256_andnot_si256(to_point, word));
    __m256i digits = _mm256_blendv_epi8(joined, word, whole);
    __m256i scale = _mm256_sad_epu8(_mm256_andnot_si256(to_point, _mm256_set1_epi8(1)), zero);
    __m256i first = _mm256_cmpeq_epi64(scale, _mm256_add_epi64(len, _mm256_set1_epi64x(-1)));
    __m256i wrong = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    wrong = _mm256_or_si256(wrong, _mm256_andnot_si256(whole, first));
    wrong = _mm256_or_si256(wrong, _mm256_or_si256(_mm256_srli_epi64(point, 63), longer));
    __m256i fours = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a)),
                                      _mm256_set1_epi32(0x00010064));
    *value = _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)),
                              _mm256_srli_epi64(fours, 32));
    __m256i missing =
        _mm256_and_si256(_mm256_cmpeq_epi64(len, zero), _mm256_set1_epi64x(NUMBER_MISSING << 8));
    *tail = _mm256_or_si256(scale, missing);
    return _mm256_xor_si256(_mm256_cmpeq_epi64(wrong, zero), _mm256_set1_epi64x(-1));
}

AVX2 static struct scaled decimals_avx2(const struct text *cell, uint32_t n, struct decimal *out,
                                        int64_t *scaled)
{
    struct decimal_range r = {0, 0, 0};
    __m256i values = _mm256_setzero_si256(), tails = values, value, tail;
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4) {
        __m256i wrong = four_decimals(cell + i, &value, &tail);
        _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_unpacklo_epi64(value, tail));
        _mm256_storeu_si256((__m256i *)(void *)(out + i + 2), _mm256_unpackhi_epi64(value, tail));
        values = _mm256_or_si256(values, _mm256_andnot_si256(wrong, value));
        tails = _mm256_max_epu8(tails, _mm256_andnot_si256(wrong, tail));
        unsigned few = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(wrong));
        if (__builtin_expect(few != 0, 0))
            r = few_decimals(cell + i, out + i, few, 2, r);
    }
    uint64_t lane[2][4];
    _mm256_storeu_si256((__m256i *)(void *)lane[0], values);
    _mm256_storeu_si256((__m256i *)(void *)lane[1], tails);
    r = join_lanes(lane[0], lane[1], 4, r);
    r = decimal_range_join(r, decimals_parse(cell + i, out + i, n - i));
    return scale_avx2(out, r, n, scaled);
}

/* ---- decimals: AVX-512 ---- */

/* As four_decimals(), of eight; cells 0, 4, 1, 5, 2, 6, 3, 7 are in the lanes. */
AVX512 INLINE __mmask8 eight_decimals(const struct text *cell, __m512i *value, __m512i *tail)
{
    const __m512i zero = _mm512_setzero_si512(), ones = _mm512_set1_epi8(-1);
    __m512i low = _mm512_loadu_si512(cell), high = _mm512_loadu_si512(cell + 4);
    __m512i at = _mm512_unpacklo_epi64(low, high), len = _mm512_unpackhi_epi64(low, high);
    len = _mm512_and_si512(len, _mm512_set1_epi64(0xffffffff));
    __m512i in_page = _mm512_and_si512(at, _mm512_set1_epi64(4095));
    __mmask8 some = _mm512_test_epi64_mask(len, len);
    __mmask8 wrong = _mm512_cmpgt_epi64_mask(len, _mm512_set1_epi64(8));
    wrong |= some & _mm512_cmpgt_epi64_mask(in_page, _mm512_set1_epi64(4096 - 8));
    __m512i word = _mm512_mask_i64gather_epi64(zero, some & ~wrong, at, NULL, 1);
    __m512i blank = _mm512_sub_epi64(_mm512_set1_epi64(64), _mm512_slli_epi64(len, 3));
    word = _mm512_sllv_epi64(_mm512_xor_si512(word, _mm512_set1_epi8('0')), blank);
    __m512i point = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8(0x1e)));
    __mmask8 whole = _mm512_testn_epi64_mask(point, point);
    __m512i before = _mm512_andnot_si512(point, _mm512_add_epi64(point, ones));
    __m512i to_point = _mm512_or_si512(_mm512_slli_epi64(before, 8), _mm512_set1_epi64(0xff));
    __m512i joined = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(word, before), 8),
                                     _mm512_andnot_si512(to_point, word));
    __m512i digits = _mm512_mask_mov_epi64(joined, whole, word);
    __m512i over = _mm512_subs_epu8(digits, _mm512_set1_epi8(9));
    wrong |= _mm512_test_epi64_mask(over, over) | _mm512_movepi64_mask(point);
    __m512i fours = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a)),
                                      _mm512_set1_epi32(0x00010064));
    *value = _mm512_add_epi64(_mm512_mul_epu32(fours, _mm512_set1_epi64(10000)),
                              _mm512_srli_epi64(fours, 32));
    __m512i scale = _mm512_sad_epu8(_mm512_andnot_si512(to_point, _mm512_set1_epi8(1)), zero);
    wrong |= _mm512_mask_cmpeq_epi64_mask(~whole, scale, _mm512_add_epi64(len, ones));
    *tail = _mm512_mask_mov_epi64(_mm512_set1_epi64(NUMBER_MISSING << 8), some, scale);
    return wrong;
}

AVX512 static struct scaled decimals_avx512(const struct text *cell, uint32_t n,
                                            struct decimal *out, int64_t *scaled)
{
    struct decimal_range r = {0, 0, 0};
    __m512i values = _mm512_setzero_si512(), tails = values, value, tail;
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __mmask8 wrong = eight_decimals(cell + i, &value, &tail);
        _mm512_storeu_si512(out + i, _mm512_unpacklo_epi64(value, tail));
        _mm512_storeu_si512(out + i + 4, _mm512_unpackhi_epi64(value, tail));
        values = _mm512_mask_or_epi64(values, ~wrong, values, value);
        tails = _mm512_max_epu8(tails, _mm512_maskz_mov_epi64(~wrong, tail));
        if (__builtin_expect(wrong != 0, 0))
            r = few_decimals(cell + i, out + i, wrong, 4, r);
    }
    uint64_t lane[2][8];
    _mm512_storeu_si512(lane[0], values);
    _mm512_storeu_si512(lane[1], tails);
    r = join_lanes(lane[0], lane[1], 8, r);
    r = decimal_range_join(r, decimals_parse(cell + i, out + i, n - i));
    return scale_avx2(out, r, n, scaled);
}

#endif

/* ---- the choice ---- */

static const struct csv_isa isas[] = {
#if defined(__x86_64__)
    {"avx512", scan_avx512, tally_avx512, decimals_avx512},
    {"avx2", scan_avx2, tally_avx2, decimals_avx2},
    {"sse2", scan_sse2, tally_sse2, decimals_read},
#endif
    {"portable", scan_portable, tally_portable, decimals_read},
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
               HAS(AVX512DQ, "avx512dq") && HAS(PCLMULQDQ, "pclmul");
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
