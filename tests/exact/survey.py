# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard errors of `estimate` against fractions: the formula of the manual, with no rounding before
the root.

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
# a ratio are rounded to 64 bits before they cancel.
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


def variance(rows, psus, above, below):
    """Sarndal, Swensson & Wretman 1992, section 5.5, with replacement."""
    part = [(row, above(row), below(row) if below else None) for row in rows]
    part = [(row, y, x) for row, y, x in part if y is not None and (x is not None or not below)]
    weight = [Fraction(row["weight"]) for row, _, _ in part]
    base = sum(w * x for w, (_, _, x) in zip(weight, part)) if below else None
    if below and not base:
        return None
    ratio = sum(w * y for w, (_, y, _) in zip(weight, part)) / base if below else None
    z = dict.fromkeys(psus, Fraction(0))
    for w, (row, y, x) in zip(weight, part):
        z[row["stratum"], row["psu"]] += w * (y - ratio * x) / base if below else w * y
    total = Fraction(0)
    for stratum in {s for s, _ in psus}:
        own = [z[key] for key in psus if key[0] == stratum]
        mean = sum(own) / len(own)
        total += Fraction(len(own), len(own) - 1) * sum((v - mean) ** 2 for v in own)
    return total


def root(fraction):
    with decimal.localcontext() as context:
        context.prec = 50
        return (decimal.Decimal(fraction.numerator) / decimal.Decimal(fraction.denominator)).sqrt()


def estimates(path, threads):
    asked = ["--count", "--proportion", "sex", "--ratio", "income/year", "--ratio", "income/age"]
    for x in "income", "year", "same", "wide":
        asked += ["--total", x, "--mean", x]
    run = subprocess.run([MARSAD, "estimate", "--strata", "stratum", "--psu", "psu", "--nest",
                          "--weight", "weight", "--by", "domain", "--threads", str(threads),
                          *asked, path], capture_output=True, text=True, check=True)
    return {(r["domain"], r["statistic"], r["variable"]): r["se"]
            for r in csv.DictReader(io.StringIO(run.stdout))}


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
        for name, variable, above, below in statistics():
            want = variance(part, psus, above, below)
            se = got.get((domain, name, variable))
            if not want or not se:
                continue
            error = abs(decimal.Decimal(se) - root(want)) / root(want)
            if error > BOUND[variable]:
                print(f"FAIL seed {seed}: {name} {variable} in {domain}: se {se}, error {error:.1e}")
                bad += 1
    return bad


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad = [check(int(seed), os.path.join(folder, "sample.csv")) for seed in sys.argv[1:]]
    failed = sum(b > 0 for b in bad)
    print(f"tests/exact/survey: {len(bad) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
