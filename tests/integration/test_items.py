# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The life of an item through the real server: two editors, a kiosk, and nobody who may not."""

import base64
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from hall_case import HallCase, iv, operations

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


def choice(stem, **more):
    return {"type": "single_choice", "stem": stem, "options": ["甲", "乙", "丙"], "key": [1], **more}


def account(hall, name, role):
    made = hall.admin.post("/admin/accounts", {"name": name, "display": name, "role": role})
    api = hall.server.staff(name, made["password"])
    api.post("/staff/password", {"old": made["password"], "new": "a long pass phrase for " + role})
    return api


class ItemsCase(HallCase):
    """A hall whose only exam has two items of one small bank."""

    banks = []

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="invigil-items-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "two.json").write_text(json.dumps({
            "format": "invigil-blueprint", "version": 1, "id": iv.LOW_VOLTAGE, "title": {"zh": "两题", "en": "Two items"},
            "role": "special_operations", "category": "1.2", "minutes": 30, "pass_points": 2,
            "parts": [{"type": "single_choice", "count": 2, "points_each": 1}]}))
        cls.options = {"blueprints": cls.folder}
        super().setUpClass()
        cls.editor, cls.second = account(cls.hall, "first-editor", "editor"), account(cls.hall, "second-editor", "editor")
        bank = cls.folder / "bank.json"
        bank.write_text(json.dumps({
            "format": "invigil-bank", "version": 1, "id": "two-items", "title": {"zh": "小题库"}, "roles": ["special_operations"],
            "items": [{"id": "start", "type": "single_choice", "stem": "开始", "options": ["甲", "乙"], "key": ["A"]}]}))
        iv.import_bank(cls.admin, bank)

    def make(self, content, **more):
        return self.editor.post("/bank/items", {"bank_id": "two-items", "content": content, **more})

    def move(self, api, detail, move, reason=""):
        return api.post(f"/bank/items/{detail['row']['id']}/transition",
                        {"move": move, "version": detail["row"]["version"], "reason": reason})

    def release(self, detail):
        self.move(self.editor, detail, "submit")
        return self.move(self.second, detail, "release")


    def wait(self, path, ended, api=None):
        """Follows something by long polls until it is in one of the states `ended`."""
        seen = ""
        for _ in range(100):
            now = (api or self.editor).get(f"{path}?wait_ms=5000&seen={seen}")
            if now["state"] in ended:
                return now
            seen = now["seen"]
        self.fail(f"{path} never ended: {now}")


