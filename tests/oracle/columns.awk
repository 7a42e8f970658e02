# SPDX-License-Identifier: GPL-3.0-or-later
# Compares rows column by column: awk -v keys=N -v tolerance='1e-9 1e-8 ...' -f columns.awk EXPECTED ACTUAL
# The first N columns are the key; of the others each has its relative tolerance (- : not compared), with an
# absolute floor of 1e-9. NA in EXPECTED is not tested. -v skip=REGEX: keys counted apart.
BEGIN { FS = ","; split(tolerance, most, " ") }
function key(   i, k) { k = $1; for (i = 2; i <= keys; i++) k = k "," $i; return k }
function size(x) { return x < 0 ? -x : x }
FNR == 1 { file++ }
file == 2 { actual[key()] = $0; next }
FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
{ order[++rows] = $0 }
END {
    for (r = 1; r <= rows; r++) {
        $0 = order[r]; k = key()
        if (skip != "" && k ~ skip) { skipped++; continue }
        if (!(k in actual)) { missing++; print "    missing " k; continue }
        split(actual[k], got, ",")
        for (c = keys + 1; c <= NF; c++) {
            limit = most[c - keys]
            if (limit == "" || limit == "-" || $c == "NA" || $c == "") continue
            cells++
            if (got[c] != "" && size($c - got[c]) <= limit * size($c) + 1e-9 * (size($c) < 1)) ok++
            else print "    differs " k " " name[c] ": " $c " expected, " got[c]
        }
    }
    printf "%d of %d cells agree", ok, cells
    if (missing) printf ", %d rows missing", missing
    if (skipped) printf ", %d rows not compared", skipped
    print ""
    exit !(ok == cells && !missing && cells > 0)
}
