#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Calibrated weights, and the estimates and errors that estimate makes with them, against those of R
# survey 4.5 and of SAS CALMAR, from $MARSAD_SHARED/oracle (default ../shared): the cases calibration,
# calmar-small, replicates (post-stratified jackknife weights) and enmi (70 000 persons).
# Without that folder it says so and passes.
#
# Tolerance: 1e-7 of a weight, 1e-9 for linear ones and post-strata, half a unit of the last printed
# digit for CALMAR; of estimates and errors as in tests/oracle/compare.awk.
#
# Raking: R's rake() takes the residuals of an unweighted projection on the margins. Deville and
# Sarndal (1992, eq. 3.4) have that of the regression weighted by the design, as R's calibrate(calfun =
# "raking") does on the same margins: the rows enmi-rake-deville-sarndal are right and are tested, the
# standard errors of enmi-rake are not. (In the case calibration all weights are alike, so that the rows
# rake are right too.) Weights are the same, but rake() stops earlier, within 1e-10 of the margins.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 70
root=$here/../..
shared=${MARSAD_SHARED:-$root/../shared}
PATH=${MARSAD_BIN:-$root/build/release/bin}:$PATH
oracle=$shared/oracle
if [ ! -d "$oracle/calibration" ]; then
    echo "skip calibration: no folder $oracle (MARSAD_SHARED)"
    exit 0
fi
work=$(mktemp -d) || exit 73
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
cd "$work" || exit 73
passed=0 failed=0

# compare WHAT EXPECTED COLUMN GOT COLUMN TOLERANCE [ABSOLUTE]: row by row
compare() {
    marsad select "$3" "$2" >expected && marsad select "$5" "$4" >got || failed=$((failed + 1))
    paste -d, expected got | awk -F, -v what="$1" -v tolerance="$6" -v absolute="${7:-0}" '
        NR > 1 {
            n++
            d = $1 - $2; if (d < 0) d = -d
            size = absolute ? 1 : $1 < 0 ? -$1 : $1
            if (d > most * size) most = size ? d / size : d
            if ($1 == "" || $2 == "" || d > tolerance * size + 1e-12) wrong++
        }
        END {
            printf "%s %s: %d cells, largest difference %.1e\n", n && !wrong ? "ok  " : "FAIL", what, n, most
            exit !(n && !wrong)
        }' && passed=$((passed + 1)) || failed=$((failed + 1))
}

cat >stype.csv <<'END'
variable,level,total
stype,E,4421
stype,H,755
stype,M,1018
END
{ cat stype.csv; echo sch.wide,No,1072; echo sch.wide,Yes,5122; } >rake.csv
{ cat stype.csv; echo api99,,3914069; } >greg.csv
printf 'variable,level,total\napi99,,3914069\n' >ratio.csv

weights() { # NAME TOLERANCE OPTIONS...
    name=$1 tolerance=$2
    shift 2
    marsad calibrate --weight pw "$@" "$oracle/calibration/apiclus1_cal.csv" >"got-$name.csv" 2>said ||
        cat said >&2
    compare "calibration/$name" "$oracle/calibration/expected_weights.csv" "$name" "got-$name.csv" w_cal \
        "$tolerance"
}
weights poststrat 1e-9 --margins stype.csv
weights rake 1e-7 --margins rake.csv --method raking
weights linear_stype 1e-9 --margins stype.csv --method linear
weights linear 1e-9 --margins greg.csv
weights raking 1e-7 --margins greg.csv --method raking
weights logit 1e-7 --margins greg.csv --method logit --bounds 0.6,1.8
weights linear_bounded 1e-7 --margins greg.csv --method truncated --bounds 0.6,1.8
weights ratio 1e-9 --margins ratio.csv --scale api99
weights trim 1e-9 --margins stype.csv --trim 15,40
weights trim_strict 1e-9 --margins stype.csv --trim 15,40 --trim-strict

awk -F, 'NR == 1 { print "variable,level,total"; next } { split($1, a, "="); print a[1] "," a[2] "," $2 }' \
    "$oracle/calmar-small/margins.csv" >calmar.csv
calmar() { # METHOD CALMAR-COLUMN R-COLUMN OPTIONS...
    marsad calibrate --weight weight --margins calmar.csv --method "$1" ${4:+"$4" "$5"} \
        "$oracle/data/calmar_employees.csv" >calmar-got.csv 2>said || cat said >&2
    expected=$oracle/calmar-small/expected_weights.csv
    compare "calmar-small/$1 (SAS)" "$expected" "$2" calmar-got.csv w_cal 5.001e-5 absolute
    compare "calmar-small/$1 (R)" "$expected" "$3" calmar-got.csv w_cal 1e-7
}
calmar linear calmar_linear R_linear
calmar raking calmar_raking R_raking
calmar logit calmar_logit_0.4_2.2 R_logit --bounds 0.4,2.2

