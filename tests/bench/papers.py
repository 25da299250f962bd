#!/usr/bin/python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Every figure about sealed batches in docs/benchmarks.md: assembles, audits, and recomputes with the second implementation.

  tests/bench/papers.py [--seeds 5] [--only "NAME; NAME"] [--json OUT.json]        with INVIGIL_BUILD=build/release

Reads the published pools and the real question file from ../shared ($INVIGIL_SHARED); what is absent is said and left out.
Worst and median are over the seeds. Times are processor time of the whole command, pre-flight and writing included.
"""

import argparse
import csv
import hashlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("INVIGIL_SHARED", ROOT.parent / "shared"))
BANK = pathlib.Path(os.environ.get("INVIGIL_BUILD", ROOT / "build/dev")).resolve() / "bin/invigil-bank"
POOLS = SHARED / "corpora/vectors/item-pools"
REAL = SHARED / "corpora/safety-questions/基础训练-低压电工作业.json"
SECOND = ROOT / "tests/assembly-js/invigil-assembly.mjs"
SAMPLES, BLUEPRINTS = ROOT / "question-bank/samples", ROOT / "question-bank/blueprints"


def run(*words, check=True):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pool(name, constraints=None, off=None):
    words = ["--pool", POOLS / f"itempool_{name}.csv", "--attributes", POOLS / f"itemattrib_{name}.csv",
             "--constraints", constraints or POOLS / f"constraints_{name}.csv"]
    return words + (["--off", off] if off else [])


def partition_table(folder):
    """LEVEL x STANDARD, 9 cells of the science pool: as many of each as its own rules for level and standard allow."""
    rows = [("C1", "Number", "Item", "", 30, 30, ""), ("C2", "Exclude", "Item", "PTBIS < 0.15", "", "", "")]
    for level, counts in ((3, (6, 3, 1)), (4, (6, 3, 1)), (5, (6, 2, 2))):
        for standards, count in zip(("1", "2, 4", "3"), counts):
            rows.append((f"C{len(rows) + 1}", "Number", "Item", f"LEVEL == {level} & STANDARD %in% c({standards})", count, count, ""))
    path = folder / "partition.csv"
    with open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("CONSTRAINT_ID", "TYPE", "WHAT", "CONDITION", "LB", "UB", "ONOFF"))
        writer.writerows(rows)
    return path


def batches(folder):
    """name -> (words that name the problem, papers, seeds or None for all, also the second implementation)"""
    out = {}
    if (POOLS / "itempool_science_1000.csv").exists():
        science = pool("science_1000", off="C14-C20,C33,C34,C36")
        out["science, 23 rules, M = 1000"] = (science, 1000, None, True)
        out["science, 23 rules, M = 10000"] = (science, 10000, 1, False)
        out["science, partition, M = 1000"] = (pool("science_1000", partition_table(folder)), 1000, None, True)
        out["reading, 35 cases, M = 500"] = (pool("reading_303"), 500, None, True)
    for role, names in (("special-operations-low-voltage", ("low-voltage-electrician-judge", "low-voltage-electrician-choice")),
                        ("principal", ("principal", "common-law-emergency")), ("manager", ("manager", "common-law-emergency"))):
        words = ["--blueprint", BLUEPRINTS / f"{role}.json"]
        for name in names:
            words += ["--bank", SAMPLES / f"{name}.json"]
        out[f"samples, {role}, M = 500"] = (words, 500, None, False)
    if REAL.exists():
        bank = folder / "real.json"
        run(BANK, "import", REAL, "--id", "real", "--role", "special_operations", "--category", "1.2", "--out", bank)
        out["real file, M = 500"] = (["--blueprint", BLUEPRINTS / "special-operations-low-voltage.json", "--bank", bank], 500, None, True)
    return out


def measure(name, problem, papers, seeds, second, folder):
    rows = []
    for number in range(seeds):
        target, seed = folder / f"batch-{number}", hashlib.sha256(f"bench {number}".encode()).hexdigest()
        before = processor_seconds()
        run(BANK, "assemble", *problem, "--papers", papers, "--seed", seed, "--out", target, "--batch", f"bench-{number}")
        spent = processor_seconds() - before
        audit = json.loads(run(BANK, "audit", target, "--json", check=False).stdout)
        audit["processor_seconds_per_paper"] = spent / papers
        if second and number == 0:
            before = processor_seconds()
            audit["second_implementation"] = run("node", SECOND, target, check=False).stdout.strip()
            audit["second_seconds_per_paper"] = (processor_seconds() - before) / papers
        rows.append(audit)
        print(f"{name}, seed {number}: {audit['verdict']}", file=sys.stderr)
        for file in target.iterdir():
            file.unlink()
    worst, median = {}, {}
    for key in ("violations", "overlap", "exposure_max", "difficulty_sd", "information_cv", "neighbour_overlap",
                "neighbour_common_max", "processor_seconds_per_paper"):
        values = [row[key] for row in rows]
        worst[key], median[key] = max(values), statistics.median(values)
    worst["pool_use"] = min(row["pool_use"] for row in rows)
    same = {key: rows[0][key] for key in ("overlap_bound", "exposure_bound", "difficulty_mean")}
    passed = sum(row["verdict"] == "PASS" for row in rows)
    return {"name": name, "papers": papers, "seeds": seeds, "passed": passed, "worst": worst, "median": median, **same,
            "second": rows[0].get("second_implementation"), "second_seconds_per_paper": rows[0].get("second_seconds_per_paper"),
            "failures": [failure for row in rows for failure in row["failures"]]}


def line(row):
    both = lambda key, digits: f"{row['median'][key]:.{digits}f} / {row['worst'][key]:.{digits}f}"
    return (f"| {row['name']} | {row['passed']} of {row['seeds']} | {row['worst']['violations']} | {both('overlap', 5)} ({row['overlap_bound']:.5f}) | "
            f"{both('exposure_max', 4)} ({row['exposure_bound']:.4f}) | {both('difficulty_sd', 5)} | {both('information_cv', 4)} | "
            f"{both('neighbour_overlap', 4)}, {row['worst']['neighbour_common_max']} | {row['worst']['pool_use']:.3f} | "
            f"{1000 * row['median']['processor_seconds_per_paper']:.1f} ms | {row['second'] or ''} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="", help="beginnings of names, with ; between")
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        chosen = {key: value for key, value in batches(folder).items()
                  if not options.only or any(key.startswith(one.strip()) for one in options.only.split(";"))}
        if not (POOLS / "itempool_science_1000.csv").exists() or not REAL.exists():
            print(f"absent, left out: published pools or the real file in {SHARED}", file=sys.stderr)
        rows = [measure(key, problem, papers, seeds or options.seeds, second, folder) for key, (problem, papers, seeds, second) in chosen.items()]
    print("| batch | audit PASS | violating | overlap T, median / worst (bound) | maximum exposure (bound) | SD of mean p or difficulty | CV of "
          "information | neighbours, most in common | pool use | a paper | second implementation |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(line(row))
        for failure in row["failures"]:
            print("  !", failure, file=sys.stderr)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
