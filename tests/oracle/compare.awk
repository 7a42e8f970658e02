# SPDX-License-Identifier: GPL-3.0-or-later
# Compares rows in the oracle's form: awk -f compare.awk EXPECTED ACTUAL
# Key: the first five columns. Tolerances are those of the oracle's README: estimates and standard
# errors 1e-9, limits and deff 1e-8 (of logit 1e-7, of likelihood 1e-4), quantiles exact but for rounding; absolute floor 1e-9;
# a standard error below 1e-9 of the estimate counts as zero. NA is not tested.
# -v skip=REGEX: keys that are not compared, counted apart. -v quiet=1: counts only.
BEGIN { FS = ","; split("estimate se ci_low ci_high deff df", column, " ") }
function key() { return $1 "," $2 "," $3 "," $4 "," $5 }
function size(x) { return x < 0 ? -x : x }
function tolerance(c, k) {
    if (k ~ /,quantile,/) return 1e-12
    if (c <= 2) return 1e-9
    if (k ~ /likelihood/) return 1e-4
    return k ~ /logit/ ? 1e-7 : 1e-8
}
function near(c, want, got, k, estimate) {
    if (got == "") return 0
    if (c == 2 && size(want) < 1e-9 * size(estimate) && size(got) < 1e-9 * size(estimate)) return 1
    if (c == 5 && want < 1e-9 && got < 1e-9) return 1
    return size(want - got) <= tolerance(c, k) * size(want) + 1e-9 * (size(want) < 1)
}
FNR == 1 { file++ }
file == 2 { actual[key()] = $0; next }
file == 1 && FNR > 1 { order[++rows] = $0 }
END {
    for (r = 1; r <= rows; r++) {
        $0 = order[r]; k = key()
        if (skip != "" && k ~ skip) { skipped++; continue }
        if (!(k in actual)) { missing++; if (!quiet) print "    missing " k; continue }
        n = split(actual[k], got, ",")
        for (c = 1; c <= 6; c++) {
            want = $(c + 5)
            if (c == 5 && want > 1e20) continue # a design effect whose denominator is rounding
            if (want == "NA" || want == "NaN" || want == "" || want ~ /Inf/) continue
            cells++
            if (near(c, want + 0, got[c + 5], k, $6)) ok++
            else if (!quiet) print "    differs " k " " column[c] ": " want " expected, " got[c + 5]
        }
    }
    printf "%d of %d cells agree", ok, cells
    if (missing) printf ", %d rows missing", missing
    if (skipped) printf ", %d rows not compared", skipped
    print ""
    exit !(ok == cells && !missing && cells > 0)
}
