#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Compares `marsad test`, `regress` and `compare` with numbers of R survey 4.5 and of ReGenesees.
#
#   tests/oracle/inference.sh [-v] [CASE...]
#
# Data and numbers are in $MARSAD_SHARED/oracle (default ../shared) or, where they are ours, in
# tests/oracle/data. Not compared: the design enmi-union, which compare refuses (tests/oracle/estimate.sh has
# it by --contrast). A case without its folder is skipped, and says so. Status 1 when a case failed.
# shellcheck disable=SC2086 # options of a design are several words
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 70
. "$here/common"

# Runs a stage; its rows, without the header, to $work/out.
run() { # STAGE FILE OPTION...
    stage=$1 data=$2
    shift 2
    marsad "$stage" "$@" <"$data" 2>"$work/err" | sed 1d >"$work/out"
    [ ! -s "$work/err" ] || echo "    marsad $stage $*: $(head -1 "$work/err")"
}

# Rows of `test` as rows of the oracle; groups: how many group columns there are.
chi() { # DESIGN DOMAIN GROUPS FILE OPTION...
    design=$1 domain=$2 groups=$3
    shift 3
    run test "$@"
    awk -v design="$design" -v domain="$domain" -v g="$groups" 'BEGIN {
            FS = OFS = ","
            name["F"] = "F"; name["chisq"] = "Chisq"; name["wald"] = "Wald"
            name["adjusted-wald"] = "adjWald"; name["saddlepoint"] = "saddlepoint"
        }
        { print design, domain (g ? $1 : ""), "svychisq", $(g + 1) "*" $(g + 2), name[$(g + 4)], $(g + 5),
            $(g + 6), $(g + 7), $(g + 8) }' "$work/out" >>"$work/actual"
}

# Rows of `regress` as rows of the oracle; rename: awk gsub pairs FROM@TO|... of terms.
coefficients() { # LABEL RENAME FILE OPTION...
    label=$1 rename=$2
    shift 2
    run regress "$@"
    awk -v label="$label" -v rename="$rename" 'BEGIN {
            FS = OFS = ","
            n = split(rename, pair, "|")
            for (i = 1; i <= n; i++) { split(pair[i], side, "@"); called[side[1]] = side[2] }
        }
        { print label, ($3 in called) ? called[$3] : $3, $4, $5, $8, $10, $6, $7, $9 }' \
        "$work/out" >>"$work/actual"
}

nhanes='--strata SDMVSTRA --psu SDMVPSU --nest --weight WTMEC2YR'
enmi='--strata stratum,year --psu psu --nest --weight w'

case_nhanes_tests() {
    data=$folder/nhanes.csv
    for rows in RIAGENDR race agecat; do
        chi nhanes 'HI_CHOL known' 0 "$data" $nhanes --rows $rows --columns HI_CHOL
    done
    chi nhanes _all 0 "$data" $nhanes --rows race --columns agecat
    expected=$folder/expected_tests.csv keys=5 tolerance='1e-9 1e-8 1e-8 1e-6'
}

case_enmi_tests() {
    enmi_data
    chi enmi 'status=C;year=' 1 "$work/enmi.csv" $enmi --by year --where 'status == "C"' \
        --rows reason --columns sex
    chi enmi 'year=' 1 "$work/enmi.csv" $enmi --by year --rows htype --columns sex
    expected=$folder/expected_tests.csv keys=5 tolerance='1e-9 1e-8 1e-8 1e-6'
}

case_nhanes_coef() {
    data=$folder/nhanes.csv
    for model in logit linear; do
        coefficients "$model:HI_CHOL~male+a2+a3+a4" \
            'RIAGENDR == 1@male|agecat=2@a2|agecat=3@a3|agecat=4@a4' "$data" $nhanes \
            --model $model --response HI_CHOL --terms 'RIAGENDR == 1,factor(agecat)'
    done
    expected=$folder/expected_coef.csv keys=2 tolerance='1e-7 1e-7 1e-7 1e-6 1e-7 1e-7 1e-9'
}

case_enmi_coef() {
    enmi_data
    coefficients 'logit:emp | status=N; 15<=age<65; complete cases' \
        'age - 40@age-40|(age-40)*(age-40)@(age-40)^2' "$work/enmi.csv" $enmi \
        --model logit --response emp --terms 'female,age - 40,(age-40)*(age-40),educ' \
        --where 'status == "N" and age >= 15 and age < 65'
    # The name of the model holds commas.
    sed 's/^logit:emp | status=N, 15<=age<65, /logit:emp | status=N; 15<=age<65; /' \
        "$folder/expected_coef.csv" >"$work/expected.csv"
    expected=$work/expected.csv keys=2 tolerance='1e-7 1e-7 1e-7 1e-6 1e-7 1e-7 1e-9'
}

# By replicate weights; the jackknife is made in the run too, from the same areas.
replicate_designs() { # FUNCTION
    data=$here/data/replicate-weights
    set -- "$1" "$data/sample.csv" --weight w
    "$1" jkn "$@" --replicates 'j*' --replicate-type jkn --scales "$data/scales.csv"
    "$1" jkn-mse "$@" --strata stratum --psu psu --replicate-type jkn --mse
    "$1" fay "$@" --replicates 'f*' --replicate-type fay --rho .3
    "$1" boot "$@" --replicates 's0*,s1*,s20'
}

