#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs `marsad estimate` on the cases of the oracle (numbers of R survey 4.5) and compares cell by cell.
#
#   tests/oracle/estimate.sh [-v] [CASE...]
#
# A case is a function below, and data and numbers in $MARSAD_SHARED/oracle/CASE (default ../shared) or,
# where they are ours, in tests/oracle/data/CASE. Without that folder a case is skipped, and says so.
# What is not compared is in `skip`, its reason beside it. Status 1 when a case failed.
set -u
# Options without spaces are kept in variables and split on purpose.
# shellcheck disable=SC2086
here=$(cd "$(dirname "$0")" && pwd) || exit 70
. "$here/common"

# Estimates, and adds the rows to $work/actual. Settings: design, prefix, interval, rule, label, extra.
est() { # FILE OPTION...
    data=$1
    shift
    marsad estimate "$@" <"$data" >"$work/out" 2>"$work/err" || {
        echo "    marsad estimate $*: $(head -1 "$work/err")"
        return 0
    }
    awk -v design="$design" -v prefix="$prefix" -v interval="$interval" -v rule="$rule" \
        -v label="$label" -v extra="$extra" -f "$here/tidy.awk" "$work/out" >>"$work/actual"
}

# A proportion by every interval.
intervals() { # "METHOD ..." FILE OPTION...
    methods=$1
    shift
    for interval in $methods; do
        if [ "$interval" = mean ]; then
            est "$@"
        else
            est "$@" --interval "$interval"
        fi
    done
    interval=t
}

# Quantiles by rules and intervals: for method names INTERVAL:RULE.
quantiles() { # "RULE ..." "INTERVAL ..." FILE OPTION...
    rules=$1 woodruff=$2
    shift 2
    for one in $rules; do
        for how in $woodruff; do
            rule=$how:$one
            est "$@" --quantile-rule "$one" --quantile-interval "$how"
        done
    done
    rule=
}

reset() {
    prefix='' interval=t rule='' label='' extra='' design=''
}

case_api_srs() {
    data=$folder/apisrs.csv
    for one in fpc wr; do
        reset
        design=srs-$one
        fpc='--fpc fpc'
        [ $one = fpc ] || fpc=
        set -- "$data" --weight pw $fpc
        extra=1
        est "$@" --count --mean api00 --mean enroll --proportion stype --total enroll --tally stype \
            --ratio api.stu/enroll --variance api00
        est "$@" --by stype --count --mean api00 --total enroll --ratio api.stu/enroll
        extra='' label='stype=E@stype=E'
        intervals 'logit asin beta mean xlogit wilson likelihood' "$@" --proportion stype
        quantiles math mean "$@" --quantile api00:.1 --quantile api00:.25 --quantile api00:.5 \
            --quantile api00:.75 --quantile api00:.9
    done
}

case_api_strat() {
    data=$folder/apistrat.csv
    for one in fpc wr; do
        reset
        design=strat-$one
        fpc='--fpc fpc'
        [ $one = fpc ] || fpc=
        set -- "$data" --strata stype --weight pw $fpc
        extra=1
        est "$@" --count --mean api00 --mean enroll --proportion awards --total enroll --tally awards \
            --tally stype --ratio api.stu/enroll --variance enroll
        est "$@" --by stype --count --mean api00 --mean enroll --total enroll --ratio api.stu/enroll
        est "$@" --by awards --count --mean api00 --mean enroll --total enroll
        extra=''
        intervals 'logit asin beta mean xlogit wilson likelihood' "$@" --proportion awards
        intervals 'logit beta wilson mean' "$@" --by awards --proportion sch.wide
        quantiles math mean "$@" --quantile enroll:.05 --quantile enroll:.25 --quantile enroll:.5 \
            --quantile enroll:.75 --quantile enroll:.95
    done
    marsad estimate --strata stype --weight pw --fpc fpc --by awards --mean api00 \
        --contrast awards=Yes-No <"$data" >"$work/out"
    awk -F, '$2 == "contrast:mean" {
        print "strat-fpc,_all,contrast,mean(api00):awards=Yes-No,t," $4 "," $5 "," $7 "," $8 ",," $10 }' \
        "$work/out" >>"$work/actual"
    marsad estimate --strata stype --weight pw --fpc fpc --by stype --total enroll \
        --contrast 'stype=E/(E+H+M)' <"$data" >"$work/out"
    awk -F, '$2 == "contrast:total" {
        print "strat-fpc,_all,contrast,share of enroll in stype=E,t," $4 "," $5 "," $7 "," $8 ",," $10 }' \
        "$work/out" >>"$work/actual"
}

