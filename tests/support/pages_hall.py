#!/usr/bin/python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""A real server with the built pages, for tests and measurements in a browser.

  tests/support/pages_hall.py [--items N] [--samples]

Writes one line of JSON, {"origin", "people": {name: password}, "server_pid"}, and stays until its input ends. People:
admin, linlan and wumin (both editors), chentao (authority). With --items there is a bank "bench" of so many made-up items
(tests/bench/items.py), with --samples there are the sample banks, in use.

Each line of the input is a wish, {"do": "prepare" | "sit" | "expect", …}, answered by a line: exams that people sit meanwhile
(tests/support/page_exams.py).
"""

import argparse
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.path.insert(0, str(ROOT / "tests" / "bench"))
import invigil_client as iv  # noqa: E402
from page_exams import Exams  # noqa: E402

PEOPLE = {"linlan": ("林岚", "editor"), "wumin": ("吴敏", "editor"), "chentao": ("陈涛", "authority")}


def fill(hall, count):
    import items
    bank = hall.folder / "bank.json"
    bank.write_text(json.dumps(items.make_bank(count), ensure_ascii=False), encoding="utf-8")
    draft = hall.admin.post("/bank/imports", {"bank_id": "bench", "file_name": bank.name})
    one = f"/bank/imports/{draft['id']}"
    hall.admin.put(one + "/file", raw=bank.read_bytes(), content_type="application/octet-stream", timeout=120)
    items.follow(hall.admin, one, ("ready", "failed"))
    hall.admin.post(one + "/accept", {"state": "draft", "missing": "keep"})
    items.follow(hall.admin, one, ("accepted", "ready"))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--items", type=int, default=0)
    options.add_argument("--samples", action="store_true")
    wanted = options.parse_args()
    hall = iv.Hall(None if wanted.samples else [], web=ROOT / "proctor-server" / "web" / "dist")
    try:
        people = {"admin": hall.password}
        for name, (display, role) in PEOPLE.items():
            people[name] = hall.admin.post("/admin/accounts", {"name": name, "display": display, "role": role})["password"]
        if wanted.items:
            fill(hall, wanted.items)
        print(json.dumps({"origin": f"https://localhost:{hall.server.port}", "people": people,
                          "server_pid": hall.server.process.pid}), flush=True)
        exams = None
        for line in sys.stdin:
            wish = json.loads(line)
            exams = exams or Exams(hall, *(hall.server.staff(name, people[name]) for name in ("linlan", "wumin")))
            answer = getattr(exams, wish.pop("do"))(**wish)
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    finally:
        hall.close()


if __name__ == "__main__":
    main()
