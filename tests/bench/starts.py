#!/usr/bin/env python3
# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""How long a start takes when 200 kiosks start in the same second, and how long alone.

    tests/bench/starts.py [--kiosks 200]

One real server; every kiosk has its own certificate, connection and thread, and its candidate is admitted. First 20 kiosks
start one after the other, then the others at once. Prints the times and their ratio. The clients share the machine.
"""
import argparse
import os
import pathlib
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import invigil_client as iv  # noqa: E402

ALONE = 20


def admitted_kiosks(hall, count):
    """`count` kiosks with a connection each, whose candidates have been let in: [(api, admission id)]."""
    site, seats = iv.make_site(hall.admin, seats=count)
    kiosks = []
    for number, seat in enumerate(seats):
        person = iv.Person(100 + number, f"考生{number}")
        iv.make_candidate(hall.admin, person)
        api = hall.kiosk(seat["id"], f"127.0.0.{2 + number // 20}").api()  # an address may enrol 20 kiosks
        found = api.post("/kiosk/walkin", {**person.document(), "phone_last4": person.phone[-4:]})
        iv.admit_by_reviewer(api, hall.reviewer, found)
        kiosks.append((api, found["admission_id"]))
    return kiosks


def start(kiosk):
    api, admission = kiosk
    began = time.monotonic()
    return api.post("/kiosk/sittings", {"admission_id": admission}), time.monotonic() - began


def start_all(kiosks):
    """[(reply or the exception, seconds)], all started at the same instant, connections open."""
    for api, _ in kiosks:
        api.get("/kiosk/state")
    results = iv.together([lambda kiosk=kiosk: start(kiosk) for kiosk in kiosks])
    return [result if isinstance(result, tuple) else (result, 0.0) for result in results]


def processor_seconds(process):
    """What the server has used of the processors so far."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiosks", type=int, default=200)
    count = parser.parse_args().kiosks
    banks = [path for path in iv.sample_banks() if path.name.startswith("low-voltage")]
    hall = iv.Hall(banks)
    try:
        iv.set_papers(hall.admin, papers=min(2000, count + ALONE + 50))
        hall.admin.post("/batches", {"blueprint_id": iv.LOW_VOLTAGE, "papers": 0, "reason": "bench"})
        iv.wait_for_papers(hall.admin, [iv.LOW_VOLTAGE])
        kiosks = admitted_kiosks(hall, count + ALONE)
        alone = [start(kiosk)[1] for kiosk in kiosks[:ALONE]]
        before = processor_seconds(hall.server.process)
        results = start_all(kiosks[ALONE:])
        used = (processor_seconds(hall.server.process) - before) / count
        failed = [reply for reply, _ in results if not isinstance(reply, dict)]
        times = sorted(seconds for _, seconds in results)
        papers = {(p["batch_id"], p["slot"]) for p in (hall.admin.get(f"/sittings/{r['id']}/proof") for r, _ in results if isinstance(r, dict))}
        one = statistics.median(alone)
        print(f"{count} kiosks at once: {len(papers)} different papers, {len(failed)} errors")
        print(f"one start alone: median {one * 1000:.1f} ms; at once: median {statistics.median(times) * 1000:.0f} ms, last "
              f"{times[-1] * 1000:.0f} ms = {times[-1] / count * 1000:.1f} ms a start, {times[-1] / count / one:.2f} of one alone; "
              f"the server used {used * 1000:.1f} ms of processor time a start")
        return 1 if failed or len(papers) != count else 0
    finally:
        hall.close()


if __name__ == "__main__":
    sys.exit(main())
