# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks one code list, its aliases and (if given) spellings with the code expected of them.
# Use: awk -f check-reference.awk LIST.csv LIST-alias.csv SEEN.csv, in the C locale: text is bytes.
# fold() is the folding of the stage harmonise, written a second time on purpose.

function fail(text) { print FILENAME ":" FNR ": " text; bad = 1 }

# Fields of one record that lies on one line; returns their number.
function cells(line, cell,    n, rest, value) {
    for (n = 0; ; ) {
        if (substr(line, 1, 1) == "\"") {
            value = ""; rest = substr(line, 2)
            while (match(rest, /"/)) {
                value = value substr(rest, 1, RSTART - 1)
                rest = substr(rest, RSTART + 1)
                if (substr(rest, 1, 1) != "\"") break
                value = value "\""; rest = substr(rest, 2)
            }
        } else if (match(line, /,/)) {
            value = substr(line, 1, RSTART - 1); rest = substr(line, RSTART)
        } else {
            value = line; rest = ""
        }
        cell[++n] = value
        if (rest == "") return n
        line = substr(rest, 2)
    }
}

function latin(s) {
    gsub(/à|á|â|ã|ä|å|À|Á|Â|Ã|Ä|Å|ā/, "a", s); gsub(/è|é|ê|ë|È|É|Ê|Ë/, "e", s)
    gsub(/ì|í|î|ï|Ì|Í|Î|Ï|ı/, "i", s); gsub(/ò|ó|ô|õ|ö|ø|Ò|Ó|Ô|Õ|Ö|Ø/, "o", s)
    gsub(/ù|ú|û|ü|Ù|Ú|Û|Ü/, "u", s); gsub(/ç|Ç/, "c", s); gsub(/ñ|Ñ/, "n", s)
    gsub(/ý|ÿ|Ý/, "y", s); gsub(/œ|Œ/, "oe", s); gsub(/æ|Æ/, "ae", s)
    gsub(/\314[\200-\277]|\315[\200-\257]/, "", s)
    return tolower(s)
}

function arabic(s) {
    gsub(/أ|إ|آ|ٱ/, "ا", s); gsub(/ة/, "ه", s); gsub(/ى|ئ/, "ي", s); gsub(/ؤ/, "و", s)
    gsub(/\331[\213-\222]|\331\260|ـ/, "", s)
    return s
}

function fold(s,    word, n, i, out) {
    s = arabic(latin(s))
    gsub(/\302\240|«|»|’|‘|“|”|–|—|‐|،|؛/, " ", s)
    gsub(/[^a-z0-9\200-\377]+/, " ", s)
    n = split(s, word, " "); out = ""
    for (i = 1; i <= n; i++) {
        if (i < n && out == "" && word[i] ~ /^(le|la|les|l|the)$/) continue
        if (word[i] ~ /^ال/ && length(word[i]) > 6) word[i] = substr(word[i], 5)
        out = out (out == "" ? "" : " ") word[i]
    }
    return out
}

function has(set, code) { return index(" " set " ", " " code " ") > 0 }
function joined(set, code) { return has(set, code) ? set : set (set == "" ? "" : " ") code }

function sorted(set,    item, n, i, j, t) {
    n = split(set, item, " ")
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && item[j] < item[j - 1]; j--) {
            t = item[j]; item[j] = item[j - 1]; item[j - 1] = t
        }
    set = ""
    for (i = 1; i <= n; i++) set = set (i > 1 ? " " : "") item[i]
    return set
}

FNR == 1 {
    file++
    width = cells($0, head)
    for (i = 1; i <= width; i++) at[file, head[i]] = i
    # A catalogue names its labels label_fr, label_ar, label_en and has no kinds.
    if (file == 1 && (file, "label_fr") in at) labels = "code label_fr label_ar label_en"
    else labels = "code fr ar en"
    split(labels, form, " ")
    must_have = file == 1 ? labels (labels ~ /label/ ? "" : " kind") : ""
    if (file == 2) must_have = "text code language kind note"
    split(must_have, must, " ")
    for (i in must) if (!((file, must[i]) in at)) fail("no column " must[i])
    next
}

{ if (cells($0, cell) != width) { fail("wrong number of columns"); next } }

file == 1 {
    code = cell[at[1, "code"]]
    if (code == "" || code in line) fail("code empty or twice: " code)
    line[code] = FNR
    for (i = 1; i <= 4; i++) {
        text = cell[at[1, form[i]]]
        if (text == "") { fail("no label: " code); continue }
        f = fold(text)
        exact[text] = code
        if (f in label && label[f] != code) fail("folds like " label[f] ": " code)
        if (f == "") fail("nothing left of a label when folded: " code)
        label[f] = code
    }
    if ((1, "subregion") in at) {
        inner[FNR] = cell[at[1, "region"]]; outer[FNR] = cell[at[1, "subregion"]]
    }
    next
}

file == 2 {
    text = cell[at[2, "text"]]; code = cell[at[2, "code"]]; f = fold(text)
    if (!(code in line)) fail("no such code: " code)
    if ((text, code) in pair) fail("row twice: " text "," code)
    pair[text, code]
    if (f == "") next   # a sign such as %: matched as it is written, never folded
    if (f in label && label[f] != code) fail("hidden by the label of " label[f] ": " text)
    aliases[text] = joined(aliases[text], code)
    folded[f] = joined(folded[f], code)
    home[text] = f
    next
}

# Spellings seen: the code, or all the codes that it may mean.
{
    text = cell[at[3, "spelling"]]; want = cell[at[3, "ambiguity"]]
    if (want == "") want = cell[at[3, "expected_code"]]
    gsub(/[|]/, " ", want)
    f = fold(text)
    got = text in exact ? exact[text] : f in label ? label[f] : text in aliases ? aliases[text] : folded[f]
    if (sorted(got) != sorted(want)) fail("is \"" got "\", not \"" want "\": " text)
}

END {
    FILENAME = ARGV[1]
    for (i in inner) {
        FNR = i
        if (inner[i] != "" && !(inner[i] in line)) fail("no such region")
        if (outer[i] != "" && !(outer[i] in line)) fail("no such subregion")
    }
    FILENAME = ARGV[2]
    for (text in aliases)
        if (sorted(aliases[text]) != sorted(folded[home[text]]))
            fail("other codes than its folded form: " text)
    exit bad
}