class LifeOfAnItem(ItemsCase):
    def test_from_a_draft_with_a_picture_to_the_kiosk_and_out_again(self):
        picture = self.editor.post("/bank/media", raw=PNG, content_type="image/png")["name"]
        self.assertEqual(self.second.get(f"/bank/media/{picture}"), PNG)
        self.editor.post("/bank/stimuli", {"bank_id": "two-items", "id": "case", "version": 0, "markup": "html",
                                           "text": "<p>某变电站<b>停电检修</b>。</p>", "reason": "新建"})
        self.assertEqual(self.editor.get("/bank/stimuli?bank=two-items")["stimuli"][0]["version"], 1)
        content = choice(f'<p>图中是（ ）。<img src="media:{picture}" alt="图"></p>', markup="html", stimulus="case",
                         explanation="因为图上画着绝缘手套", option_notes=["", "这一条是对的", ""])
        made = self.make(content, item_id="pictured")
        self.assertEqual([p["id"] for p in made["problems"]], [])
        self.refused("released_by_author", 409, self.move, self.editor, self.move(self.editor, made, "submit"), "release")
        released = self.move(self.second, made, "release")
        self.assertEqual(released["row"]["state"], "released")

        item = released["row"]["id"]
        changed = self.editor.put(f"/bank/items/{item}", {"version": 1, "reason": "改题干",
                                                          "content": {**content, "title": "绝缘手套"}})
        self.assertEqual((changed["row"]["version"], changed["row"]["released_version"]), (2, 1))
        self.assertEqual(self.editor.get(f"/bank/items/{item}/version?number=1")["content"]["title"], "")
        self.assertEqual(self.editor.get(f"/bank/items/{item}/diff?from=1&to=2")["fields"],
                         [{"field": "title", "before": "", "after": "绝缘手套"}])
        self.assertEqual(self.editor.get("/bank/items?counts=1&q=" + urllib.parse.quote("绝缘手套"))["total"], 1)
        self.assertIn("draft", [m["to"] for m in self.editor.get("/bank/transitions")["moves"]])
        self.assertGreater(len(self.editor.get("/taxonomy")["topics"]), 100)
        self.at_the_kiosk(picture, content)

        out = self.move(self.editor, self.editor.get(f"/bank/items/{item}"), "retire", "不再使用")
        self.assertEqual((out["row"]["state"], out["row"]["in_use"]), ("retired", False))
        self.assertEqual([h["move"] for h in out["history"]], ["retire", "edited", "release", "submit", "made"])
    def at_the_kiosk(self, picture, content):
        """On the paper as it was released, with its picture, without anything that gives the key away."""
        iv.wait_for_papers(self.admin, [iv.LOW_VOLTAGE])
        _, seats = iv.make_site(self.admin, seats=2)
        kiosk = self.hall.kiosk(seats[0]["id"]).api()
        self.refused("no_such_media", 404, kiosk.get, f"/kiosk/media/{picture}")
        person = iv.Person(1, "演示甲")
        iv.make_candidate(self.admin, person)
        sitting = iv.start_sitting(kiosk, self.hall.reviewer, person)
        self.assertEqual(iv.leaks(sitting, [content["explanation"], "这一条是对的"]), [])
        shown = next(i for i in sitting["items"] if i.get("markup") == "html")
        self.assertEqual((shown["stem"], shown["stimulus"]["text"]), (content["stem"], "<p>某变电站<b>停电检修</b>。</p>"))
        self.assertEqual(kiosk.get(f"/kiosk/media/{picture}"), PNG)
        self.refused("no_such_media", 404, kiosk.get, "/kiosk/media/" + "0" * 32 + ".png")
        other = self.hall.kiosk(seats[1]["id"]).api()
        self.refused("no_such_media", 404, other.get, f"/kiosk/media/{picture}")
        kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")
        self.refused("no_such_media", 404, kiosk.get, f"/kiosk/media/{picture}")

    def test_only_editors_and_administrators_see_items(self):
        for path in ("/bank/items", "/bank/stimuli?bank=two-items", "/taxonomy", "/admin/banks"):
            for api in (self.hall.reviewer, self.hall.authority):
                self.refused("not_allowed", 403, api.get, path)
            self.refused("not_signed_in", 401, self.server.api().get, path)
            self.editor.get(path)
        self.refused("not_allowed", 403, self.editor.get, "/admin/accounts")
        self.refused("not_allowed", 403, self.editor.post, "/admin/candidates/search", {"q": ""})

    def test_an_unfinished_draft_is_left_out_of_every_export_and_named(self):
        draft = self.make({"type": "single_choice", "stem": "还没有答案的草稿", "options": ["甲", "乙"], "key": []})
        longest = self.make(choice("选项很长的草稿", options=["甲" * 4000, "乙"]))
        self.addCleanup(lambda: [self.move(self.editor, one, "retire", "练习") for one in (draft, longest)])
        for form in ("native_json", "csv", "xlsx", "gift", "moodle_xml", "qti21", "qti30"):
            with self.subTest(form):
                losses = self.editor.get(f"/admin/banks/two-items/export-losses?format={form}")
                named = [one["what"]["zh"] for one in losses["lost"] if one["code"] == "left_out"]
                self.assertEqual(named, ["没有导出：还没有答案"], losses)
                self.assertTrue(self.editor.get(f"/admin/banks/two-items/export?format={form}"))

    def test_two_editors_at_once_cannot_overwrite_each_other(self):
        made = self.make(choice("同时修改"))
        path = f"/bank/items/{made['row']['id']}"

        def change(api, stem):
            return lambda: api.put(path, {"version": 1, "reason": "改", "content": choice(stem)})

        answers = iv.together([change(self.editor, "甲的"), change(self.second, "乙的")])
        done = [a for a in answers if isinstance(a, dict)]
        refused = [a.id for a in answers if isinstance(a, iv.Refused)]
        self.assertEqual((len(done), refused), (1, ["version_is_not_newest"]))
        self.refused("wrong_shape", 400, self.editor.put, path, {"version": 0, "reason": "x", "content": choice("x")})
        self.refused("media_not_a_picture", 400, self.editor.post, "/bank/media", raw=b"<svg/>", content_type="image/png")


