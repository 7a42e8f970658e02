# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns that are hard to add, made from a seed, and what fractions say of them.

A seed picks one of the kinds below by its remainder. Every figure must be the same text: sums every
digit, means the shortest text of the double nearest to the exact quotient (Python's own rounding of
a Fraction), quantiles by the rule of `aggregate --help`, worked out here anew.
"""
import os
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

HALF = Fraction(1, 2)


def digits(r, most=18):
    """A number of up to 18 digits and any scale, in one of the ways to write it."""
    mantissa = r.randrange(10 ** r.randint(0, most))
    scale = r.randint(0, 18)
    sign = r.choice(["", "", "-", "+"])
    if r.random() < 0.1:
        return f"{sign}{r.randrange(1000)}e{r.randint(-9, 9)}"
    text = str(mantissa).rjust(scale + 1, "0")
    if scale == 0:
        return sign + text
    return f"{sign}{text[:-scale]}.{text[-scale:]}"


def mixed(r):
    """Any number, any weight; a cell in ten is missing."""
    return [("" if r.random() < 0.1 else digits(r), "" if r.random() < 0.1 else digits(r))
            for _ in range(900)]


def cancelling(r):
    """All goes out but a last digit: doubles would be left with their errors."""
    rows = []
    for _ in range(500):
        x = digits(r)
        other = x[1:] if x[0] == "-" else "-" + x.lstrip("+")
        w = digits(r)
        rows += [(x, w), (other, w)]
    rows += [("0.000000000000000001", "1"), ("-3e-18", "1")]
    r.shuffle(rows)
    return rows


def wide(r):
    """18 nines with weights of 18 nines: accumulators widen at once."""
    nines = ["999999999999999999", "-999999999999999999", "0.999999999999999999",
             "99999999999999999.9"]
    return [(r.choice(nines[:1] + nines), r.choice(nines)) for _ in range(1500)]


def tied(r):
    """Means that lie in the middle between two doubles, and one digit beside it."""
    rows = []
    for _ in range(300):
        base = 2 ** 53 + 2 * r.randrange(2 ** 50)
        rows += [(str(base), "1"), (str(base + r.choice([1, 2, 3])), "1")]
    return rows


def large(r):
    """All of one sign: the sums grow over 64 and 128 bits."""
    return [(str(10 ** 18 - 1 - r.randrange(99)), str(10 ** 17 + r.randrange(10 ** 9)))
            for _ in range(2000)]


KINDS = [mixed, cancelling, wide, tied, large]


def make(seed):
    """Rows (group, x, w); neighbours share a group in half of the kinds, so that ties stay."""
    r = random.Random(seed)
    rows = KINDS[seed % len(KINDS)](r)
    pairs = KINDS[seed % len(KINDS)] is tied
    return [(f"g{i // 2}" if pairs else f"g{r.randrange(5)}", x, w)
            for i, (x, w) in enumerate(rows)]


def plain(value):
    """A fraction with a finite decimal, every digit, no exponent."""
    scale = 0
    while (value * 10 ** scale).denominator != 1:
        scale += 1
    text = str(abs(value * 10 ** scale).numerator).rjust(scale + 1, "0")
    text = text[:len(text) - scale] + ("." + text[-scale:] if scale else "")
    return ("-" if value < 0 else "") + text


def shortest(value):
    """The nearest double in the fewest digits, written as base/number.h says."""
    real = float(value)
    if real == 0:
        return "0"
    sign, figures, exponent = Decimal(repr(real)).normalize().as_tuple()
    text, point = "".join(map(str, figures)), len(figures) + exponent
    if -7 <= point - 1 <= 17:
        return plain(Fraction(repr(real)))
    text = text[0] + ("." + text[1:] if len(text) > 1 else "")
    return "-" * sign + f"{text}e{'-' if point < 1 else '+'}{abs(point - 1):02}"


def short_or_exact(value):
    """Exact where 18 digits hold it, else a double."""
    finite = value.denominator
    for prime in (2, 5):
        while finite % prime == 0:
            finite //= prime
    if finite == 1:
        text = plain(value)
        figures = text.lstrip("-").replace(".", "").lstrip("0")
        if len(figures) <= 18 and len(text.partition(".")[2]) <= 18:
            return text
    return shortest(value)


def quantile(pairs, p):
    """The least value that reaches the share; the middle of it and the next where it just does."""
    pairs = sorted((x, w) for x, w in pairs if w > 0)
    total, reached = sum(w for _, w in pairs), 0
    for i, (x, w) in enumerate(pairs):
        reached += w
        if reached == p * total and i + 1 < len(pairs):
            return short_or_exact((x + pairs[i + 1][0]) * HALF)
        if reached >= p * total:
            return short_or_exact(x)
    return ""


def expected(rows):
    lines = ["group,n,s,ws,m,wm,low,high,q"]
    for group in sorted({g for g, _, _ in rows}):
        cells = [(x, w) for g, x, w in rows if g == group]
        xs = [Fraction(x) for x, _ in cells if x]
        both = [(Fraction(x), Fraction(w)) for x, w in cells if x and w]
        weight = sum(w for _, w in both)
        product = sum(x * w for x, w in both)
        lines.append(",".join([
            group, str(len(xs)), plain(sum(xs, Fraction(0))), plain(product), shortest(sum(xs) / len(xs)),
            shortest(product / weight) if weight else "", plain(min(xs)), plain(max(xs)),
            quantile([(x, Fraction(1)) for x in xs], HALF)]))
    return "\n".join(lines) + "\n"


AGGREGATE = ("aggregate --by group --count n=x --sum s=x --sum ws=x@w --mean m=x --mean wm=x@w "
             "--min low=x --max high=x --quantile q=x:0.5").split()
DERIVE = ["derive", "a=x+w", "b=x-w", "c=x*w", "d=if(w == 0, missing, x/w)"]


def computed(rows):
    """What derive makes of each row; a missing operand gives nothing."""
    lines = ["group,x,w,a,b,c,d"]
    for group, x, w in rows:
        values = [""] * 4
        if x and w:
            a, b = Fraction(x), Fraction(w)
            values = [short_or_exact(v) for v in (a + b, a - b, a * b)]
            values.append(short_or_exact(a / b) if b else "")
        lines.append(",".join([group, x, w] + values))
    return "\n".join(lines) + "\n"


def run(stage, rows, threads, block):
    table = "group,x,w\n" + "".join(f"{g},{x},{w}\n" for g, x, w in rows)
    command = [os.environ["MARSAD"], *stage, "--threads", str(threads)]
    done = subprocess.run(command, input=table.encode(), capture_output=True,
                          env={**os.environ, "MARSAD_BLOCK": str(block)}, check=False)
    return done.stdout.decode() if done.returncode == 0 else done.stderr.decode()


def differences(got, wanted):
    pairs = zip(got.splitlines() + [""] * len(wanted), wanted.splitlines())
    return "\n".join(f"  {g}\n  {w} expected" for g, w in pairs if g != w)[:2000]


def main():
    passed = failed = 0
    for seed in map(int, sys.argv[1:]):
        rows = make(seed)
        for stage, wanted in ((AGGREGATE, expected(rows)), (DERIVE, computed(rows))):
            for threads in range(1, 5):
                got = run(stage, rows, threads, 1000 if threads % 2 else 7000)
                if got == wanted:
                    passed += 1
                    continue
                failed += 1
                kind = KINDS[seed % len(KINDS)].__name__
                print(f"FAILED: {stage[0]}, seed {seed} ({kind}), {threads} threads")
                print(differences(got, wanted))
    print(f"tests/exact: {passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
