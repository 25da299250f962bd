# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Sittings happen, an editor computes the statistics, sees the wrong key, has it corrected and sees it gone."""

import json
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from hall_case import HallCase, iv, operations
from test_items import account

PEOPLE, ITEMS = 36, 10
WRONG = 4  # the file says A, the truth is B
SECONDS = [5 + 3 * n for n in range(ITEMS)]


def stem(n):
    return f"第{n}题：下列说法正确的是（ ）。"


def truth(n):
    return f"选项{n}{'B' if n == WRONG else 'A'}"


def bank_file(folder):
    path = folder / "bank.json"
    items = [{"id": f"q-{n}", "type": "single_choice", "stem": stem(n), "options": [f"选项{n}{letter}" for letter in "ABCD"], "key": ["A"],
              "level": "national"}
             for n in range(ITEMS)]
    path.write_text(json.dumps({"format": "invigil-bank", "version": 1, "id": "measured", "title": {"zh": "统计用题库"},
                                "roles": ["special_operations"], "items": items}, ensure_ascii=False), encoding="utf-8")
    return path


class StatisticsTest(HallCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-statistics-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.folder = folder
        (folder / "blueprints").mkdir()
        (folder / "blueprints" / "ten.json").write_text(json.dumps({
            "format": "invigil-blueprint", "version": 1, "id": "ten", "title": {"zh": "十题", "en": "Ten items"},
            "role": "special_operations", "category": "1.2", "minutes": 60, "pass_points": 8,
            "parts": [{"type": "single_choice", "count": ITEMS, "points_each": 1}]}))
        cls.banks, cls.options = [bank_file(folder)], {"blueprints": folder / "blueprints"}
        super().setUpClass()
        cls.editor = account(cls.hall, "first-editor", "editor")
        cls.other_admin = account(cls.hall, "other-admin", "administrator")
        _, cls.seats = iv.make_site(cls.admin, seats=PEOPLE)
        cls.people = []

    def sit(self, number):
        """Who is better knows more; nobody knows all, nobody nothing. What somebody answers does not hang on the paper's order."""
        person = iv.Person(number, f"考生姓名{number:02d}", blueprint="ten")
        self.people.append(person)
        iv.make_candidate(self.admin, person)
        kiosk = self.hall.kiosk(self.seats[number]["id"]).api()
        found = kiosk.post("/kiosk/walkin", {**person.document(), "phone_last4": person.phone[-4:]})
        iv.admit_by_reviewer(kiosk, self.hall.reviewer, found)
        sitting = kiosk.post("/kiosk/sittings", {"admission_id": found["admission_id"]})
        responses = []
        for item in sitting["items"]:
            n = next(n for n in range(ITEMS) if stem(n) == item["stem"])
            draw = random.Random(f"{number} answers {n}")
            knows = draw.random() < 0.15 + 0.7 * number / PEOPLE
            if n == WRONG:  # the better half knows the truth, the others believe the file or guess
                knows = number >= PEOPLE // 2
            wrong = draw.choice([letter for letter in "ABCD" if f"选项{n}{letter}" != truth(n)])
            chosen = truth(n) if knows else f"选项{n}{'A' if n == WRONG and number % 3 else wrong}"
            responses.append({"position": item["position"], "revision": 1, "flagged": False, "chosen": [item["options"].index(chosen)],
                              "shown_ms": 1000 * SECONDS[n] + 100 * number})
        kiosk.post(f"/kiosk/sittings/{sitting['id']}/responses", {"responses": responses})
        if number == 0:  # after a restart the kiosk goes on counting from here
            again = kiosk.post("/kiosk/sittings", {"admission_id": found["admission_id"]})
            self.assertEqual([r["shown_ms"] for r in again["responses"]], [r["shown_ms"] for r in responses])
        kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")

    def restart(self):
        """No more than 20 kiosks are enrolled in ten minutes; a restart forgets how many there were."""
        self.server.stop()
        self.server.start()
        for api in (self.admin, self.editor, self.other_admin, self.hall.reviewer):
            api.close()

    def compute(self, **more):
        job = self.editor.post("/bank/statistics", {"bank_id": "measured", **more})
        seen = ""
        for _ in range(100):
            job = self.editor.get(f"/jobs/{job['id']}?wait_ms=5000&seen={seen}")
            if job["state"] not in ("queued", "running"):
                break
            seen = job["seen"]
        self.assertEqual((job["state"], job["error"]), ("done", None))
        return self.editor.get("/bank/statistics?bank=measured" + "".join(f"&blueprint={b}" for b in more.values()))

    def numbers(self, row):
        return self.editor.get(f"/bank/items/{row['id']}/statistics?blueprint=ten")["statistics"]

    def reckoned(self, csv):
        """What the command makes of the exported file."""
        path = self.folder / "responses.csv"
        path.write_bytes(csv)
        done = subprocess.run([iv.binary("invigil-bank"), "stats", str(path), "--json"], capture_output=True, check=True, text=True)
        return json.loads(done.stdout)

    def test_from_the_sittings_to_the_corrected_key(self):
        nothing = self.editor.get("/bank/statistics?bank=measured")
        self.assertEqual((nothing["state"], nothing["items"], nothing["test"]), ("none", [], None))
        self.refused("no_such_bank", 404, self.editor.get, "/bank/statistics?bank=another")
        self.refused("no_such_blueprint", 404, self.editor.post, "/bank/statistics", {"bank_id": "measured", "blueprint_id": "none"})
        empty = self.compute()
        self.assertEqual((empty["state"], empty["sittings"], empty["items"], empty["test"]["mean"]), ("ready", 0, [], None))

        for number in range(PEOPLE):
            if number == PEOPLE // 2:
                self.restart()
            self.sit(number)
        all_exams, found = self.compute(), self.compute(blueprint_id="ten")
        self.assertEqual({k: v for k, v in all_exams.items() if k != "computed_ms"}, {k: v for k, v in found.items() if k != "computed_ms"})
        self.assertEqual((found["sittings"], found["total"], found["next"], found["test"]["unit"], found["test"]["scale"]), (PEOPLE, ITEMS, "", "points", ITEMS))
        self.assertEqual(sum(one["sittings"] for one in found["test"]["scores"]), PEOPLE)
        flagged = next(row for row in found["items"] if "key_probably_wrong" in row["flags"])
        self.assertTrue(found["items"][0]["flags"])  # flagged ones first
        self.assertEqual((flagged["item_id"], found["flagged"]), (f"q-{WRONG}", sum(1 for row in found["items"] if row["flags"])))

        # The flag leads to the item, in the list and in its record; no model is made of 36 answers, and that is said.
        listed = self.editor.get("/bank/items?bank=measured&flag=key_probably_wrong&counts=1")
        self.assertEqual([row["item_id"] for row in listed["items"]], [f"q-{WRONG}"])
        self.assertIn({"value": "key_probably_wrong", "items": 1}, listed["counts"]["flag"])
        numbers = self.numbers(flagged)
        self.assertEqual(self.editor.get(f"/bank/items/{flagged['id']}")["statistics"], numbers)
        self.assertEqual((numbers["rasch"], numbers["two_pl"], found["minimum"]), (None, None, {"rasch": 100, "two_pl": 500}))
        self.assertEqual([o["text"] for o in numbers["options"]], [f"选项{WRONG}{letter}" for letter in "ABCD"])
        self.assertGreater(numbers["options"][1]["mean_rest"], numbers["options"][0]["mean_rest"])
        middle = (PEOPLE - 1) / 2
        self.assertAlmostEqual(numbers["median_seconds"], SECONDS[WRONG] + 0.1 * middle, places=9)
        self.assertAlmostEqual(numbers["lower_seconds"], SECONDS[WRONG] + 0.1 * middle / 2, places=9)
        self.assertEqual(len(numbers["by_month"]), 1)

        self.compare_with_the_command(found)
        self.correct_the_key(flagged)

    def compare_with_the_command(self, found):
        self.refused("not_allowed", 403, self.editor.get, "/bank/responses.csv?blueprint=ten")
        csv = self.admin.get("/bank/responses.csv?blueprint=ten")
        text = csv.decode()
        self.assertEqual(len(text.splitlines()), 1 + PEOPLE * ITEMS)
        for person in self.people:
            for secret in (person.name, person.id_number, person.phone):
                self.assertNotIn(secret, text)
        reckoned = self.reckoned(csv)
        self.assertEqual(reckoned["test"]["alpha"], found["test"]["alpha"])
        self.assertEqual((reckoned["test"]["mean"], reckoned["test"]["sem"]), (found["test"]["mean"], found["test"]["sem"]))
        by_id = {item["item"]: item for item in reckoned["items"]}
        self.assertEqual(len(by_id), ITEMS)
        same = ["facility", "sd", "point_biserial", "item_rest", "discrimination_index", "upper_lower", "alpha_if_deleted", "lower_seconds",
                "median_seconds", "upper_seconds", "left_open", "flags"]
        for row in found["items"]:
            ours, theirs = self.numbers(row), by_id["measured/" + row["item_id"]]
            self.assertEqual([ours[name] for name in same], [theirs[name] for name in same], row["item_id"])
            self.assertEqual([(o["chosen"], o["share"], o["mean_rest"], o["curve"]) for o in ours["options"]],
                             [(o["count"], o["share"], o["mean_rest"], o["curve"]) for o in theirs["options"]])
        later = self.admin.get(f"/bank/responses.csv?blueprint=ten&from_ms={iv.now_ms() + 60000}")
        self.assertEqual(later.decode().splitlines(), [text.splitlines()[0]])
        self.refused("bad_filter", 400, self.admin.get, "/bank/responses.csv?blueprint=ten&from_ms=soon")

    def correct_the_key(self, row):
        regrade = self.editor.post("/regrades", {"item": row["id"], "versions": [], "how": "new_key", "key": [1], "reason": "答案有误"})
        for state, then in (("ready", lambda r: self.other_admin.post(f"/regrades/{r['id']}/apply", {"changed": r["counts"]["changed"]})), ("applied", None)):
            for _ in range(100):
                regrade = self.editor.get(f"/regrades/{regrade['id']}?wait_ms=5000&seen={regrade['seen']}")
                if regrade["state"] == state:
                    break
            self.assertEqual(regrade["state"], state)
            if then:
                regrade = then(regrade)
        after = self.compute()
        now = next(one for one in after["items"] if one["id"] == row["id"])
        self.assertNotIn("key_probably_wrong", now["flags"])
        self.assertGreater(now["item_rest"], row["item_rest"])
        self.assertEqual(self.editor.get("/bank/items?bank=measured&flag=key_probably_wrong")["items"], [])
        key = [o["key"] for o in self.editor.get(f"/bank/items/{row['id']}")["statistics"]["options"]]
        self.assertEqual(key, [False, True, False, False])

    def test_the_bank_goes_out_in_every_format_and_says_what_it_loses(self):
        for form, start in (("native_json", b"{"), ("csv", b""), ("xlsx", b"PK"), ("gift", b""), ("moodle_xml", b"<?xml"), ("qti21", b"PK"), ("qti30", b"PK")):
            losses = self.editor.get(f"/admin/banks/measured/export-losses?format={form}&released=1")
            content = self.editor.get(f"/admin/banks/measured/export?format={form}&released=1")
            content = json.dumps(content).encode() if isinstance(content, (dict, list)) else content
            self.assertTrue(content.startswith(start), form)
            self.assertEqual((losses["items"], losses["left_out"], losses["lost"] == []), (ITEMS, 0, form in ("native_json", "gift", "moodle_xml")), form)
            path = self.folder / f"out.{form}"
            path.write_bytes(content)
            if form in ("gift", "moodle_xml", "qti21", "qti30"):
                report = self.folder / "report.json"
                subprocess.run([iv.binary("invigil-bank"), "import", str(path), "--id", "again", "--role", "special_operations", "--report", str(report)], capture_output=True, check=True)
                read = json.loads(report.read_text())["files"][0]
                self.assertEqual((read["rows"], read["imported"], read["refused"]), (ITEMS, ITEMS, []), form)
        self.refused("bad_filter", 400, self.editor.get, "/admin/banks/measured/export?format=docx")
        self.refused("no_such_bank", 404, self.editor.get, "/admin/banks/another/export?format=csv")


def load_tests(loader, tests, pattern):
    suite = unittest.TestSuite([loader.loadTestsFromTestCase(StatisticsTest)])

    class EveryEndpoint(unittest.TestCase):
        def runTest(self):
            walked = {name for name in operations(of_item_bank=True) if name in
                      {"bankStatistics", "computeStatistics", "itemStatistics", "exportResponses", "exportBank", "exportLosses"}}
            self.assertEqual((len(walked), sorted(walked - StatisticsTest.answered)), (6, []))

    suite.addTest(EveryEndpoint())
    return suite


if __name__ == "__main__":
    unittest.main()