class ImportOfABank(ItemsCase):
    def begin(self, bank_id, content, **more):
        draft = self.editor.post("/bank/imports", {"bank_id": bank_id, "file_name": "题库.json", **more})
        self.editor.put(f"/bank/imports/{draft['id']}/file", raw=content, content_type="application/octet-stream")
        return f"/bank/imports/{draft['id']}"

    def test_a_file_of_the_field_is_read_mended_and_accepted(self):
        rows = [{"category": "单选", "title": f"第{n}题", "choices": "**A、甲**B、乙**C、丙", "answer": "B"} for n in range(2000)]
        rows[7]["answer"] = "H"
        path = self.begin("field", json.dumps(rows).encode(), title="网上题库", roles=["special_operations"])
        draft = self.wait(path, ("ready", "failed"))
        self.assertEqual((draft["state"], draft["counts"]["imported"], draft["counts"]["refused"]), ("ready", 1999, 1))
        self.assertIn(draft["id"], [d["id"] for d in self.editor.get("/bank/imports?state=ready")["imports"]])
        refused = self.editor.get(path + "/rows?kind=refused")["rows"]
        self.assertEqual(refused[0]["place"]["row"], 8)
        self.editor.put(f"/bank/import-rows/{refused[0]['id']}", {"left_out": False, "seen": refused[0]["seen"], "content": choice("第7题")})
        self.assertEqual(self.editor.get(path + "/report")["files"][0]["imported"], 2000)
        self.assertTrue(self.editor.get(path + "/report.xlsx").startswith(b"PK"))
        self.assertNotIn("field", [b["id"] for b in self.editor.get("/admin/banks")["banks"]])
        job = self.editor.post(path + "/accept", {"state": "draft", "missing": "keep"})["job_id"]
        self.assertEqual(self.wait(f"/jobs/{job}", ("done", "failed", "cancelled"))["state"], "done")
        self.assertEqual(self.wait(path, ("accepted",))["job_id"], "")
        self.assertEqual(self.editor.get("/bank/items?bank=field&state=draft")["total"], 2000)
        self.assertIn(job, [j["id"] for j in self.editor.get("/jobs")["jobs"]])
        job = self.editor.post("/bank/bulk", {"filter": {"bank": "field"}, "change": {"move": "submit"}, "reason": "送审"})
        self.assertEqual(self.wait(f"/jobs/{job['id']}", ("done", "failed"))["result"]["changed"], 2000)
        release = {"filter": {"bank": "field"}, "change": {"move": "release"}, "reason": "审核通过"}
        own = self.wait(f"/jobs/{self.editor.post('/bank/bulk', release)['id']}", ("done", "failed"))["result"]
        self.assertEqual((own["changed"], own["refusals"][0]["why"]["id"]), (0, "released_by_author"))
        other = self.wait(f"/jobs/{self.second.post('/bank/bulk', release)['id']}", ("done", "failed"))["result"]
        self.assertEqual((other["changed"], other["refused"]), (2000, 0))
        self.assertEqual(self.editor.get("/bank/items?bank=field&in_use=1")["total"], 2000)

    def test_a_second_person_releases_a_bank_at_once(self):
        bank = {"format": "invigil-bank", "version": 1, "id": "set-up", "title": {"zh": "初始题库"}, "roles": ["principal"],
                "items": [{"id": "a", "type": "true_false", "stem": "题", "key": True}]}
        path = self.begin("set-up", json.dumps(bank).encode())
        self.wait(path, ("ready", "failed"))
        self.editor.post(path + "/read", {"format": "native_json"})
        self.wait(path, ("ready", "failed"))
        self.refused("not_allowed", 403, self.editor.post, path + "/accept", {"state": "released", "missing": "keep"})
        self.admin.post(path + "/accept", {"state": "released", "missing": "keep"})
        self.refused("released_by_author", 409, self.admin.post, path + "/confirm")
        self.second.post(path + "/confirm")
        self.wait(path, ("accepted",))
        self.assertEqual(self.editor.get("/bank/items?bank=set-up&in_use=1")["total"], 1)

    def test_what_is_no_bank_is_refused_with_a_reason_and_thrown_away(self):
        path = self.begin("junk", b"\x00\x01\x02")
        draft = self.wait(path, ("ready", "failed"))
        self.assertEqual((draft["state"], draft["error"]["id"]), ("failed", "bad_text"))
        # The draft fails a moment before its job has ended; other jobs may have begun since.
        job = next(one for one in self.editor.get("/jobs")["jobs"] if one["kind"] == "import_read")
        self.wait(f"/jobs/{job['id']}", ("failed",))
        self.assertEqual(self.editor.post(f"/jobs/{job['id']}/cancel")["state"], "failed")  # it has ended; nothing to stop
        self.assertEqual(self.editor.post(path + "/discard")["state"], "discarded")
        self.refused("import_wrong_state", 409, self.editor.post, path + "/accept", {"state": "draft", "missing": "keep"})


def load_tests(loader, tests, pattern):
    """The classes in order, and after them: was every endpoint of the item bank called?"""
    cases = (LifeOfAnItem, ImportOfABank)
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)

    class EveryEndpoint(unittest.TestCase):
        def runTest(self):
            answered = set().union(*(case.answered for case in cases))
            elsewhere = ("egrade", "tatistics", "export")  # test_regrade.py, test_statistics.py
            walked = {name for name in operations(of_item_bank=True) if not any(word in name for word in elsewhere)}
            self.assertEqual(sorted(walked - answered), [])

    suite.addTest(EveryEndpoint())
    return suite


if __name__ == "__main__":
    unittest.main()
