#!/usr/bin/python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Item statistics of many sittings by the server's job: time, memory, and how long a small write takes meanwhile.

  tests/bench/item_statistics.py [--sittings 10000] [--pool 1000]        with INVIGIL_BUILD=build/release

One person sits through the real server; that sitting is then multiplied in the database, each copy with a paper of its own
(100 items of the pool) and answers of a made-up person by the Rasch model.
"""

import argparse
import json
import math
import pathlib
import random
import sqlite3
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from items import Writer, follow, iv, make_bank  # noqa: E402

PARTS = (("true_false", 50), ("single_choice", 40), ("multiple_choice", 10))
DAY_MS = 86_400_000


def write_files(folder, pool):
    bank = folder / "bank.json"
    bank.write_text(json.dumps(make_bank(pool), ensure_ascii=False), encoding="utf-8")
    (folder / "blueprints").mkdir()
    (folder / "blueprints" / "bench.json").write_text(json.dumps({
        "format": "invigil-blueprint", "version": 1, "id": "bench", "title": {"zh": "测量", "en": "Bench"}, "role": "special_operations",
        "category": "1.2", "minutes": 60, "pass_points": 80, "parts": [{"type": kind, "count": count, "points_each": 1} for kind, count in PARTS]}))
    return bank


def sit_once(hall):
    _, seats = iv.make_site(hall.admin)
    person = iv.Person(1, "测量考生", blueprint="bench")
    iv.make_candidate(hall.admin, person)
    kiosk = hall.kiosk(seats[0]["id"]).api()
    sitting = iv.start_sitting(kiosk, hall.reviewer, person)
    kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")


class Multiplier:
    def __init__(self, path, seed):
        self.db, self.draw = sqlite3.connect(path), random.Random(seed)
        self.db.row_factory = sqlite3.Row
        rows = self.db.execute("select i.uid, i.item_id, v.type, v.topic, v.stem, v.options, v.answer_key from bank_item i "
                               "join item_version v on v.item_uid = i.uid and v.number = i.version where i.bank_id = 'bench'").fetchall()
        self.pool = {kind: [dict(row, hard=self.draw.gauss(-1, 1)) for row in rows if row["type"] == kind] for kind, _ in PARTS}
        self.templates = {table: dict(self.db.execute(f"select * from {table} limit 1").fetchone())
                          for table in ("reservation", "admission", "sitting", "grading")}

    def copy(self, table, **changes):
        row = {**self.templates[table], **changes}
        self.db.execute(f"insert into {table}({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))

    def paper(self):
        places = []
        for part, (kind, count) in enumerate(PARTS):
            for item in self.draw.sample(self.pool[kind], count):
                options = json.loads(item["options"])
                order = list(range(len(options)))
                if kind != "true_false":
                    self.draw.shuffle(order)
                key = [shown for shown, own in enumerate(order) if own in json.loads(item["answer_key"])]
                places.append((item, {"item": "bench/" + item["item_id"], "uid": item["uid"], "version": 1, "order": order, "type": kind, "part": part,
                                      "points": 1, "topic": item["topic"], "stem": item["stem"], "options": [options[o] for o in order], "key": key}))
        return places

    def answers(self, sitting, places, ability, finished):
        for position, (item, place) in enumerate(places, 1):
            right = self.draw.random() < 1 / (1 + math.exp(item["hard"] - ability))
            others = [o for o in range(len(place["options"])) if o not in place["key"]]
            chosen = place["key"] if right else [] if self.draw.random() < 0.03 else [self.draw.choice(others)]
            yield sitting, position, 1, json.dumps(chosen), 0, finished, int(self.draw.lognormvariate(9.5, 0.6))

    def run(self, sittings):
        newest = self.db.execute("select max(place) from grading").fetchone()[0]
        finished = self.templates["sitting"]["finished_ms"]
        for n in range(sittings):
            places, then = self.paper(), finished - (n % 240) * DAY_MS
            self.copy("reservation", id=f"r{n}", code=f"c{n}", manage_hash=f"m{n}")
            self.copy("admission", id=f"a{n}", reservation_id=f"r{n}")
            self.copy("sitting", id=f"s{n}", admission_id=f"a{n}", reservation_id=f"r{n}", finished_ms=then,
                      paper=json.dumps([place for _, place in places], ensure_ascii=False, separators=(",", ":"), sort_keys=True))
            self.copy("grading", sitting_id=f"s{n}", place=newest + 1 + n)
            self.db.executemany("insert into response(sitting_id, position, revision, chosen, flagged, saved_ms, shown_ms) values (?, ?, ?, ?, ?, ?, ?)",
                                self.answers(f"s{n}", places, self.draw.gauss(0, 1), then))
        self.db.commit()
        self.db.close()


def memory_mb(pid, name):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0


def timed(what, call):
    begin = time.monotonic()
    value = call()
    print(f"{what}: {time.monotonic() - begin:.2f} s")
    return value


def measure(hall):
    pid, before = hall.server.process.pid, memory_mb(hall.server.process.pid, "VmRSS")
    writer = Writer(hall.server.staff("admin", hall.password), "bench")
    writer.start()
    job, seconds = follow(hall.admin, f"/jobs/{hall.admin.post('/bank/statistics', {'bank_id': 'bench'})['id']}", ("done", "failed"))
    writer.done.set()
    writer.join()
    if job["state"] != "done":
        raise SystemExit(f"the job failed: {job['error']}")
    print(f"job: {seconds:.1f} s; memory {before:.0f} MB before, {memory_mb(pid, 'VmHWM'):.0f} MB at most; meanwhile a small write took "
          f"{statistics.median(writer.times):.1f} ms (median), {max(writer.times):.0f} ms (worst)")
    found = timed("the list", lambda: hall.admin.get("/bank/statistics?bank=bench"))
    test = found["test"]
    print(f"{found['sittings']} sittings, {found['total']} items, {found['flagged']} flagged; Rasch of {test['rasch'] and test['rasch']['items']} items, "
          f"2PL of {test['two_pl'] and test['two_pl']['items']}")
    timed("one item", lambda: hall.admin.get(f"/bank/items/{found['items'][0]['id']}/statistics"))
    csv = timed("responses.csv", lambda: hall.admin.get("/bank/responses.csv?blueprint=bench", timeout=300))
    print(f"{len(csv) / 1e6:.0f} MB of CSV; memory {memory_mb(pid, 'VmHWM'):.0f} MB at most")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sittings", type=int, default=10000)
    options.add_argument("--pool", type=int, default=1000)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="invigil-bench-") as name:
        folder = pathlib.Path(name)
        bank = write_files(folder, wanted.pool)
        hall = iv.Hall([bank], blueprints=folder / "blueprints")
        try:
            sit_once(hall)
            hall.server.stop()
            timed("made up", lambda: Multiplier(hall.server.data / "invigil.db", 1).run(wanted.sittings))
            hall.server.start()
            hall.admin = hall.server.staff("admin", hall.password)
            measure(hall)
        finally:
            hall.close()


if __name__ == "__main__":
    main()