case_api_clus1() {
    data=$folder/apiclus1.csv
    for one in fpc wr; do
        reset
        design=clus1-$one
        fpc='--fpc fpc'
        [ $one = fpc ] || fpc=
        set -- "$data" --psu dnum --weight pw $fpc
        extra=1
        est "$@" --count --mean api00 --mean enroll --proportion stype --total enroll --tally stype \
            --ratio api.stu/enroll --variance api00
        est "$@" --by stype --count --mean api00 --total enroll
        extra=''
        est "$@" --mean acs.k3 --total acs.k3
        intervals 'logit asin beta mean xlogit wilson likelihood' "$@" --proportion stype --proportion sch.wide
        intervals 'logit beta wilson mean' "$@" --by stype --proportion awards
        quantiles math 'mean beta xlogit asin' "$@" --quantile api00:.1 --quantile api00:.5 \
            --quantile api00:.9
    done
    # R reads this limit off a spline through few points, 2e-4 away; these are R's numbers (4.2.2, survey
    # 4.1.1) by confint(m, method="likelihood", del=.01, maxsteps=1500).
    cat "$here/data/likelihood.csv" >"$work/expected.csv"
    sed 1d "$expected" | grep -v ',stype=H,likelihood,' >>"$work/expected.csv"
    expected=$work/expected.csv
}

case_api_clus2() {
    # The weights of the two-stage design: N/n of both stages.
    awk 'BEGIN { FS = OFS = "," }
        FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; if (NR > 1) print $0, "w12"; next }
        NR == FNR { if (!(d[$(at["dnum"])]++)) n++; next }
        { printf "%s,%.15g\n", $0, ($(at["fpc1"]) / n) * ($(at["fpc2"]) / d[$(at["dnum"])]) }' \
        "$folder/apiclus2.csv" "$folder/apiclus2.csv" >"$work/clus2.csv"
    for one in fpc12 fpc1 wr; do
        reset
        design=clus2-$one
        case $one in
        fpc12) set -- --psu dnum,snum --weight w12 --fpc fpc1,fpc2 ;;
        fpc1) set -- --psu dnum --weight pw --fpc fpc1 ;;
        wr) set -- --psu dnum,snum --weight pw ;;
        esac
        set -- "$work/clus2.csv" "$@"
        extra=1
        est "$@" --count --mean api00 --proportion stype --mean enroll --total enroll
        # The oracle gives this ratio, whose records are not all complete, the whole design's df.
        est "$@" --ratio api.stu/enroll --df design
        est "$@" --by stype --count --mean api00 --total api.stu
        extra=''
        intervals 'logit beta wilson mean' "$@" --proportion stype
        quantiles math mean "$@" --quantile api00:.25 --quantile api00:.5 --quantile api00:.75
    done
}

case_quantiles() {
    reset
    design=strat-fpc
    all='math school hf4 hf5 hf6 hf7 hf8 hf9'
    set -- "$folder/apistrat_q.csv" --strata stype --weight pw --fpc fpc
    quantiles "$all" mean "$@" --quantile meals:.01 --quantile meals:.1 --quantile meals:.25 \
        --quantile meals:.5 --quantile meals:.75 --quantile meals:.9 --quantile meals:.99
    quantiles math 'beta xlogit asin' "$@" --quantile meals:.1 --quantile meals:.25 \
        --quantile meals:.5 --quantile meals:.75 --quantile meals:.9
    quantiles 'math school hf7' 'mean xlogit' "$@" --by stype --quantile meals:.25 \
        --quantile meals:.5 --quantile meals:.75
    design=tiny
    for one in $all; do
        rule=none:$one
        est "$folder/tiny.csv" --weight w --quantile-rule "$one" --quantile x:.2 --quantile x:.25 \
            --quantile x:.5 --quantile x:.6 --quantile x:.75 --quantile x:.8 --quantile x:1
    done
}

