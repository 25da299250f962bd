# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""A key is corrected after people have sat: seen first, done by another administrator, certificates issued anew."""

import pathlib
import shutil
import tempfile
import unittest
import urllib.parse

from hall_case import HallCase, iv, low_voltage_banks, operations, write_blueprint
from test_items import account


class RegradeCase(HallCase):
    banks = low_voltage_banks()

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-regrade-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.options = {"blueprints": write_blueprint(folder / "blueprints", minutes=30)}
        super().setUpClass()
        cls.keys = iv.Keys(cls.banks)
        cls.editor = account(cls.hall, "key-editor", "editor")
        cls.other_admin = account(cls.hall, "other-admin", "administrator")
        cls.site, cls.seats = iv.make_site(cls.admin, seats=2)

    def sit(self, number, right):
        person = iv.Person(number, f"演示{'甲乙丙丁'[number - 1]}", blueprint="short")
        iv.make_candidate(self.admin, person)
        kiosk = self.hall.kiosk(self.seats[number - 1]["id"]).api()
        sitting = iv.start_sitting(kiosk, self.hall.reviewer, person)
        for item in sitting["items"][:right]:
            kiosk.post(f"/kiosk/sittings/{sitting['id']}/responses", {"responses": [
                {"position": item["position"], "revision": 1, "flagged": False,
                 "chosen": self.keys.right(item["stem"], item["options"])}]})
        return person, kiosk, sitting, kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")

    def item_of(self, shown):
        found = self.editor.get("/bank/items?limit=50&q=" + urllib.parse.quote(shown["stem"][:30]))["items"]
        details = [self.editor.get(f"/bank/items/{row['id']}") for row in found]
        return next(d for d in details if d["newest"]["content"]["stem"] == shown["stem"] and
                    sorted(d["newest"]["content"]["options"]) == sorted(shown["options"]))

    def wait(self, regrade, *ended):
        path, seen = f"/regrades/{regrade['id']}", ""
        for _ in range(100):
            now = self.editor.get(f"{path}?wait_ms=5000&seen={seen}")
            if now["state"] in ended:
                return now
            seen = now["seen"]
        self.fail(f"the regrade never ended: {now}")

    def propose(self, detail, **how):
        made = self.editor.post("/regrades", {"item": detail["row"]["id"], "versions": [], "reason": "标准更新", **how})
        return self.wait(made, "ready", "failed")

    def apply(self, regrade):
        changed = {"changed": regrade["counts"]["changed"]}
        self.other_admin.post(f"/regrades/{regrade['id']}/apply", changed)
        return self.wait(regrade, "applied", "ready")

    def verify(self, text):
        return self.hall.authority.post("/authority/verify", {"text": text})


class Corrected(RegradeCase):
    def test_from_the_wrong_key_to_the_certificate_that_replaces(self):
        person, kiosk, sitting, before = self.sit(1, right=9)
        self.assertEqual((before["points"], before["passed"], before["regraded"]), (9, True, None))
        detail = self.item_of(sitting["items"][0])
        wrong = [i for i in range(len(detail["newest"]["content"]["options"])) if i not in detail["newest"]["content"]["key"]][:1]

        ready = self.propose(detail, how="new_key", key=wrong)
        self.assertEqual((ready["state"], ready["counts"]["changed"], ready["counts"]["down"]), ("ready", 1, 1))
        changes = self.editor.get(f"/regrades/{ready['id']}/changes?kind=down")["changes"]
        self.assertEqual([(c["points_before"], c["points_after"], c["certificate_before"]) for c in changes],
                         [(9, 8, before["credential"]["id"])])
        self.assertNotIn(person.name, str(changes))
        self.refused("not_allowed", 403, self.editor.post, f"/regrades/{ready['id']}/apply", {"changed": 1})
        self.refused("regrade_is_stale", 409, self.admin.post, f"/regrades/{ready['id']}/apply", {"changed": 7})
        self.assertEqual(kiosk.get(f"/kiosk/sittings/{sitting['id']}/result"), before)
        self.assertEqual(self.apply(ready)["state"], "applied")

        after = kiosk.get(f"/kiosk/sittings/{sitting['id']}/result")
        self.assertEqual((after["points"], after["passed"], after["regraded"]["points_before"]), (8, True, 9))
        self.assertNotEqual(after["credential"]["id"], before["credential"]["id"])
        old, new = self.verify(before["credential"]["text"]), self.verify(after["credential"]["text"])
        self.assertEqual((old["valid"], old["reason"], new["valid"]), (False, "superseded", True))
        self.assertEqual(self.editor.get(f"/bank/items/{detail['row']['id']}")["row"]["version"], 2)

        # A second correction takes the pass away; the authority sees both certificates and why.
        second = self.apply(self.propose(self.item_of(sitting["items"][1]), how="leave_out"))
        self.assertEqual((second["state"], second["counts"]["now_failed"]), ("applied", 1))
        self.assertEqual(self.verify(after["credential"]["text"])["reason"], "revoked")
        record = self.hall.authority.post("/authority/query", {"id_type": "resident_id", "id_number": person.id_number,
                                                               "name": person.name})["records"][0]
        self.assertEqual((record["passed"], record["points"], record["points_max"], record["certificate_id"]), (False, 7, 9, ""))
        self.assertEqual([(w["certificate_id"], w["state"], w["reason"]) for w in record["withdrawn"]],
                         [(after["credential"]["id"], "revoked", "标准更新"), (before["credential"]["id"], "superseded", "标准更新")])
        self.assertEqual(len(self.editor.get("/regrades")["regrades"]), 2)


class Discarded(RegradeCase):
    def test_one_that_is_not_wanted_is_thrown_away(self):
        _, kiosk, sitting, before = self.sit(2, right=7)
        ready = self.propose(self.item_of(sitting["items"][9]), how="all_right")
        self.assertEqual((ready["counts"]["up"], ready["counts"]["now_passed"]), (1, 1))
        self.assertEqual(self.editor.post(f"/regrades/{ready['id']}/discard")["state"], "discarded")
        self.refused("regrade_wrong_state", 409, self.other_admin.post, f"/regrades/{ready['id']}/apply", {"changed": 1})
        self.assertEqual(kiosk.get(f"/kiosk/sittings/{sitting['id']}/result"), before)


def load_tests(loader, tests, pattern):
    cases = (Corrected, Discarded)
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)

    class EveryEndpoint(unittest.TestCase):
        def runTest(self):
            answered = set().union(*(case.answered for case in cases))
            walked = {name for name in operations(of_item_bank=True) if "egrade" in name}
            self.assertEqual((len(walked), sorted(walked - answered)), (6, []))

    suite.addTest(EveryEndpoint())
    return suite


if __name__ == "__main__":
    unittest.main()
