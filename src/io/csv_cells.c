/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_cells.h"

/* Cells from `from` on, which is not the first. */
static void cut_rest(const char *bytes, const uint32_t *mark, uint32_t step, uint32_t from,
                     uint32_t n, struct text *cell)
{
    for (uint32_t i = from; i < n; i++) {
        const uint32_t *end = mark + (size_t)i * step;
        cell[i] = (struct text){bytes + end[-1] + 1, *end - end[-1] - 1};
    }
}

void csv_cut(const char *bytes, const uint32_t *mark, uint32_t step, uint32_t begin, uint32_t n,
             struct text *cell)
{
    cell[0] = (struct text){bytes + begin, mark[0] - begin};
    cut_rest(bytes, mark, step, 1, n, cell);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi2")))
#define AVX512 __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,bmi2")))

/* What is left behind the last four or eight: from cell `from` on; and cells of over eight bytes.
 */
static void mark_rest(const struct text *cell, uint32_t from, uint32_t n, bool longer,
                      bool *changed)
{
    uint32_t before = from ? from - 1 : 0;
    bool kept = from && changed[before];
    text_mark_changes(cell + before, n - before, changed + before);
    if (from)
        changed[before] = kept;
    if (longer)
        text_mark_longer(cell, n, changed);
}

static inline long long eight_bytes(struct text t)
{
    return (long long)text_eight(t.len ? t.at : "nothing", t.len);
}

AVX2 static inline __m256i load_cells(const struct text *cell)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)cell);
}

/* The four lanes behind lane 3 of `before`. */
AVX2 static inline __m256i move_four(__m256i before, __m256i lanes)
{
    return _mm256_permute4x64_epi64(_mm256_blend_epi32(lanes, before, 0xc0), 0x93);
}

AVX2 void changes_avx2(const struct text *cell, uint32_t n, bool *changed)
{
    const __m256i eight = _mm256_set1_epi64x(8), low = _mm256_set1_epi64x(0xffffffff);
    __m256i last_word = _mm256_setzero_si256(), last_len = low, longest = last_word;
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const struct text *c = cell + i;
        __m256i len = _mm256_unpackhi_epi64(load_cells(c), load_cells(c + 2));
        len = _mm256_and_si256(_mm256_permute4x64_epi64(len, 0xd8), low);
        __m256i bytes = _mm256_min_epu32(len, eight);
        __m256i word = _mm256_set_epi64x(eight_bytes(c[3]), eight_bytes(c[2]), eight_bytes(c[1]),
                                         eight_bytes(c[0]));
        word = _mm256_sllv_epi64(word, _mm256_slli_epi64(_mm256_sub_epi64(eight, bytes), 3));
        __m256i same = _mm256_and_si256(_mm256_cmpeq_epi64(word, move_four(last_word, word)),
                                        _mm256_cmpeq_epi64(len, move_four(last_len, len)));
        uint32_t others = (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(same)) ^ 0xf;
        uint32_t four = _pdep_u32(others, 0x01010101);
        memcpy(changed + i, &four, 4);
        longest = _mm256_max_epu32(longest, len);
        last_word = word;
        last_len = len;
    }
    bool longer = _mm256_movemask_epi8(_mm256_cmpgt_epi64(longest, eight)) != 0;
    mark_rest(cell, i, n, longer, changed);
}

/* The first eight bytes of eight cells; of those at the end of a page no more than are theirs. */
AVX512 static inline __m512i eight_words(const struct text *cell, __m512i at, __mmask8 some)
{
    __m512i in_page = _mm512_and_si512(at, _mm512_set1_epi64(4095));
    __mmask8 end = some & _mm512_cmpgt_epi64_mask(in_page, _mm512_set1_epi64(4096 - 8));
    __m512i word = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), some & ~end, at, NULL, 1);
    long long own[8];
    if (__builtin_expect(end == 0, 1))
        return word;
    _mm512_storeu_si512(own, word);
    for (unsigned left = end; left; left &= left - 1)
        own[__builtin_ctz(left)] = eight_bytes(cell[__builtin_ctz(left)]);
    return _mm512_loadu_si512(own);
}

AVX512 void changes_avx512(const struct text *cell, uint32_t n, bool *changed)
{
    const __m512i eight = _mm512_set1_epi64(8), low = _mm512_set1_epi64(0xffffffff);
    const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    __m512i last_word = _mm512_setzero_si512(), last_len = low, longest = last_word;
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m512i a = _mm512_loadu_si512(cell + i), b = _mm512_loadu_si512(cell + i + 4);
        __m512i at = _mm512_permutex2var_epi64(a, even, b);
        __m512i len = _mm512_and_si512(_mm512_permutex2var_epi64(a, odd, b), low);
        __m512i word = eight_words(cell + i, at, _mm512_test_epi64_mask(len, len));
        __m512i blank = _mm512_sub_epi64(eight, _mm512_min_epu64(len, eight));
        word = _mm512_sllv_epi64(word, _mm512_slli_epi64(blank, 3));
        __mmask8 others = _mm512_cmpneq_epi64_mask(word, _mm512_alignr_epi64(word, last_word, 7)) |
                          _mm512_cmpneq_epi64_mask(len, _mm512_alignr_epi64(len, last_len, 7));
        uint64_t bools = _pdep_u64(others, 0x0101010101010101);
        memcpy(changed + i, &bools, 8);
        longest = _mm512_max_epu64(longest, len);
        last_word = word;
        last_len = len;
    }
    bool longer = _mm512_cmpgt_epu64_mask(longest, eight) != 0;
    mark_rest(cell, i, n, longer, changed);
}

AVX512 void cut_avx512(const char *bytes, const uint32_t *mark, uint32_t step, uint32_t begin,
                       uint32_t n, struct text *cell)
{
    const __m512i base = _mm512_set1_epi64((long long)(uintptr_t)bytes);
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    const __m256i row =
        _mm256_mullo_epi32(_mm256_set1_epi32((int)step), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    uint32_t i = 1;
    cell[0] = (struct text){bytes + begin, mark[0] - begin};
    for (; i + 8 <= n; i += 8) {
        const int *at = (const int *)mark + (size_t)i * step;
        __m256i end = _mm256_i32gather_epi32(at, row, 4);
        __m256i first = _mm256_i32gather_epi32(at - 1, row, 4);
        first = _mm256_add_epi32(first, _mm256_set1_epi32(1));
        __m512i start = _mm512_add_epi64(base, _mm512_cvtepu32_epi64(first));
        __m512i len = _mm512_cvtepu32_epi64(_mm256_sub_epi32(end, first));
        _mm512_storeu_si512(cell + i, _mm512_permutex2var_epi64(start, low, len));
        _mm512_storeu_si512(cell + i + 4, _mm512_permutex2var_epi64(start, high, len));
    }
    cut_rest(bytes, mark, step, i, n, cell);
}

#endif