# Our own sample (data/quantile-rules/case.R): rules and intervals that the oracle does not have.
case_quantile_rules() {
    reset
    design=rules
    set -- "$folder/sample.csv" --strata stratum --psu psu --weight w
    for p in .25 .375 .5 .6; do set -- "$@" --quantile "x:$p"; done
    quantiles 'math hf5' score "$@"
    quantiles 'hf3 shahvaish' mean "$@" --quantile x:.9 --quantile k:.25 --quantile k:.375 \
        --quantile k:.5 --quantile k:.6 --quantile k:.9
}

case_pps_election() {
    for one in wr brewer; do
        reset
        design=pps-$one
        p='--probability p'
        [ $one = brewer ] || p=
        est "$folder/election_pps.csv" --weight wt $p --total Bush --total Kerry --total Nader \
            --mean Bush --mean Kerry --ratio Bush/votes --deff none
    done
}

# Our own sample (data/two-stages/case.R): unequal probabilities, and a fraction of the second stage.
case_two_stages() {
    for one in brewer brewer-two; do
        reset
        design=$one
        set -- "$folder/sample.csv" --strata stratum --weight w --probability p --deff none
        case $one in
        brewer) set -- "$@" --psu psu ;;
        brewer-two) set -- "$@" --psu psu,household --fpc f ;;
        esac
        est "$@" --mean x --total y --ratio y/x
        est "$@" --mean x --total y --ratio y/x --by g
    done
}

case_lonely_psu() {
    for domains in FALSE TRUE; do
        for how in remove certainty adjust average; do
            for one in wr fpc; do
                reset
                design="$one|lonely=$how|domain.lonely=$domains"
                set -- "$folder/lonely.csv" --strata stratum --psu psu --weight w --lonely $how
                [ $domains = FALSE ] || set -- "$@" --lonely-domains
                [ $one = wr ] || set -- "$@" --fpc npsu
                est "$@" --mean x --total x --total y
                est "$@" --by g --mean x --total y
            done
        done
    done
}

case_tests_nhanes() {
    reset
    design=nhanes
    set -- "$folder/nhanes.csv" --strata SDMVSTRA --psu SDMVPSU --nest --weight WTMEC2YR
    extra=1
    est "$@" --count
    extra=''
    est "$@" --mean HI_CHOL --total HI_CHOL
    label='HI_CHOL=1@HI_CHOL'
    intervals 'logit asin beta mean xlogit wilson likelihood' "$@" --proportion HI_CHOL
    est "$@" --where 'not is_missing(HI_CHOL)' --by agecat --mean HI_CHOL
    intervals 'logit beta wilson xlogit' "$@" --where 'not is_missing(HI_CHOL)' --by agecat \
        --proportion HI_CHOL
    est "$@" --where 'not is_missing(HI_CHOL)' --by RIAGENDR,agecat --mean HI_CHOL
    marsad estimate --strata SDMVSTRA --psu SDMVPSU --nest --weight WTMEC2YR --by RIAGENDR \
        --mean HI_CHOL --contrast RIAGENDR=1-2 <"$folder/nhanes.csv" >"$work/out"
    awk -F, '$2 == "contrast:mean" {
        print "nhanes,_all,contrast,mean(HI_CHOL):RIAGENDR=1-2,t," $4 "," $5 "," $7 "," $8 ",," $10 }' \
        "$work/out" >>"$work/actual"
}

case_nchs_flags() {
    # Flags: A shown, U to be reviewed, Q withheld; interval and size from the rows without flags.
    nhanes=$shared/tests-nhanes/nhanes.csv
    [ -f "$nhanes" ] || return 0
    marsad estimate --strata SDMVSTRA --psu SDMVPSU --nest --weight WTMEC2YR \
        --where 'not is_missing(HI_CHOL)' --by race,agecat,RIAGENDR --proportion HI_CHOL \
        --flags nchs <"$nhanes" >"$work/flags"
    marsad estimate --strata SDMVSTRA --psu SDMVPSU --nest --weight WTMEC2YR \
        --where 'not is_missing(HI_CHOL)' --by race,agecat,RIAGENDR --proportion HI_CHOL \
        --interval beta <"$nhanes" >"$work/out"
    awk 'BEGIN { FS = OFS = ","; flag["A"] = "present"; flag["U"] = "review"; flag["Q"] = "suppress" }
        FILENAME ~ /flags$/ { flagged[$1, $2, $3, $5] = flag[$14]; next }
        $5 == "HI_CHOL=1" {
            print "nchs", "race=" $1 ";agecat=" $2 ";RIAGENDR=" $3, "prop", "HI_CHOL",
                flagged[$1, $2, $3, $5], $6, $7, $9, $10, "", $12 }' \
        "$work/flags" "$work/out" >>"$work/actual"
    # The oracle caps the effective size at n before the interval (NCHS), R's interval does not.
    awk 'BEGIN { FS = OFS = "," }
        NR == 1 { print "design,domain,statistic,variable,method,estimate,se,ci_low,ci_high,deff,df"; next }
        { print "nchs", $1, "prop", "HI_CHOL", $12, $4, $5, "NA", "NA", "NA", $3 }' \
        "$folder/expected_nchs.csv" >"$work/expected.csv"
    expected=$work/expected.csv
}

