#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""How fast `invigil-bank import` takes 50,000 questions in, and what it makes of the real safety files.

    tests/bench/import.py [--build build/dev] [--items 50000]

Prints seconds and peak memory for single-choice items as a JSON list, a CSV table and, exported from there, in every
other format; then rows, imported, repaired, duplicates and refused of every file in the shared corpora (left out where
those are absent). Exit status 1 when an item is lost or a sum does not hold.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ENDINGS = {"gift": "txt", "moodle_xml": "xml", "qti21": "zip", "qti30": "zip"}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(tool, file, folder):
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    began = time.monotonic()
    child = subprocess.Popen([tool, "import", file, "--id", "bench", "--role", "manager", "--bank", folder / "bank.json", "--report", report],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    return seconds, usage, json.loads(report.read_text())["files"][0]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default=str(ROOT / "build" / "dev"))
    options.add_argument("--items", type=int, default=50_000)
    given = options.parse_args()
    tool = pathlib.Path(given.build) / "bin" / "invigil-bank"
    if not tool.exists():
        sys.exit(f"{tool} is not built: cmake --build {given.build} --target invigil-bank")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = [{"category": "单选题", "title": f"第 {i} 条线路的额定电流是多少？", "choices": f"**A、{i}**B、{i + 1}**C、{i + 2}**D、{i + 3}",
                 "answer": "ABCD"[i % 4]} for i in range(given.items)]
        (folder / "list.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
        lines = ["题型,题目,选项,答案"] + [",".join(row.values()) for row in rows]
        (folder / "table.csv").write_text("\n".join(lines) + "\n", "utf-8")
        files = [folder / "list.json", folder / "table.csv"]
        run(tool, files[0], folder)
        (folder / "bank.json").rename(folder / "native.json")
        for form in ("xlsx", "gift", "moodle_xml", "qti21", "qti30"):
            files.append(folder / f"{form}.{ENDINGS.get(form, form)}")
            subprocess.run([tool, "export", folder / "native.json", "--format", form, "--out", files[-1]], stdout=subprocess.DEVNULL, check=True)
        print("| file | bytes | items | seconds | of these processor | MiB at most |\n|---|---|---|---|---|---|")
        for file in files + [folder / "native.json"]:
            seconds, usage, found = run(tool, file, folder)
            print(f"| {file.name} | {file.stat().st_size} | {found['imported']} | {seconds:.1f} | {usage.ru_utime + usage.ru_stime:.1f} | {usage.ru_maxrss // 1024} |")
            if found["imported"] != given.items:
                sys.exit(f"{file.name}: items are lost")
        shared = pathlib.Path(os.environ.get("INVIGIL_SHARED") or ROOT.parent / "shared") / "corpora" / "safety-questions"
        files = sorted(f for f in shared.glob("*") if f.suffix in (".json", ".xlsx", ".xls", ".txt", ".csv", ".sql")) if shared.is_dir() else []
        if not files:
            print("the shared corpora are absent (set INVIGIL_SHARED): their table is left out")
            return
        print("| file | rows | imported | of these repaired | duplicates | refused |\n|---|---|---|---|---|---|")
        for file in files:
            _, _, found = run(tool, file, folder)
            refused = len(found["refused"])
            if found["rows"] != found["imported"] + found["duplicates"] + refused:
                sys.exit(f"{file.name}: the sum does not hold")
            if found["ok"]:
                print(f"| {file.name} | {found['rows']} | {found['imported']} | {found['repaired']} | {found['duplicates']} | {refused} |")
            else:
                print(f"| {file.name} | not read: {found['error']['reason']} | | | | |")


main()
