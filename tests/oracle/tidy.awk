# SPDX-License-Identifier: GPL-3.0-or-later
# Rows of `marsad estimate` as rows of the oracle:
#   design,domain,statistic,variable,method,estimate,se,ci_low,ci_high,deff,df
# -v design=NAME -v prefix='status=C;' -v interval=t|logit|... -v rule=mean:math -v label=WANT@CALLED
# label: variables to be called otherwise, as emp=1@emp, separated by |; -v extra=1: rows n and sumw.
BEGIN {
    FS = OFS = ","
    count = split(label, pair, "|")
    for (i = 1; i <= count; i++) { split(pair[i], side, "@"); called[side[1]] = side[2] }
    if (interval == "") interval = "t"
    if (rule == "") rule = "mean:school"
}
FNR == 1 {
    for (i = 1; i <= NF; i++) { at[$i] = i; name[i] = $i }
    groups = at["statistic"] - 1
    next
}
{
    domain = prefix
    for (i = 1; i <= groups; i++)
        if ($i != "_T") domain = domain name[i] "=" $i ";"
    sub(/;$/, "", domain)
    if (domain == "") domain = "_all"
    kind = $(at["statistic"]); what = $(at["variable"]); method = "t"
    if (kind == "tally") kind = "total"
    if (kind == "proportion") {
        kind = interval == "t" ? "prop" : "propci"
        if (interval != "t") method = interval
        if (kind == "propci" && (what in called)) what = called[what]
        if (interval == "mean") method = "mean"
    }
    if (kind == "quantile") method = rule
    if (kind == "count") {
        if (extra) {
            print design, domain, "n", "_", "unweighted", $(at["n"]), "", "", "", "", $(at["df"])
            print design, domain, "sumw", "_", "weighted", $(at["value"]), "", "", "", "", ""
        }
        kind = "total"; what = "one"
    }
    print design, domain, kind, what, method, $(at["value"]), $(at["se"]), $(at["ci_low"]),
        $(at["ci_high"]), $(at["deff"]), $(at["df"])
}