case_weighted_plain() {
    reset
    design=none
    for by in '' year nat; do
        for one in math school hf4 hf5 hf6 hf7 hf8 hf9; do
            set -- "$folder/persons.csv" --weight w --mean y --total y --variance y \
                --quantile-rule $one --deff kish
            for p in .01 .05 .1 .25 .5 .75 .9 .95 .99; do set -- "$@" --quantile y:$p; done
            marsad estimate "$@" ${by:+--by $by} >"$work/out" 2>"$work/err" || head -1 "$work/err"
            awk -v one=$one -v CONVFMT=%.15g 'BEGIN { FS = OFS = "," }
                FNR == 1 { g = $1 == "statistic" ? 0 : 1; name = $1; next }
                { dom = g ? name "=" $1 : "_all"; kind = $(g + 1); v = $(g + 3); n = $(g + 10)
                  if (kind == "quantile") print "none", dom, kind, $(g + 2), one, v, "", "", "", "", ""
                  if (kind == "mean") {
                      print "none", dom, "mean", "y", "w", v, "", "", "", "", ""
                      print "none", dom, "deffw", "y", "kish", $(g + 8), "", "", "", "", ""
                      print "none", dom, "neff", "y", "kish", n / $(g + 8) "", "", "", "", "", "" }
                  if (kind == "total") print "none", dom, "sum", "y", "w", v, "", "", "", "", ""
                  if (kind == "variance")
                      print "none", dom, kind, "y", "survey(n/(n-1))", v, "", "", "", "", "" }' \
                "$work/out" >>"$work/actual"
        done
        marsad estimate --weight w --count ${by:+--by $by} <"$folder/persons.csv" 2>/dev/null |
            awk 'BEGIN { FS = OFS = "," }
                FNR == 1 { g = $1 == "statistic" ? 0 : 1; name = $1; next }
                { print "none", (g ? name "=" $1 : "_all"), "sumw", "_", "all", $(g + 3), "", "", "", "", "" }' \
            >>"$work/actual"
        marsad estimate --weight w --proportion k ${by:+--by $by} <"$folder/persons.csv" 2>/dev/null |
            awk 'BEGIN { FS = OFS = "," }
                FNR == 1 { g = $1 == "statistic" ? 0 : 1; name = $1; next }
                { print "none", (g ? name "=" $1 : "_all"), "share", $(g + 2), "w", $(g + 3), "", "", "", "", "" }' \
            >>"$work/actual"
    done
    # min, max and counts of missing are those of `aggregate`; three of the variances have other factors.
    skip=',(n|missing|min|max),|,sumw,y,|,variance,y,(population|frequency|reliability)'
}

case_enmi() {
    enmi_data
    reset
    design=enmi extra=1
    set -- "$work/enmi.csv" --strata stratum,year --psu psu --nest --weight w
    some='nat in ("MAR", "CIV", "SEN", "FRA", "ESP", "SYR")'
    est "$@" --by year --count --tally status --mean age --mean female
    est "$@" --by nat,year --count --mean female --mean age --mean emp --mean educ
    est "$@" --by dest,year --where 'status == "C"' --count --mean female --mean remit --total remit
    sed 's/^enmi,dest/enmi,status=C;dest/' "$work/actual" >"$work/moved" && mv "$work/moved" "$work/actual"
    extra=''
    quantiles math mean "$@" --by nat,year --where "$some" --quantile age:.25 --quantile age:.5 \
        --quantile age:.75
    label='emp=1@emp=1'
    intervals 'logit beta wilson xlogit mean' "$@" --by nat,year --where "$some" --proportion emp
    label='' prefix='status=C;'
    quantiles math mean "$@" --by dest,year --where 'status == "C"' --quantile remit:.5 \
        --quantile remit:.9
    quantiles math mean "$@" --by year --where 'status == "C"' --quantile remit:.1 \
        --quantile remit:.25 --quantile remit:.5 --quantile remit:.75 --quantile remit:.9
    est "$@" --by year --where 'status == "C"' --proportion reason
    awk '{ print $0 ",one" } NR == 1 { next }' "$work/enmi.csv" |
        awk 'BEGIN { FS = OFS = "," } FNR > 1 { $NF = 1 } { print }' >"$work/one.csv"
    shift
    est "$work/one.csv" "$@" --by year --where 'status == "C"' --ratio remit/one
}

