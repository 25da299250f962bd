# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of openapi.yaml (those of the item bank: test_items.py) is called as its users call it, and every answer
keeps the contract."""

import base64
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from hall_case import CONTRACT, HallCase, change_database, iv, low_voltage_banks, operations
import segments
from kiosk_program import draw_face


class ContractTest(HallCase):
    banks = low_voltage_banks()

    @classmethod
    def setUpClass(cls):
        cls.no_models = tempfile.TemporaryDirectory(prefix="invigil-no-models-")
        cls.addClassCleanup(cls.no_models.cleanup)
        cls.options = {"models": cls.no_models.name}
        super().setUpClass()
        cls.keys = iv.Keys(cls.banks)
        cls.to_kiosk = []

    def kiosk(self, seat_id):
        """A kiosk whose every answer is kept, to look for keys in it."""
        api = self.hall.kiosk(seat_id).api()
        call = api.call

        def recorded(*arguments, **more):
            answer = call(*arguments, **more)
            self.to_kiosk.append(answer)
            return answer

        api.call = recorded
        return api

    def test_a_day_of_the_hall_touches_every_endpoint(self):
        self.administration()
        self.first_exam_by_face_check_report()
        self.second_exam_by_reviewer_and_walk_in()
        self.signing_out()
        missing = sorted(operations(of_item_bank=False) - self.answered)
        self.assertEqual(missing, [], "endpoints that never answered 200")
        for message in self.to_kiosk:
            self.assertEqual(iv.leaks(message, [e for e in self.keys.explanations if len(e) > 5]), [])

    def administration(self):
        admin = self.admin
        health = admin.get("/health")
        self.assertEqual((health["status"], health["face_data_filing"], health["clock_ahead_ms"]), ("ok", "below", 0))
        self.assertEqual({life["level"] for life in health["certificates"].values()}, {"ok"})
        self.assertEqual(admin.get("/admin/face-data")["persons"], 0)
        self.assertEqual(admin.get("/staff/me")["role"], "administrator")
        self.site, seats = iv.make_site(admin, seats=2, policy=iv.demo_policy(
            liveness={**iv.LIVENESS, "challenge_steps": 2, "usb_ids": ["046D:0825"]}))
        self.assertEqual(self.site["policy"]["liveness"]["usb_ids"], ["046d:0825"])
        change = {key: self.site[key] for key in ("name", "address", "time_zone", "hours", "policy", "disabled")}
        change["name"] = iv.wording("示范考场（改名）", "Renamed hall")
        admin.put(f"/admin/sites/{self.site['id']}", change)
        self.assertEqual(admin.get("/admin/sites")["sites"][0]["name"]["en"], "Renamed hall")
        self.assertEqual(admin.get("/sites")["sites"][0]["seats"], 2)
        spare = admin.post(f"/admin/sites/{self.site['id']}/seats", {"room": "2", "label": "09", "disabled": False})
        admin.put(f"/admin/seats/{spare['id']}", {"room": "2", "label": "09", "disabled": True})
        kiosk = self.hall.kiosk(spare["id"])
        earlier = 600 * 86_400_000
        change_database(self.server.data, "update kiosk_certificate set issued_ms = issued_ms - ?, ends_ms = ends_ms - ?", earlier, earlier)
        kiosk.renew()
        admin.post(f"/admin/seats/{spare['id']}/revoke")
        self.seats = seats
        self.assertEqual(len(admin.get(f"/admin/sites/{self.site['id']}/seats")["seats"]), 3)

        banks = admin.get("/admin/banks")
        self.assertTrue(any(b["id"] == iv.LOW_VOLTAGE and b["drawable"] for b in banks["blueprints"]), banks)
        bank = banks["banks"][0]
        admin.put(f"/admin/banks/{bank['id']}", {"enabled": False})
        admin.put(f"/admin/banks/{bank['id']}", {"enabled": True})

        self.person, self.walker = iv.Person(1, "演示甲"), iv.Person(2, "演示乙")
        iv.make_candidate(admin, self.person)
        row = (f"name,id_type,id_number,phone,blueprint_id,training_done\n{self.walker.name},resident_id,"
               f"{self.walker.id_number},{self.walker.phone},{iv.LOW_VOLTAGE},1\n坏行,resident_id,123,1,x,1\n")
        report = admin.post("/admin/candidates/import", {"csv": row, "dry_run": True})
        self.assertEqual((report["rows"], report["imported"], len(report["refused"])), (2, 1, 1), report)
        admin.post("/admin/candidates/import", {"csv": row, "dry_run": False})
        self.assertEqual(admin.post("/admin/candidates/search", {"q": "", "limit": 10})["total"], 2)

        account = admin.post("/admin/accounts", {"name": "temporary", "display": "T", "role": "reviewer"})["account"]
        admin.put(f"/admin/accounts/{account['id']}", {"disabled": True})
        admin.put(f"/admin/accounts/{account['id']}", {"disabled": False})
        password = admin.post(f"/admin/accounts/{account['id']}/reset")["password"]
        self.temporary = self.server.staff("temporary", password)
        self.temporary.post("/staff/password", {"old": password, "new": "another long pass phrase"})
        self.assertIn("temporary", [a["name"] for a in admin.get("/admin/accounts")["accounts"]])

    def first_exam_by_face_check_report(self):
        booking, me = iv.open_booking(self.server, self.person)
        self.assertEqual((me["photos"], me["photos_max"]), (0, 3))
        self.photo = draw_face(1, pathlib.Path(self.no_models.name) / "face.jpg")
        self.assertFalse(iv.give_photo(booking, iv.tiny_jpeg())["accepted"])
        self.assertTrue(iv.give_photo(booking, self.photo)["accepted"])
        self.assertEqual(booking.get("/booking/me")["photos"], 1)
        self.assertEqual(booking.delete("/booking/photo")["photos"], 0)
        iv.give_photo(booking, self.photo)
        self.assertTrue(booking.post("/booking/photo", raw=self.photo, content_type="image/jpeg")["accepted"])
        self.booking = booking
        first = iv.reserve(booking, self.site["id"])
        starts = iv.free_slots(booking, self.site["id"])
        moved = booking.post("/manage/move", {"token": first["manage_token"], "site_id": self.site["id"],
                                              "start_ms": starts[1]})
        self.assertEqual(moved["reservation"]["start_ms"], starts[1])
        booking.post("/manage/cancel", {"token": first["manage_token"]})
        by_desk = iv.reserve(booking, self.site["id"])
        self.admin.post(f"/admin/reservations/{by_desk['id']}/cancel")
        reservation = iv.reserve(booking, self.site["id"])
        day = iv.site_today()
        rows = self.admin.post("/admin/reservations/search", {"site": self.site["id"], "day": day, "q": ""})
        rows = rows if rows["total"] else self.admin.post("/admin/reservations/search", {"site": "", "day": iv.site_today(days=1), "q": ""})
        self.assertGreater(rows["total"], 0)

        seat = next(s for s in self.seats if s["label"] == reservation["seat_label"])
        kiosk = self.kiosk(seat["id"])
        state = kiosk.get("/kiosk/state")
        camera = {"name": "Drawn", "driver": "", "bus": "", "usb_id": ""}
        engine = {"detector": "test", "landmarks": "", "verifier": "test", "verifier_sha256": "0" * 64, "pose": "", "texture": "",
                  "second": "", "camera": camera}
        kiosk.post("/kiosk/engine", engine)
        found = kiosk.post("/kiosk/find", {"kind": "code", "code": reservation["code"]})
        self.assertEqual(found["outcome"], "ready")
        path = f"/kiosk/admissions/{found['admission_id']}"
        given = {"given": True, "version": state["face_consent"]["version"], "language": "zh"}
        admission = kiosk.post(path + "/consent", given)
        self.assertEqual(admission["state"], "face")
        self.assertEqual([base64.b64decode(one) for one in admission["reference_photos"]], [self.photo, self.photo])
        report = {"camera_kind": "simulated", "similarity": 0.9, "frames": 5, "timed_out": False, "detector": "test",
                  "verifier": "test", "verifier_sha256": "0" * 64, "camera": camera,
                  "capture": base64.b64encode(iv.tiny_jpeg()).decode()}
        challenge = admission["challenge"]
        report["liveness"] = {"challenge_id": challenge["id"], "result": "passed", "why": "", "flatness": 0.3, "texture": None,
                              "steps": [{"action": action, "ms": 0} for action in reversed(challenge["actions"])], "light": None,
                              "track_breaks": 0, "same_person_min": 0.9, "second_distance": None, "replayed": False}
        again = kiosk.post(path + "/face", report)
        self.assertEqual((again["state"], again["why"], again["tries_left"]), ("face", "wrong_action", 2))
        self.refused("challenge_stale", 409, kiosk.post, path + "/face", report)
        report["liveness"]["challenge_id"] = again["challenge"]["id"]
        report["liveness"]["steps"] = [{"action": action, "ms": 0} for action in again["challenge"]["actions"]]
        self.assertEqual(kiosk.post(path + "/face", report)["state"], "admitted")
        record = self.admin.get(f"/admin/reservations/{reservation['id']}/admission")
        self.assertEqual([(one["decision"], one["layers"]["texture_skipped"], one["layers"]["engine"]) for one in record["checks"]],
                         [("again", True, engine), ("admitted", True, engine)])
        self.assertEqual(kiosk.get(path)["name"], self.person.name)
        sitting = kiosk.post("/kiosk/sittings", {"admission_id": found["admission_id"]})
        kiosk.post(f"/kiosk/sittings/{sitting['id']}/responses", {"responses": [
            {"position": item["position"], "revision": 1, "flagged": False,
             "chosen": self.keys.right(item["stem"], item["options"])} for item in sitting["items"]]})
        self.recording_of(kiosk, sitting)
        result = kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")
        self.assertEqual((result["points"], result["passed"], result["submitted_by"]), (100, True, "candidate"))
        self.assertEqual(kiosk.get(f"/kiosk/sittings/{sitting['id']}/result"), result)
        self.assertEqual(booking.post("/manage/view", {"token": reservation["manage_token"]})["result"], result)
        self.authority_finds_and_verifies(result)

    def recording_of(self, kiosk, sitting):
        """A segment goes in sealed and comes out to be watched by those who may; the second try finds it there."""
        path, began = f"/kiosk/sittings/{sitting['id']}", sitting["started_ms"]
        order = kiosk.post(path + "/recording")
        self.assertEqual((order["record"], order["next_number"]), (True, 1))
        key = base64.b64decode(order["film_key"])
        kiosk.post(path + "/recording-news", {"what": "began", "why": "", "at_ms": began, "segments": 0})
        sealed = segments.seal(key, sitting["id"], 1, began, began + 30_000, 150, b"half a minute of film" * 5000)
        sha256 = hashlib.sha256(sealed).hexdigest()
        for _ in range(2):
            kept = kiosk.call("PUT", f"/api/v1{path}/segment?sha256={sha256}", raw=sealed, content_type="application/octet-stream")
            self.assertEqual(kept, {"number": 1, "damaged": False})
        self.refused("segment_torn", 400, kiosk.call, "PUT", f"/api/v1{path}/segment?sha256={sha256}", raw=sealed[:-1],
                     content_type="application/octet-stream")
        report = {"place": 1, "kind": "absent", "began_ms": began, "ended_ms": began + 5000, "measure": "notice", "score": 0, "engine": "test",
                  "evidence": []}
        left = segments.seal(key, sitting["id"], 1, began, began, 1, json.dumps(report).encode())
        kiosk.put(path + "/sealed-incident", raw=left, content_type="application/octet-stream")
        stored = (self.server.data / "recordings" / sitting["id"] / "1.segment").read_bytes()
        self.assertEqual(stored, sealed)
        self.assertEqual(segments.unseal(key, stored)[0]["frames"], 150)
        for viewer in (self.hall.reviewer, self.admin):
            listed = viewer.get("/recordings")["recordings"]
            self.assertEqual([one["sitting_id"] for one in listed], [sitting["id"]])
            self.assertEqual(viewer.get(f"/recordings/{sitting['id']}")["covered_ms"], 30_000)
            film = viewer.get(f"/recordings/{sitting['id']}/segment?number=1")
            self.assertEqual(film, b"half a minute of film" * 5000)
            self.assertEqual(viewer.get("/recording-storage")["bytes"], len(sealed))
        self.refused("not_allowed", 403, self.hall.authority.get, f"/recordings/{sitting['id']}/segment?number=1")
        self.refused("not_signed_in", 401, self.server.api().get, f"/recordings/{sitting['id']}")

    def authority_finds_and_verifies(self, result):
        authority, credential = self.hall.authority, result["credential"]
        records = authority.post("/authority/query", {**self.person.document(), "name": self.person.name})["records"]
        self.assertEqual([(r["points"], r["passed"], r["admitted_by"], r["certificate_id"]) for r in records],
                         [(100, True, "face", credential["id"])])
        other = authority.post("/authority/query", {**self.person.document(), "name": "别人"})
        self.assertEqual(other["records"], [], "the number alone must not be enough")
        for text in (credential["text"], credential["id"]):
            answer = authority.post("/authority/verify", {"text": text})
            self.assertTrue(answer["valid"] and answer["on_record"], answer)
        changed = credential["text"][:-3] + ("0" if credential["text"][-3] != "0" else "1") + credential["text"][-2:]
        self.assertFalse(authority.post("/authority/verify", {"text": changed})["valid"])
        trust = self.hall.folder / "trust.json"
        trust.write_bytes(self.server.api().send("GET", "/api/v1/trust")[2])
        for text, status in ((credential["text"], 0), (changed, 1)):
            done = subprocess.run([iv.binary("invigil-verify"), "--trust", str(trust), text], capture_output=True,
                                  text=True, timeout=60, env={"PATH": os.environ["PATH"]})
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)

    def second_exam_by_reviewer_and_walk_in(self):
        kiosk = self.kiosk(self.seats[1]["id"])
        found = kiosk.post("/kiosk/walkin", {**self.walker.document(), "phone_last4": self.walker.phone[-4:]})
        self.assertEqual(found["outcome"], "ready")
        path = f"/kiosk/admissions/{found['admission_id']}"
        kiosk.post(path + "/consent", {"given": False, "language": "en",
                                       "version": kiosk.get("/kiosk/state")["face_consent"]["version"]})
        kiosk.post(path + "/review", {"why": "asked", "capture": base64.b64encode(iv.tiny_jpeg()).decode()})
        reviewer = self.hall.reviewer
        queue = reviewer.get("/review/queue")
        case = next(c for c in queue["cases"] if c["state"] == "waiting")
        self.assertEqual((case["name"], case["has_capture"]), (self.walker.name, False), "a picture of who declined")
        self.refused("no_photo", 404, reviewer.get, f"/review/cases/{case['admission_id']}/capture")
        self.refused("no_photo", 404, reviewer.get, f"/review/cases/{case['admission_id']}/reference")
        self.reference_of_a_face_case()
        self.refused("reason_missing", 400, reviewer.post, f"/review/cases/{case['admission_id']}/decision",
                     {"decision": "refuse", "reason": iv.wording("", "")})

        # The kiosk's long poll ends when the reviewer has decided, not before.
        def wait():
            return kiosk.get(f"{path}?wait_ms=20000&state=waiting")

        def decide():
            return reviewer.post(f"/review/cases/{case['admission_id']}/decision", {"decision": "admit", "reason": iv.wording("相符", "The same")})

        waited, decided = iv.together([wait, decide])
        self.assertEqual((waited["state"], decided["state"]), ("admitted", "admitted"), (waited, decided))
        self.refused("case_decided", 409, reviewer.post, f"/review/cases/{case['admission_id']}/decision",
                     {"decision": "refuse", "reason": iv.wording("改变主意", "Changed my mind")})
        self.assertNotEqual(reviewer.get(f"/review/queue?wait_ms=50&version={queue['version']}")["version"],
                            queue["version"])
        sitting = kiosk.post("/kiosk/sittings", {"admission_id": found["admission_id"]})
        self.hall_of(kiosk, sitting)
        empty = kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")
        self.assertEqual(empty["submitted_by"], "invigilator")
        self.assertEqual((empty["points"], empty["passed"], empty["credential"], empty["attempts_left"]),
                         (0, False, None, 1))
        makeup, me = iv.open_booking(self.server, self.walker)
        self.assertEqual([(e["state"], e["is_makeup"]) for e in me["eligibilities"]], [("open", True)])
        makeup.post("/booking/logout")

    def hall_of(self, kiosk, sitting):
        """An incident, what the remote invigilator does about it, and the end of the sitting by a person."""
        reviewer, path = self.hall.reviewer, f"/kiosk/sittings/{sitting['id']}"
        report = {"place": 1, "kind": "second_person", "began_ms": sitting["now_ms"], "ended_ms": None, "measure": "warning", "score": 0.6,
                  "engine": "test", "evidence": [{"place": 1, "at_ms": sitting["now_ms"], "jpeg": base64.b64encode(iv.tiny_jpeg()).decode()}]}
        told = kiosk.post(path + "/incidents", report)
        self.assertEqual((told["state"], told["monitor"]), ("running", False))  # this person declined the camera
        board = reviewer.get(f"/hall/board?site={self.site['id']}")
        seat = next(one for one in board["seats"] if one["sitting_id"] == sitting["id"])
        self.assertEqual((seat["state"], seat["incident"]["kind"]), ("sitting", "second_person"))
        record = reviewer.get(f"/hall/sittings/{sitting['id']}")
        incident = record["incidents"][0]
        self.assertEqual(reviewer.get(f"/hall/evidence/{incident['evidence'][0]['id']}"), iv.tiny_jpeg())
        reviewer.post(f"/hall/incidents/{incident['id']}/decision", {"decision": "dismissed", "note": "工作人员路过"})
        hall = f"/hall/sittings/{sitting['id']}"
        reviewer.post(hall + "/message", {"kind": "notice", "text": iv.wording("请坐正。", "Please sit up.")})
        reviewer.post(hall + "/pause", {"reason": "核对身份", "message": iv.wording("请稍等。", "Please wait.")})
        told = kiosk.get(path + "/orders?seen=1")
        self.assertEqual((told["why"], told["message"]["en"], told["orders"][0]["text"]["zh"]), ("invigilator", "Please wait.", "请稍等。"))
        self.refused("sitting_paused", 409, kiosk.post, path + "/submit")
        reviewer.post(hall + "/resume")
        reviewer.post(hall + "/extend", {"minutes": 5, "reason": "停电"})
        self.assertEqual(reviewer.post(hall + "/withdraw")["entries"][-1]["what"], "consent_withdrawn")
        orders = kiosk.get(path + "/orders?seen=0")
        self.assertEqual([one["kind"] for one in orders["orders"]], ["notice", "pause", "resume", "extend"])
        self.assertGreaterEqual(orders["deadline_ms"], sitting["deadline_ms"] + 300_000)
        record = reviewer.post(hall + "/end", {"reason": "他人代答"})
        self.assertEqual(record["state"], "finished")

    def reference_of_a_face_case(self):
        """The reference photo of the first candidate, as the reviewer sees it when the face check cannot decide."""
        person = iv.Person(3, "演示丙")
        iv.make_candidate(self.admin, person)
        booking, _ = iv.open_booking(self.server, person)
        iv.give_photo(booking, self.photo)
        site, seats = iv.make_site(self.admin, "第二考场", "Second hall")
        reservation = iv.reserve(booking, site["id"])
        kiosk = self.kiosk(seats[0]["id"])
        found = kiosk.post("/kiosk/find", {"kind": "id", **person.document()})
        self.assertEqual(found["title"], reservation["title"])
        path = f"/kiosk/admissions/{found['admission_id']}"
        kiosk.post(path + "/consent", {"given": True, "language": "zh",
                                       "version": kiosk.get("/kiosk/state")["face_consent"]["version"]})
        kiosk.post(path + "/review", {"why": "no_model", "capture": base64.b64encode(iv.tiny_jpeg()).decode()})
        reviewer = self.hall.reviewer
        self.assertEqual(reviewer.get(f"/review/cases/{found['admission_id']}/capture"), iv.tiny_jpeg())
        self.assertEqual(reviewer.get(f"/review/cases/{found['admission_id']}/reference"), self.photo)
        self.refused("no_photo", 404, reviewer.get, f"/review/cases/{found['admission_id']}/reference?photo=2")
        reviewer.post(f"/review/cases/{found['admission_id']}/decision", {"decision": "refuse", "reason": iv.wording("照片不符", "Another face")})
        refused = kiosk.get(path)
        self.assertEqual((refused["state"], refused["reason"]), ("refused", iv.wording("照片不符", "Another face")))
        self.assertEqual(kiosk.post(path + "/leave", {"cancel": False})["state"], "refused")
        self.consent_is_taken_back(booking, site, kiosk)

    def consent_is_taken_back(self, booking, site, kiosk):
        """Everywhere it can be: at the kiosk, by the reviewer for somebody, by the manage link, on the booking page."""
        reservation = iv.reserve(booking, site["id"])
        found = kiosk.post("/kiosk/find", {"kind": "code", "code": reservation["code"]})
        path = f"/kiosk/admissions/{found['admission_id']}"
        stored = self.admin.get("/admin/face-data")["photos"]
        self.assertEqual(kiosk.post(path + "/withdraw")["why"], "declined")
        self.assertEqual(self.admin.get("/admin/face-data")["photos"], stored - 1)
        kiosk.post(path + "/review", {"why": "asked", "capture": base64.b64encode(iv.tiny_jpeg()).decode()})
        case = f"/review/cases/{found['admission_id']}/withdraw"
        self.assertFalse(self.hall.reviewer.post(case)["has_capture"])
        view = booking.post("/manage/withdraw", {"token": reservation["manage_token"]})
        self.assertEqual(view["face_data"], {"photo": False, "captures": 0, "evidence": 0, "recordings": 0, "recordings_until_ms": None, "consented": False})
        me = booking.post("/booking/consent", {"kind": "face_check", "version": "", "given": False})
        self.assertEqual((me["photos"], me["photo_consent"]), (0, False))

    def signing_out(self):
        self.booking.post("/booking/logout")
        self.refused("session_expired", 401, self.booking.get, "/booking/me")
        self.temporary.post("/staff/logout")
        self.refused("not_signed_in", 401, self.temporary.get, "/staff/me")


class CheckerTest(unittest.TestCase):
    """The checker of the contract is itself able to say no."""

    def test_finds_what_breaks_a_schema(self):
        health = {"status": "ok", "version": "1", "now_ms": 1}
        for value, words in ((dict(health, extra=1), "does not name"), ({"status": "ok"}, "lacks version"),
                             (dict(health, status="bad"), "is none of"), (dict(health, now_ms="1"), "instead of integer"),
                             (dict(health, now_ms=True), "instead of integer"), (dict(health, version="x" * 21), "longer"),
                             ([], "instead of object")):
            problems = CONTRACT.check_reply("GET", "/api/v1/health", 200, "application/json", value)
            self.assertTrue(any(words in problem for problem in problems), (value, problems))
        self.assertEqual(CONTRACT.check_reply("GET", "/api/v1/health", 200, "application/json", health), [])

    def test_finds_keys_in_a_message(self):
        self.assertEqual(iv.leaks({"items": [{"stem": "a", "options": []}]}, ["因为"]), [])
        self.assertTrue(iv.leaks({"items": [{"stem": "a", "key": [0]}]}))
        self.assertTrue(iv.leaks({"items": [{"stem": "这是因为潮湿"}]}, ["因为潮湿"]))


if __name__ == "__main__":
    unittest.main()
