# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard errors and design effects of `estimate` against fractions: the formulas of the manual, with
no rounding before the root.

Each seed makes a stratified sample of clusters with a few columns that are hard: years, which hardly
vary about their mean, numbers that are nearly the same, numbers of many digits, missing values.

Use: survey.py SEED...      (MARSAD: the program)
"""

import csv
import decimal
import io
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

MARSAD = os.environ["MARSAD"]
# Largest relative error of a standard error: some units of the 53rd bit, 1.1e-16.  Of `same` the
# values differ by 1e-9 of themselves; of `wide` sums may have more than 64 bits, so that the terms of
# a ratio are rounded to 64 bits before they cancel.  Of what has two squares, 4 times.
BOUND = {"income": 1e-15, "year": 1e-15, "same": 1e-15, "wide": 4e-15, "income/year": 1e-15,
         "income/age": 1e-15, "": 1e-15, "sex=F": 1e-15, "sex=M": 1e-15}
COLUMNS = ["stratum", "psu", "weight", "domain", "sex", "age", "income", "year", "same", "wide"]


def sample(rng):
    rows = []
    for stratum in range(rng.randint(2, 9)):
        for psu in range(rng.randint(2, 12)):
            for _ in range(rng.randint(1, 9)):
                income = "" if rng.random() < 0.1 else f"{rng.uniform(10, 9000):.2f}"
                rows.append([stratum, psu, f"{rng.uniform(0.1, 2000):.{rng.randint(0, 4)}f}",
                             rng.choice("abcd"), rng.choice("FM"), rng.randint(0, 99), income,
                             rng.randint(1950, 1953), 10**9 + rng.randint(-1, 1),
                             f"{rng.uniform(1, 9) * 10**11:.4f}"])
    return [dict(zip(COLUMNS, map(str, row))) for row in rows]


def number(column):
    return lambda row: None if row[column] == "" else Fraction(row[column])


def statistics():
    """Name and variable as marsad has them, what is added up, what it is divided by."""
    def one(row):
        return Fraction(1)

    def level(value):
        return lambda row: Fraction(row["sex"] == value)
    yield "count", "", one, None
    for x in "income", "year", "same", "wide":
        yield "total", x, number(x), None
        yield "mean", x, number(x), one
    yield "ratio", "income/year", number("income"), number("year")
    yield "ratio", "income/age", number("income"), number("age")
    for value in "FM":
        yield "proportion", "sex=" + value, level(value), one


def variances(rows):
    for x in "income", "year", "same":
        yield "variance", x, about_mean(rows, x), lambda row: Fraction(1)


def complete(rows, above, below):
    """Of the rows that have both values: the row, its weight, what is added up and divided by."""
    for row in rows:
        y, x = above(row), below(row) if below else Fraction(0)
        if y is not None and x is not None:
            yield row, Fraction(row["weight"]), y, x


def variance(rows, psus, above, below):
    """Sarndal, Swensson & Wretman 1992, section 5.5, with replacement."""
    part = list(complete(rows, above, below))
    base = sum(w * x for _, w, _, x in part) if below else Fraction(1)
    if not base:
        return None
    ratio = sum(w * y for _, w, y, _ in part) / base if below else 0
    z = dict.fromkeys(psus, Fraction(0))
    for row, w, y, x in part:
        z[row["stratum"], row["psu"]] += w * (y - ratio * x) / base
    total = Fraction(0)
    for stratum in {s for s, _ in psus}:
        own = [z[key] for key in psus if key[0] == stratum]
        mean = sum(own) / len(own)
        total += Fraction(len(own), len(own) - 1) * sum((v - mean) ** 2 for v in own)
    return total


def simple_variance(rows, name, above, below):
    """Of a simple random sample without replacement of as many records (Kish 1965, 8.2)."""
    part = list(complete(rows, above, below))
    n, weight = len(part), sum(w for _, w, _, _ in part)
    if n < 2 or name in ("count", "variance"):
        return None
    if name == "total":
        below = None
    divisor = sum(w * x for _, w, _, x in part) if name == "ratio" else weight
    ratio = sum(w * y for _, w, y, _ in part) / divisor
    squares = sum(w * (y - ratio * (x if name == "ratio" else 1)) ** 2 for _, w, y, x in part)
    of_mean = Fraction(n, n - 1) * squares / weight / n * (weight - n) / weight
    if name == "ratio":
        return of_mean * weight ** 2 / divisor ** 2
    return of_mean * weight ** 2 if name == "total" else of_mean


def number_of(fraction):
    with decimal.localcontext() as context:
        context.prec = 50
        return decimal.Decimal(fraction.numerator) / decimal.Decimal(fraction.denominator)


def about_mean(rows, column):
    """What a row adds to the variance of a column (Deville 1999)."""
    part = [(Fraction(row["weight"]), Fraction(row[column])) for row in rows if row[column] != ""]
    n, weight = len(part), sum(w for w, _ in part)
    mean = sum(w * x for w, x in part) / weight
    return lambda row: None if row[column] == "" else (
        Fraction(n, max(n - 1, 1)) * (Fraction(row[column]) - mean) ** 2)


def root(fraction):
    with decimal.localcontext() as context:
        context.prec = 50
        return number_of(fraction).sqrt()


def ratio(above, below):
    return number_of(above / below) if below and below > 0 else None


def estimates(path, threads):
    asked = ["--count", "--proportion", "sex", "--ratio", "income/year", "--ratio", "income/age"]
    for x in "income", "year", "same", "wide":
        asked += ["--total", x, "--mean", x]
    for x in "income", "year", "same":
        asked += ["--variance", x]
    run = subprocess.run([MARSAD, "estimate", "--strata", "stratum", "--psu", "psu", "--nest",
                          "--weight", "weight", "--by", "domain", "--threads", str(threads),
                          *asked, path], capture_output=True, text=True, check=True)
    return {(r["domain"], r["statistic"], r["variable"]): r
            for r in csv.DictReader(io.StringIO(run.stdout))}


def bound(name, variable, column):
    return BOUND[variable] * (4 if name == "variance" or column == "deff" else 1)


def far(got, want, most):
    """Whether a number is not there, or further from what it should be."""
    return got == "" or abs(decimal.Decimal(got) - want) > decimal.Decimal(most) * abs(want)


def check(seed, path):
    rows = sample(random.Random(seed))
    psus = sorted({(row["stratum"], row["psu"]) for row in rows})
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    got = estimates(path, 1 + seed % 4)
    bad = 0
    for domain in sorted({row["domain"] for row in rows}):
        part = [row for row in rows if row["domain"] == domain]
        for name, variable, above, below in [*statistics(), *variances(part)]:
            want = variance(part, psus, above, below)
            row = got.get((domain, name, variable))
            if not want or not row:
                continue
            simple = simple_variance(part, name, above, below)
            wrong = [column for column, exact in (("se", root(want)), ("deff", ratio(want, simple)))
                     if exact and far(row[column], exact, bound(name, variable, column))]
            for column in wrong:
                print(f"FAIL seed {seed}: {name} {variable} in {domain}: {column} {row[column]}")
            bad += len(wrong)
    return bad


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad = [check(int(seed), os.path.join(folder, "sample.csv")) for seed in sys.argv[1:]]
    failed = sum(b > 0 for b in bad)
    print(f"tests/exact/survey: {len(bad) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