case_enmi_publish() {
    enmi_data
    # Classes of the publication table: a shown, e with care, x withheld.
    marsad estimate --strata stratum,year --psu psu --nest --weight w --by nat,year --count \
        --flags cv <"$work/enmi.csv" 2>/dev/null >"$work/flags"
    marsad estimate --strata stratum,year --psu psu --nest --weight w --by nat,year --count \
        <"$work/enmi.csv" 2>/dev/null >"$work/out"
    awk 'BEGIN { FS = OFS = ","; class["A"] = "a"; class["U"] = "e"; class["Q"] = "x" }
        FILENAME ~ /flags$/ { flagged[$1, $2] = class[$13]; next }
        FNR > 1 { print "publish", $1, $2, $12, flagged[$1, $2], $5, $6, $7, "", "", "" }' \
        "$work/flags" "$work/out" >>"$work/actual"
    awk 'BEGIN { FS = OFS = "," }
        NR == 1 { print "design,domain,statistic,variable,method,estimate,se,ci_low,ci_high,deff,df"; next }
        { print "publish", $1, $2, $3, $7, $4, $5, $6, "NA", "NA", "NA" }' \
        "$folder/expected_publish.csv" >"$work/expected.csv"
    expected=$work/expected.csv
}

case_replicates() {
    for mse in '' -mse; do
        reset
        opt=${mse:+--mse}
        design=scd-brr$mse
        est "$folder/scd_brr.csv" --weight w --replicates 'rep*' --replicate-factors \
            --replicate-type brr $opt --total arrests --total alive --ratio alive/arrests
        for one in fpc wr; do
            design=clus1-jk1-$one$mse
            set -- "$shared/api-clus1/apiclus1.csv" --psu dnum --weight pw --replicate-type jk1 $opt
            [ $one = wr ] || set -- "$@" --fpc fpc
            est "$@" --mean api00 --proportion stype --total enroll --ratio api.stu/enroll
            est "$@" --by stype --mean api00 --total enroll
            quantiles math mean "$@" --quantile api00:.25 --quantile api00:.5 --quantile api00:.75
        done
        design=strat-jkn-wr$mse
        est "$shared/api-strat/apistrat.csv" --strata stype --weight pw --replicate-type jkn $opt \
            --mean api00 --total enroll --ratio api.stu/enroll
        design=clus1-boot60$mse
        set -- "$folder/apiclus1_boot.csv" --psu dnum --weight pw --replicates 'bw*' $opt
        est "$@" --mean api00 --proportion stype --total enroll --ratio api.stu/enroll
        est "$@" --by awards --mean api00 --total enroll
        quantiles math mean "$@" --quantile api00:.25 --quantile api00:.5 --quantile api00:.75
        rule=quantile:math
        est "$@" --quantile-rule math --quantile-interval replicate --quantile api00:.25 \
            --quantile api00:.5 --quantile api00:.75
    done
    reset
    design=scd-fay0.3
    est "$folder/scd_fay.csv" --weight w --replicates 'rep*' --replicate-factors \
        --replicate-type fay --rho 0.3 --total arrests --total alive --ratio alive/arrests
    skip=',scale,|poststrat|,quantile:math'
    # R misses cut points that are exact in decimals (weights that are multiples of one number), as its own
    # rule `math` does; these are the numbers of the same R formula with a tolerance of 1e-12 of the weight.
    cat "$here/data/replicates-quantile.csv" >"$work/expected.csv"
    sed 1d "$expected" | grep -v ',quantile:math,' >>"$work/expected.csv"
    expected=$work/expected.csv skip=',scale,|poststrat'
}

