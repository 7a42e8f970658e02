#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# aggregate against R: counts, sums, means, extremes and quantiles by domain.    usage: tests/oracle/run
#
# R takes extremes over the rows of positive weight, and so does a filter before aggregate here; all
# else is the same row by row.  Tolerance 1e-9, quantiles and counts exact (README.md of the oracle).
set -eu
case_dir=$MARSAD_SHARED/oracle/weighted-plain
[ -d "$case_dir" ] || case_dir=$(cd "$(dirname "$0")" && pwd)/data/weighted-plain
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
levels='0.01 0.05 0.1 0.25 0.5 0.75 0.9 0.95 0.99'

# The file of R has "" for an empty cell; ingest takes it as such.
marsad ingest "$case_dir/persons.csv" >persons.csv

quantiles=
for p in $levels; do
    quantiles="$quantiles --quantile quantile:y@$p=y@w:$p"
done

# Rows `domain,statistic,variable,method,value`, from one column of domains; _all where it is empty.
melt() { # COLUMN, or nothing
    by=${1:+--by $1}
    # shellcheck disable=SC2086
    marsad aggregate $by --count n:_:unweighted --count n:y:nonmissing=y \
        --missing-count missing:y:unweighted=y --sum sumw:_:all=w --sum sum:y:w=y@w \
        --mean mean:y:w=y@w $quantiles persons.csv >all.csv
    # shellcheck disable=SC2086
    marsad filter 'w > 0' persons.csv | marsad aggregate $by --min min:y:w=y --max max:y:w=y >extremes.csv
    # shellcheck disable=SC2086
    marsad filter 'not is_missing(y)' persons.csv | marsad aggregate $by --sum sumw:y:nonmissing=w >weights.csv
    for file in all.csv extremes.csv weights.csv; do
        awk -F, -v by="${1:-}" 'NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
            { for (i = by == "" ? 1 : 2; i <= NF; i++)
                  print (by == "" ? "_all" : by "=" $1) ":" name[i] "=" $i }' $file
    done
}
{
    melt
    melt nat
    melt year
} >ours.txt

awk '
function abs(x) { return x < 0 ? -x : x }
FNR == NR {
    cut = match($0, /=[^=]*$/)
    ours[substr($0, 1, cut - 1)] = substr($0, cut + 1)
    next
}
{
    n = split($0, f, ",")
    if (f[3] == "quantile" && f[5] == "school") key = f[2] ":quantile:" f[4]
    else if (f[3] ~ /^(n|missing|sumw|sum|mean|min|max)$/) key = f[2] ":" f[3] ":" f[4] ":" f[5]
    else next
    if (key ~ /missing:y:weighted$/) next
    exact = f[3] ~ /^(n|missing|quantile|min|max)$/
    good = (key in ours) && ours[key] != "" && abs(ours[key] - f[6]) <= (exact ? 1e-13 : 1e-9) * (1 + abs(f[6]))
    if (good) passed++
    else {
        failed++
        print "FAILED: " key ": " ours[key] ", not " f[6]
    }
}
END {
    printf "tests/oracle/weighted-plain: %d passed, %d failed\n", passed, failed
    exit failed > 0 || passed < 150
}' ours.txt "$case_dir/expected.csv"