replicate_test() { # DESIGN ...
    name=$1
    shift 2
    chi "$name" '' 0 "$@" --rows g --columns h
}

case_replicate_tests() {
    replicate_designs replicate_test
    expected=$folder/expected_tests.csv keys=5 tolerance='1e-9 1e-8 1e-8 1e-6'
}

replicate_model() { # DESIGN ...
    name=$1
    shift 2
    coefficients "$name-linear" '' "$@" --response w --terms x,y
    coefficients "$name-logit" '' "$@" --response 'h == "u"' --terms x --model logit
    coefficients "$name-poisson" '' "$@" --response y --terms x --model poisson
}

case_replicate_coef() {
    replicate_designs replicate_model
    expected=$folder/expected_coef.csv keys=2 tolerance='1e-7 1e-7 1e-7 1e-6 1e-7 1e-7 1e-9'
}

# Rows of `compare` as rows of the oracle.
changes() { # DESIGN PREFIX GROUPS FILE OPTION...
    design=$1 prefix=$2 groups=$3
    shift 3
    run compare "$@"
    awk -v design="$design" -v prefix="$prefix" -v g="$groups" 'BEGIN { FS = OFS = "," }
        {
            domain = g ? prefix $1 : prefix
            kind = $(g + 3); what = $(g + 4)
            if (kind == "count") { kind = "total"; what = "one" }
            relative = $(g + 5) == "relative" ? "rel" : ""
            print design, domain, relative "change:" kind, what, "t", $(g + 8), $(g + 9), $(g + 10),
                $(g + 11), "", $(g + 14)
            if (relative == "") print design, domain, "corr:" kind, what, "-", $(g + 12)
        }' "$work/out" >>"$work/actual"
}

# All changes of the oracle by one way of taking the design.
all_changes() { # DESIGN OPTION...
    name=$1
    shift
    set -- "$work/enmi.csv" --wave year --strata stratum --psu psu --weight w "$@"
    changes "$name" _all 0 "$@" --count --mean age --mean emp
    changes "$name" status=C 0 "$@" --where 'status == "C"' --count --mean remit
    changes "$name" nat= 1 "$@" --by nat --count --mean female --mean emp \
        --where 'nat in ("CIV", "SEN", "GIN", "FRA", "SYR", "MAR")'
}

case_enmi_change() {
    enmi_data
    all_changes enmi-rot --rotation rot
    all_changes enmi-indep --independent
    all_changes enmi-rotcov --rotation rot --variance-by strata
    expected=$folder/expected_change.csv keys=5 tolerance='1e-9 1e-9 1e-8 1e-8 - 1e-9'
    skip='enmi-union'
}

# Groups made from the waves of each unit are those of the rotation.
case_enmi_change_derived() {
    enmi_data
    all_changes enmi-rot
    all_changes enmi-rotcov --variance-by strata
    expected=$folder/expected_change.csv keys=5 tolerance='1e-9 1e-9 1e-8 1e-8 - 1e-9'
    skip='enmi-union|enmi-indep'
}

# Berger and Priam's estimator, another one: standard errors within 1 %.
case_enmi_change_bp() {
    enmi_data
    all_changes enmi-bergerpriam --rotation rot
    sed 's/,svyDelta,/,t,/' "$folder/expected_change_bp.csv" >"$work/expected.csv"
    expected=$work/expected.csv keys=5 tolerance='1e-9 0.01'
}

# Poisson, a mean, products of terms, an exposure, by R survey on the same data; numbers in tests/oracle/data.
case_enmi_poisson() {
    enmi_data
    coefficients poisson '' "$work/enmi.csv" $enmi --model poisson --response emp \
        --terms 'female,age,factor(milieu)' --where 'year == 2018 and status == "N" and age >= 15'
    coefficients linear '' "$work/enmi.csv" $enmi --response age --where 'year == 2026' --df inf
    coefficients interaction '' "$work/enmi.csv" $enmi --model logit --response emp \
        --terms 'female,factor(milieu),female:factor(milieu),female:age' \
        --where 'year == 2018 and status == "N" and age >= 15'
    coefficients exposure '' "$work/enmi.csv" $enmi --model poisson --response emp --exposure age \
        --terms female --where 'year == 2018 and status == "N" and age >= 15'
    expected=$here/data/regress.csv keys=2 tolerance='1e-7 1e-7 1e-7 1e-6 1e-7 1e-7 1e-9'
}

begin_case() {
    expected='' keys=5 tolerance='' skip=''
}

judge() {
    awk -v keys="$keys" -v tolerance="$tolerance" -v skip="$skip" -f "$here/columns.awk" \
        "$expected" "$work/actual"
}

cases=${*:-nhanes-tests nhanes-coef enmi-tests enmi-coef enmi-poisson replicate-tests
    replicate-coef enmi-change enmi-change-derived enmi-change-bp}
# shellcheck disable=SC2086
run_cases $cases
