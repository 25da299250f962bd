# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Sealed papers as people meet them: 200 kiosks that start in the same second, and a batch from seal to audit."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from hall_case import CONTRACT, HallCase, change_database, is_about_papers, iv, low_voltage_banks

sys.path.insert(0, str(iv.ROOT / "tests" / "bench"))
from starts import admitted_kiosks, start_all  # noqa: E402

FILES = ("freeze.json", "seal.json", "papers.jsonl", "reveal.json", "log.txt")


def audit(folder):
    """What invigil-bank says about a folder: its status and its report."""
    done = subprocess.run([iv.binary("invigil-bank"), "audit", str(folder), "--json"], capture_output=True, text=True, timeout=120)
    return done.returncode, json.loads(done.stdout)


class BatchTest(HallCase):
    banks = low_voltage_banks()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editors = [cls.hall.make_account(name, "editor") for name in ("editor-a", "editor-b")]
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-batch-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def test_from_a_blueprint_to_an_audit_on_another_machine(self):
        self.blueprint_by_two_people()
        batch = self.seal()
        sitting, manage = self.sit(batch)
        self.closed_until_revealed(batch)
        self.reveal(batch, sitting, manage)
        self.audited_from_the_published_files_alone(batch)
        called = {op["operationId"] for path, verbs in CONTRACT.document["paths"].items() if is_about_papers(path)
                  for op in verbs.values() if not op.get("x-planned")}
        self.assertEqual(sorted(called - self.answered), [], "endpoints that never answered 200")

    def blueprint_by_two_people(self):
        editor, second = self.editors
        content = json.loads(editor.get(f"/blueprints/{iv.LOW_VOLTAGE}")["content"])
        content |= {"id": "short", "title": {"zh": "短卷", "en": "Short paper"}, "topics": [], "pass_points": 8,
                    "parts": [{"type": "true_false", "count": 400, "points_each": 1}, {"type": "single_choice", "count": 5, "points_each": 1}]}
        complained = editor.post("/preflight", {"content": json.dumps(content), "papers": 30})
        self.assertFalse(complained["feasible"])
        finding = next(f for f in complained["findings"] if f["kind"] == "short")
        self.assertEqual(finding["by"], 400 - finding["stock"], finding)
        self.assertIn("parts[0]", finding["where"])
        content["parts"][0]["count"] = 5
        self.assertTrue(editor.post("/preflight", {"content": json.dumps(content), "papers": 30})["feasible"])
        made = editor.post("/blueprints", {"content": json.dumps(content), "reason": "短卷"})
        self.assertEqual((made["row"]["version"], made["row"]["used_version"], made["may_release"]), (1, 0, False))
        content["minutes"] = 20
        saved = editor.put("/blueprints/short", {"version": 1, "content": json.dumps(content), "reason": "二十分钟"})
        self.assertEqual(json.loads(editor.get("/blueprints/short/version?number=1")["content"])["minutes"], 120)
        self.refused("released_by_author", 409, editor.post, "/blueprints/short/release", {"version": 2})
        editor.put("/blueprints/short/settings", {"papers_per_batch": 30, "seal_when_left": 1, "embargo_days": 30})
        self.assertEqual(second.post("/blueprints/short/release", {"version": saved["row"]["version"]})["row"]["used_version"], 2)
        iv.wait_for_papers(self.admin, ["short"])

    def seal(self):
        first = self.editors[0].get("/batches?blueprint=short")["batches"][0]
        self.assertEqual((first["state"], first["papers"], first["made_by"], first["figures"]["violations"]), ("sealed", 30, "server", 0))
        gone = self.editors[0].post(f"/batches/{first['id']}/withdraw", {"reason": "重新封存"})
        self.assertEqual(gone["batch"]["state"], "withdrawn")
        iv.wait_for_papers(self.admin, ["short"])  # the server has seen that none is left
        self.refused("reason_needed", 400, self.editors[0].post, "/batches", {"blueprint_id": "short", "papers": 10, "reason": " "})
        asked = self.editors[0].post("/batches", {"blueprint_id": "short", "papers": 10, "reason": "多备一批"})
        self.assertEqual(asked["state"], "sealing")
        iv.wait_for_papers(self.admin, ["short"])
        second = self.editors[0].get("/batches?blueprint=short&state=sealed")["batches"][-1]  # the older one is taken first
        self.refused("batch_is_stale", 409, self.admin.post, f"/batches/{first['id']}/reveal", {"withdraw_unused": 1})
        return second["id"]

    def sit(self, batch):
        site, seats = iv.make_site(self.admin, seats=1)
        person = iv.Person(1, "演示甲", "short")
        iv.make_candidate(self.admin, person)
        booking, _ = iv.open_booking(self.server, person)
        manage = iv.reserve(booking, site["id"])
        kiosk = self.hall.kiosk(seats[0]["id"]).api()
        sitting = iv.start_sitting(kiosk, self.hall.reviewer, person, manage["code"])
        self.assertEqual((len(sitting["items"]), (sitting["deadline_ms"] - sitting["started_ms"]) // 60000), (10, 20))
        kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")
        self.assertEqual(self.admin.get(f"/batches/{batch}")["batch"]["used"], 1)
        return sitting["id"], manage["manage_token"]

    def closed_until_revealed(self, batch):
        for name in ("papers.jsonl", "reveal.json"):
            self.refused("batch_not_revealed", 409, self.admin.get, f"/batches/{batch}/file?name={name}")
        self.refused("not_allowed", 403, self.hall.reviewer.get, f"/batches/{batch}/file?name=freeze.json")
        self.refused("no_such_batch", 404, self.server.api().get, f"/published/{batch}?name=freeze.json")
        self.refused("batch_not_used_up", 409, self.admin.post, f"/batches/{batch}/reveal", {"withdraw_unused": 29})
        self.refused("no_audit_yet", 404, self.admin.get, f"/batches/{batch}/audit")
        seal = self.admin.get(f"/batches/{batch}/file?name=seal.json")
        self.assertEqual(len(json.loads(seal)["leaves"]), self.admin.get(f"/batches/{batch}")["batch"]["papers"])

    def reveal(self, batch, sitting, manage):
        change_database(self.server.data, "update paper_batch set embargo_ms = 0 where id = ?", batch)  # a month later
        head = self.hall.authority.get(f"/batches/{batch}")
        self.assertTrue(head["reveal"]["allowed"], head)
        unused = head["batch"]["unused"]
        revealed = self.hall.authority.post(f"/batches/{batch}/reveal", {"withdraw_unused": unused})
        self.assertEqual((revealed["batch"]["state"], revealed["batch"]["withdrawn"]), ("revealed", unused))
        proof = self.admin.get(f"/sittings/{sitting}/proof")
        self.assertEqual(self.server.api().post("/manage/proof", {"token": manage}), proof)
        self.assertEqual((proof["batch_id"], proof["revealed"]), (batch, True))
        seen = self.hall.authority.post(f"/batches/{batch}/audit")["batch"]["seen"]
        for _ in range(60):
            head = self.hall.authority.get(f"/batches/{batch}?wait_ms=2000&seen={seen}")["batch"]
            if head["verdict"] != "none":
                break
            seen = head["seen"]
        report = self.hall.authority.get(f"/batches/{batch}/audit")
        self.assertEqual((report["verdict"], report["failures"], report["takes_checked"]), ("PASS", [], 1))

    def download(self, batch, name):
        """With no account at all."""
        folder = self.folder / name
        folder.mkdir()
        anyone = self.server.api()
        self.assertIn(batch, [b["id"] for b in anyone.get("/published")["batches"]])
        for file in FILES:
            (folder / file).write_bytes(anyone.get(f"/published/{batch}?name={file}"))
        return folder

    def audited_from_the_published_files_alone(self, batch):
        folder = self.download(batch, "published")
        status, report = audit(folder)
        self.assertEqual((status, report["verdict"], report["failures"], report["takes"]), (0, "PASS", [], 1), report)
        node = shutil.which("node") or shutil.which("nodejs")
        if node:
            done = subprocess.run([node, str(iv.ROOT / "tests" / "assembly-js" / "invigil-assembly.mjs"), str(folder)],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("byte-identical", done.stdout)
        for file in FILES:
            with self.subTest(one_bit_of=file):
                changed = self.folder / f"bit-{file}"
                shutil.copytree(folder, changed)
                content = bytearray((changed / file).read_bytes())
                content[len(content) // 2] ^= 1
                (changed / file).write_bytes(content)
                status, report = audit(changed)
                self.assertEqual((status, report["verdict"]), (1, "FAIL"))
                self.assertTrue(any(file in failure or ".json" in failure for failure in report["failures"]), report["failures"])
        swapped = self.folder / "swapped"
        shutil.copytree(folder, swapped)
        lines = (swapped / "papers.jsonl").read_text().splitlines(keepends=True)
        lines[0], lines[1] = lines[1], lines[0]
        (swapped / "papers.jsonl").write_text("".join(lines))
        status, report = audit(swapped)
        self.assertEqual(status, 1)
        self.assertTrue(any("papers.jsonl: 2" in failure for failure in report["failures"]), report["failures"])


class SameSecondTest(HallCase):
    """Two hundred kiosks, one second."""

    banks = low_voltage_banks()

    def test_each_of_200_kiosks_gets_a_paper_of_its_own(self):
        iv.set_papers(self.admin, papers=250)
        self.admin.post("/batches", {"blueprint_id": iv.LOW_VOLTAGE, "papers": 250, "reason": "200 台考试机同时开考"})
        iv.wait_for_papers(self.admin, [iv.LOW_VOLTAGE])
        kiosks = admitted_kiosks(self.hall, 200)
        results = [reply for reply, _ in start_all(kiosks)]
        self.assertEqual([r for r in results if not isinstance(r, dict)], [])
        papers = {(p["batch_id"], p["slot"]) for p in (self.admin.get(f"/sittings/{r['id']}/proof") for r in results)}
        self.assertEqual(len(papers), 200)
        asked = {tuple(item["stem"] for item in r["items"]) for r in results}
        self.assertEqual(len(asked), 200, "two people got the same questions in the same order")
        self.assertTrue(all(len(r["items"]) == 100 for r in results))


if __name__ == "__main__":
    unittest.main()