# Our own sample (data/replicate-weights/case.R): degrees of freedom, scales by a file, variances.
case_replicate_weights() {
    for one in jkn-made jkn-mse jkn-scales other-scales brr-factors fay-weights boot-weights; do
        reset
        design=$one
        set -- "$folder/sample.csv" --weight w --mean x --variance x --ratio x/w --total y --deff none
        case $one in
        jkn-made) set -- "$@" --strata stratum --psu psu --replicate-type jkn ;;
        jkn-mse) set -- "$@" --strata stratum --psu psu --replicate-type jkn --mse ;;
        jkn-scales) set -- "$@" --replicates 'j*' --replicate-type jkn --scales "$folder/scales.csv" ;;
        other-scales) set -- "$@" --replicates 'j*' --scales "$folder/other.csv" ;;
        brr-factors) set -- "$@" --replicates 'b*' --replicate-factors --replicate-type brr ;;
        fay-weights) set -- "$@" --replicates 'f*' --replicate-type fay --rho 0.3 ;;
        boot-weights) set -- "$@" --replicates 's0*,s1*,s20' ;;
        esac
        est "$@"
        est "$@" --by g
    done
    rule=t
    est "$folder/sample.csv" --weight w --replicates 's0*,s1*,s20' --by h --contrast h=u-v --df design \
        --quantile-rule math --quantile x:.5
}

case_enmi_boot() {
    enmi_data
    gzip -dc "$folder/psu_boot100.csv.gz" >"$work/boot.csv"
    marsad join --on psu "$work/boot.csv" <"$work/enmi.csv" >"$work/both.csv" 2>"$work/err" ||
        cat "$work/err"
    for mse in '' -mse; do
        reset
        design=enmi-boot100$mse
        set -- "$work/both.csv" --strata stratum,year --psu psu --nest --weight w --df design \
            --replicates 'b*' --replicate-factors ${mse:+--mse}
        est "$@" --by year --count --total female --contrast year=2026-2018
        est "$@" --by nat,year --where 'nat in ("CIV", "SEN", "FRA", "MAR")' --count --mean female \
            --contrast year=2026-2018
    done
    sed 's/,nat=\(...\);year=2026-2018,contrast:count,_Z/,nat=\1,change:total,one/
        s/,year=2026-2018,contrast:count,_Z/,_all,change:total,one/' "$work/actual" >"$work/moved"
    mv "$work/moved" "$work/actual"
    expected=$folder/expected_boot.csv
}

# Both waves as one sample of areas: what nobody should do (`compare` refuses), but `--contrast` can.
case_enmi_union() {
    enmi_data
    reset
    design=enmi-union
    set -- "$work/enmi.csv" --strata stratum --psu psu --weight w --df design \
        --contrast year=2026-2018 --contrast 'year=(2026-2018)/2018'
    est "$@" --by year --count --mean age --mean emp
    prefix='status=C;'
    est "$@" --by year --where 'status == "C"' --count --mean remit
    prefix=''
    est "$@" --by nat,year --where 'nat in ("CIV", "SEN", "GIN", "FRA", "SYR", "MAR")' --count \
        --mean female --mean emp
    sed -n 's/contrast:count,_Z/contrast:total,one/
        s/;*year=2026-2018,contrast:/,change:/p
        s/;*year=(2026-2018)\/2018,contrast:/,relchange:/p' "$work/actual" |
        sed 's/^enmi-union,,/enmi-union,_all,/' >"$work/moved"
    mv "$work/moved" "$work/actual"
    awk -F, 'NR == 1 || $1 == "enmi-union"' "$folder/expected_change.csv" >"$work/expected.csv"
    expected=$work/expected.csv skip=',corr:'
}

# ---- the run ----

begin_case() {
    expected=$folder/expected.csv skip=''
}

judge() {
    { echo key && cat "$work/actual"; } | sed 1d >"$work/rows"
    awk -v skip="$skip" -f "$here/compare.awk" "$expected" "$work/rows"
}

cases=${*:-api-srs api-strat api-clus1 api-clus2 quantiles quantile-rules pps-election
    two-stages lonely-psu tests-nhanes
    nchs-flags weighted-plain enmi enmi-publish replicates replicate-weights enmi-boot enmi-union}
# shellcheck disable=SC2086
run_cases $cases
