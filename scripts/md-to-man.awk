# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes a manual page of the small part of Markdown that docs/ uses: headings, paragraphs, indented
# code, `code`, **strong** and lists with `- ` (continued by two spaces). The first heading must be
# `# name(section): title`.
#
# Use: awk -v version=0.1.0 -f scripts/md-to-man.awk docs/expressions.md

# Escapes what roff would take for its own: backslash, hyphen, and signs at the start of a line.
function plain(s) {
    gsub(/\\/, "\\\\[rs]", s)
    gsub(/-/, "\\-", s)
    gsub(/'/, "\\\\[aq]", s)
    gsub(/`/, "\\\\[ga]", s)
    gsub(/\^/, "\\\\[ha]", s)
    gsub(/~/, "\\\\[ti]", s)
    if (s ~ /^\./) s = "\\&" s
    return s
}

# Text with its marks: a run of code between backquotes (`` where the code holds one), or **strong**.
function marked(s,    out, at, run, mark) {
    out = ""
    while (match(s, /``|`|\*\*/)) {
        mark = substr(s, RSTART, RLENGTH)
        run = substr(s, RSTART + RLENGTH)
        at = index(run, mark)
        if (!at) break
        out = out plain(substr(s, 1, RSTART - 1)) "\\fB" plain(substr(run, 1, at - 1)) "\\fR"
        s = substr(run, at + length(mark))
    }
    return out plain(s)
}

# Prints the paragraph that was gathered.
function flush() {
    if (held != "") print marked(held)
    held = ""
}

function open(what) {
    flush()
    if (inside == "code" && what != "code") print ".fi\n.RE"
    if (what == "code" && inside != "code") print ".PP\n.RS 4\n.nf"
    inside = what
}

/^# / {
    title = substr($0, 3)
    name = title; sub(/\(.*/, "", name)
    section = title; sub(/^[^(]*\(/, "", section); sub(/\).*/, "", section)
    printf ".TH %s %s \"\" \"marsad %s\" \"marsad\"\n", plain(toupper(name)), section, version
    next
}
/^## / { open(""); print ".SH " plain(toupper(substr($0, 4))); fresh = 1; next }
/^###+ / { open(""); sub(/^#+ /, ""); print ".SS " plain($0); fresh = 1; next }
/^[ \t]*$/ {
    if (inside == "code") { blank++; next }
    flush()
    if (inside != "item") inside = ""
    next
}
/^    / && inside != "item" && held == "" {
    open("code")
    for (; blank > 0; blank--) print ""
    print plain(substr($0, 5))
    fresh = 0
    next
}
/^- / { blank = 0; open("item"); print ".IP \\(bu 2"; held = substr($0, 3); fresh = 0; next }
{
    blank = 0
    if (inside == "item" && /^  / && held != "") {
        sub(/^ +/, "")
    } else if (held == "") {
        open("text")
        if (!fresh) print ".PP"
        fresh = 0
    }
    held = held (held == "" ? "" : " ") $0
}
END { open("") }