# enmi: the files of the totals are tables of counts.
gzip -dc "$oracle/enmi/persons.csv.gz" >persons.csv
sed '1s/Freq/total/' "$oracle/enmi/pop_region_milieu.csv" >cells.csv
sed '1s/Freq/total/' "$oracle/enmi/pop_sex.csv" >sex.csv
enmi() { # DESIGN OPTIONS...
    design=$1
    shift
    marsad calibrate --weight w --margins cells.csv "$@" persons.csv 2>said | marsad select w_cal | awk '
        NR == 2 { least = most = $1 }
        NR > 1 { if ($1 < least) least = $1; if ($1 > most) most = $1; square += $1 * $1 }
        END { printf "estimate\n%.15g\n%.15g\n%.15g\n", least, most, square }' >enmi-got.csv
    awk -F, -v design="$design" 'NR == 1 || ($1 == design && $3 ~ /^weight-/) { print $6 }' \
        "$oracle/enmi/expected_calibrated.csv" >enmi-expected.csv
    compare "enmi/$design weights" enmi-expected.csv estimate enmi-got.csv estimate 1e-9
}
enmi enmi-poststrat
enmi enmi-rake-deville-sarndal --margins sex.csv --method raking

# ---- estimates and errors ----

compare_awk=$here/compare.awk tidy_awk=$here/tidy.awk

# Estimates; adds rows of the design $design to the file tidy.
estimate() { # FILE OPTIONS...
    file=$1
    shift
    marsad estimate "$@" <"$file" >out 2>said || cat said >&2
    awk -v design="$design" -v prefix= -v interval=t -v rule= -v label= -v extra= -f "$tidy_awk" \
        out >>tidy
}
judge() { # EXPECTED-FILE: the rows of the design $design
    awk -F, -v design="$design" 'NR == 1 || $1 == design && $3 !~ /^weight-|^n$|^sumw$/' "$1" >expected
    if verdict=$(awk -f "$compare_awk" expected tidy); then
        echo "ok   errors of $design: $verdict"
        passed=$((passed + 1))
    else
        echo "FAIL errors of $design: $verdict"
        failed=$((failed + 1))
    fi
}

schools() { # DESIGN WEIGHTS MARGINS OPTIONS...
    design=$1 weights=got-$2.csv margins=$3
    shift 3
    : >tidy
    set -- --psu dnum --fpc fpc --weight w_cal --base-weight pw --calibrated "$margins" "$@"
    estimate "$weights" "$@" --mean api00 --total enroll --tally awards --ratio api.stu/enroll \
        --proportion stype
    estimate "$weights" "$@" --by awards --mean api00 --total enroll
    judge "$oracle/calibration/expected.csv"
}
schools poststrat poststrat stype.csv
schools linear_stype linear_stype stype.csv
schools rake rake rake.csv
schools rake-deville-sarndal rake rake.csv
schools linear linear greg.csv
schools raking raking greg.csv
schools logit logit greg.csv
schools linear_bounded linear_bounded greg.csv
schools ratio ratio ratio.csv --calibrated-scale api99

# Jackknife weights, each post-stratified.
design=clus1-jk1-wr-poststrat
: >tidy
marsad replicate --type jk1 --psu dnum --weight pw "$oracle/calibration/apiclus1_cal.csv" |
    marsad calibrate --weight pw --margins stype.csv --replicates 'bw*' >jackknife.csv ||
    failed=$((failed + 1))
estimate jackknife.csv --psu dnum --weight w_cal --replicates 'bw*' --replicate-type jk1 \
    --mean api00 --total enroll --ratio api.stu/enroll
judge "$oracle/replicates/expected.csv"

# The same in one run.
: >tidy
estimate got-poststrat.csv --psu dnum --weight w_cal --base-weight pw --calibrated stype.csv \
    --replicate-type jk1 --mean api00 --total enroll --ratio api.stu/enroll
judge "$oracle/replicates/expected.csv"

survey() { # DESIGN OPTIONS OF calibrate...
    design=$1
    shift
    : >tidy
    marsad derive 'female = sex == "F"' <persons.csv |
        marsad calibrate --weight w --margins cells.csv "$@" >weights.csv || failed=$((failed + 1))
    set -- --strata stratum,year --psu psu --nest --weight w_cal --base-weight w --calibrated cells.csv
    [ "$design" = enmi-poststrat ] || set -- "$@" --calibrated sex.csv
    estimate weights.csv "$@" --by year --count --tally status --mean female
    estimate weights.csv "$@" --by nat,year --count --mean female \
        --where 'nat in ("CIV", "SEN", "FRA", "ESP", "SYR", "MAR")'
    judge "$oracle/enmi/expected_calibrated.csv"
}
survey enmi-poststrat
survey enmi-rake-deville-sarndal --margins sex.csv --method raking
echo "tests/oracle/calibration: $passed passed, $failed failed"
[ $failed = 0 ]
