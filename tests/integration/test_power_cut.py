# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL while answers stream in: after the restart every acknowledged answer is there."""

import http.client
import random
import threading
import time
import unittest

from hall_case import HallCase, iv, low_voltage_banks


class Candidate(threading.Thread):
    """Answers without pause until the server dies; remembers what was acknowledged."""

    def __init__(self, kiosk, sitting, acknowledged, seed):
        super().__init__()
        self.kiosk, self.sitting, self.acknowledged = kiosk, sitting, acknowledged
        self.random, self.surprise, self.count = random.Random(seed), None, 0

    def run(self):
        api = self.kiosk.api()
        items = self.sitting["items"]
        while True:
            batch = []
            for item in self.random.sample(items, self.random.randint(1, 4)):
                position = item["position"]
                chosen = sorted(self.random.sample(range(len(item["options"])), 1))
                revision = self.acknowledged.get(position, (0,))[0] + 1
                batch.append({"position": position, "revision": revision, "chosen": chosen,
                              "flagged": self.random.random() < 0.2})
            try:
                saved = api.post(f"/kiosk/sittings/{self.sitting['id']}/responses", {"responses": batch}, timeout=60)
            except (OSError, http.client.HTTPException):
                return  # perhaps stored, not acknowledged: the test looks after the restart
            except Exception as problem:
                self.surprise = problem
                return
            self.count += len(batch)
            done = {(one["position"], one["revision"]) for one in saved["saved"]}
            for one in batch:
                if (one["position"], one["revision"]) not in done:
                    self.surprise = AssertionError(f"not acknowledged: {one}")
                    return
                self.acknowledged[one["position"]] = (one["revision"], one["chosen"], one["flagged"])


class PowerCutTest(HallCase):
    banks = low_voltage_banks()

    def test_no_acknowledged_answer_is_lost(self):
        site, seats = iv.make_site(self.admin, seats=3)
        kiosks = [self.hall.kiosk(seat["id"]) for seat in seats]
        sittings, acknowledged = [], []
        for number, kiosk in enumerate(kiosks, 1):
            person = iv.Person(number, "演示" + "甲乙丙"[number - 1])
            iv.make_candidate(self.admin, person)
            sittings.append(iv.start_sitting(kiosk.api(), self.hall.reviewer, person))
            acknowledged.append({})
        seed = random.randrange(2 ** 32)
        moments = random.Random(seed)
        total = 0
        for cut in range(5):
            threads = [Candidate(k, s, a, seed + cut * 10 + i)
                       for i, (k, s, a) in enumerate(zip(kiosks, sittings, acknowledged))]
            for thread in threads:
                thread.start()
            # Once answers are streaming, however slow the disk, the instant of the cut is the test's dice.
            iv.wait_until(lambda: sum(t.count for t in threads) > 40 or not all(t.is_alive() for t in threads), 120,
                          "answers to stream in")
            time.sleep(moments.uniform(0, 1))
            self.server.kill()
            for thread in threads:
                thread.join(90)
                self.assertIsNone(thread.surprise, f"seed {seed}")
            total += sum(thread.count for thread in threads)
            self.server.start()
            for i, (kiosk, sitting, known) in enumerate(zip(kiosks, sittings, acknowledged)):
                again = kiosk.api().post("/kiosk/sittings", {"admission_id": self.admission_of(kiosk)})
                self.assertEqual(again["id"], sitting["id"])
                self.assertEqual(again["deadline_ms"], sitting["deadline_ms"], "a restart moved the deadline")
                self.assertEqual(again["items"], sitting["items"], "a restart changed the paper")
                stored = {r["position"]: (r["revision"], r["chosen"], r["flagged"]) for r in again["responses"]}
                for position, (revision, chosen, flagged) in known.items():
                    self.assertIn(position, stored, f"seed {seed}, cut {cut}: answer lost")
                    self.assertGreaterEqual(stored[position][0], revision, f"seed {seed}, cut {cut}")
                    if stored[position][0] == revision:
                        self.assertEqual(stored[position], (revision, chosen, flagged), f"seed {seed}, cut {cut}")
                # What was stored but not acknowledged counts from now on.
                known.update(stored)
        print(f"power cuts: {total} answers acknowledged, seed {seed}")
        self.assertGreater(total, 200)

    @staticmethod
    def admission_of(kiosk):
        return kiosk.api().get("/kiosk/state")["active_admission_id"]

    def test_an_old_revision_does_not_overwrite_a_newer_one(self):
        site, seats = iv.make_site(self.admin, "第二考场", "Second hall")
        kiosk = self.hall.kiosk(seats[0]["id"]).api()
        person = iv.Person(9, "演示壬")
        iv.make_candidate(self.admin, person)
        sitting = iv.start_sitting(kiosk, self.hall.reviewer, person)
        path = f"/kiosk/sittings/{sitting['id']}/responses"

        def save(revision, chosen):
            return kiosk.post(path, {"responses": [{"position": 1, "revision": revision, "chosen": chosen,
                                                    "flagged": False}]})["saved"]

        save(2, [1])
        self.assertEqual(save(2, [1])[0]["revision"], 2)  # repeated: harmless
        self.assertEqual(save(1, [0])[0]["revision"], 2)  # late: acknowledged as what is stored
        again = kiosk.post("/kiosk/sittings", {"admission_id": kiosk.get("/kiosk/state")["active_admission_id"]})
        self.assertEqual(again["responses"], [{"position": 1, "revision": 2, "chosen": [1], "flagged": False}])
        self.refused("no_such_position", 400, kiosk.post, path, {"responses": [
            {"position": 101, "revision": 1, "chosen": [0], "flagged": False}]})


if __name__ == "__main__":
    unittest.main()
