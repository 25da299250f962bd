# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Counts what deploy/test ran: ctest's JUnit file (Qt Test functions and Python tests one by one) and vitest's JSON.

The closing line is exactly "N passed, N failed, N skipped"; the status is 1 when something failed or nothing ran.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml


def count_program(name, status, output):
    """(passed, failed, skipped, [reason]) of one ctest test."""
    passed = failed = skipped = 0
    reasons = []
    for p, f, s in re.findall(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", output, re.M):
        passed, failed, skipped = passed + int(p), failed + int(f), skipped + int(s)
    reasons += [f"{where.strip()}: {why.strip()}" for where, why in re.findall(r"^SKIP\s+: (\S+) (.*)$", output, re.M)]
    for ran, verdict in re.findall(r"^Ran (\d+) tests? in .*\n\n(OK.*|FAILED.*)$", output, re.M):
        numbers = {key: int(value) for key, value in re.findall(r"(failures|errors|skipped)=(\d+)", verdict)}
        bad = numbers.get("failures", 0) + numbers.get("errors", 0)
        skips = numbers.get("skipped", 0)
        passed, failed, skipped = passed + max(0, int(ran) - bad - skips), failed + bad, skipped + skips
    reasons += [f"{name}: {why}" for why in re.findall(r"\.\.\. skipped ['\"](.*)['\"]$", output, re.M)]
    if status == "fail" and failed == 0:
        failed = 1  # crashed, ran out of time, or does not count by itself
    elif status != "fail" and passed + failed + skipped == 0:
        if status in ("notrun", "disabled"):
            skipped, reasons = 1, [f"{name}: not run"]
        else:
            passed, skipped = 1, len(reasons)
    return passed, failed, skipped, reasons


def count_ctest(path):
    total, reasons, bad = [0, 0, 0], [], []
    for case in xml.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        status = "notrun" if case.find("skipped") is not None else case.get("status", "run")
        if case.find("failure") is not None:
            status = "fail"
        *numbers, why = count_program(case.get("name"), status, output)
        total = [a + b for a, b in zip(total, numbers)]
        reasons += why
        if numbers[1]:
            bad.append(case.get("name"))
    return total, reasons, bad


def count_vitest(path):
    report = json.loads(path.read_text())
    bad = [test["fullName"] for suite in report["testResults"] for test in suite["assertionResults"]
           if test["status"] == "failed"]
    # A suite that cannot even be loaded has no tests to count.
    bad += [suite["name"] for suite in report["testResults"] if suite["status"] == "failed" and not
            any(test["status"] == "failed" for test in suite["assertionResults"])]
    reasons = [f"web: {test['fullName']}" for suite in report["testResults"] for test in suite["assertionResults"]
               if test["status"] in ("skipped", "pending", "todo")]
    return [report["numPassedTests"], len(bad), len(reasons)], reasons, bad


def main(files):
    total, reasons, bad = [0, 0, 0], [], []
    for path in files:
        if not path.exists():
            print(f"There is no {path}: those tests did not run.")
            total[1] += 1
            bad.append(path.stem)
            continue
        numbers, why, names = (count_ctest if path.suffix == ".xml" else count_vitest)(path)
        total = [a + b for a, b in zip(total, numbers)]
        reasons += why
        bad += names
    for reason in reasons:
        print(f"skipped: {reason}")
    for name in bad:
        print(f"FAILED: {name}")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 0 if total[1] == 0 and total[0] > 0 else 1


if __name__ == "__main__":
    sys.exit(main([pathlib.Path(name) for name in sys.argv[1:]]))
