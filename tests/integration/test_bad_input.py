# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Bad input: each kind gets its own clear error and changes nothing."""

import http.client
import json
import socket
import ssl
import unittest

from hall_case import HallCase, change_database, iv, low_voltage_banks


class BadInputTest(HallCase):
    banks = low_voltage_banks()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site, cls.seats = iv.make_site(cls.admin, seats=1)
        cls.kiosk = cls.hall.kiosk(cls.seats[0]["id"])
        cls.people = [iv.Person(n, name) for n, name in ((1, "演示甲"), (2, "演示乙"), (3, "演示丙"))]
        for person in cls.people:
            iv.make_candidate(cls.admin, person)

    def setUp(self):
        self.before = self.fingerprint()

    def unchanged(self):
        self.assertEqual(self.fingerprint(), self.before, "something changed")

    def test_truncated_bank_file(self):
        text = low_voltage_banks()[0].read_text(encoding="utf-8")
        error = self.refused("bad_json", 400, self.admin.post, "/admin/banks",
                             {"content": text[:len(text) // 2], "dry_run": False})
        self.assertIn("JSON", error["zh"])
        self.unchanged()

    def test_bank_file_with_one_wrong_key(self):
        bank = json.loads(low_voltage_banks()[0].read_text(encoding="utf-8"))
        next(item for item in bank["items"] if item["type"] == "single_choice")["key"] = ["H"]
        error = self.refused("bad_bank", 400, self.admin.post, "/admin/banks",
                             {"content": json.dumps(bank), "dry_run": False})
        self.assertIn("items[", error["where"])
        self.unchanged()

    def test_booking_for_a_taken_seat(self):
        first, _ = iv.open_booking(self.server, self.people[0])
        taken = iv.reserve(first, self.site["id"])
        self.before = self.fingerprint()
        second, _ = iv.open_booking(self.server, self.people[1])
        self.refused("seat_taken", 409, iv.reserve, second, self.site["id"], taken["start_ms"])
        self.unchanged()
        again = first.post("/manage/cancel", {"token": taken["manage_token"]})
        self.assertEqual(again["reservation"]["state"], "cancelled")

    def test_wrong_check_digit(self):
        person = self.people[0]
        last = "0" if person.id_number[-1] != "0" else "1"
        wrong = dict(person.document(), id_number=person.id_number[:-1] + last)
        self.refused("id_wrong_check_digit", 400, self.server.api().post, "/booking/codes",
                     {**wrong, "name": person.name, "phone": person.phone})
        self.refused("id_wrong_check_digit", 400, self.admin.post, "/admin/candidates",
                     {**wrong, "name": "演示丁", "phone": person.phone, "blueprint_id": person.blueprint,
                      "training_done": True})
        self.refused("id_wrong_check_digit", 400, self.kiosk.api().post, "/kiosk/find", {"kind": "id", **wrong})
        self.unchanged()

    def test_body_of_ten_megabytes(self):
        body = json.dumps({"name": "x" * 10_000_000, "password": "y"}).encode()
        api = self.server.api()
        self.refused("body_too_large", 413, api.post, "/staff/login", raw=body, content_type="application/json")
        self.unchanged()
        self.assertEqual(self.server.api().get("/health")["status"], "ok")

    def test_a_stranger_cannot_make_the_server_take_in_a_large_body(self):
        # Nested lists: 20 MB of them would become gigabytes once read.
        head = ("POST /api/v1/admin/banks HTTP/1.1\r\nHost: localhost\r\nX-Invigil: 1\r\nContent-Length: 20000000\r\n\r\n")
        context = ssl.create_default_context(cafile=str(self.server.ca))
        with socket.create_connection(("localhost", self.server.port), timeout=60) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as line:
                line.sendall(head.encode() + b"[" * 1000)  # and no more: the refusal must not wait for the rest
                answer = line.recv(4096).decode()
        self.assertIn(" 401 ", answer.splitlines()[0])
        self.unchanged()

    def test_the_kiosks_port_serves_kiosks_only(self):
        api = iv.Api(self.server.kiosk_port, self.server.ca, self.kiosk.certificate, self.kiosk.key)
        self.refused("no_such_page", 404, api.post, "/staff/login", {"name": "admin", "password": "x"})
        self.refused("no_such_page", 404, api.get, "/health")
        api.get("/kiosk/state")

    def test_broken_json(self):
        for text in (b'{"name": "a", "password"', b"\xff\xfe", b"", b'{"name": 1e999}'):
            with self.subTest(text):
                self.refused("bad_json", 400, self.server.api().post, "/staff/login", raw=text,
                             content_type="application/json")
        self.unchanged()

    def test_json_of_another_shape(self):
        for body in ([], {"name": "a"}, {"name": "a", "password": 1}, {"name": "a", "password": "b", "more": 1},
                     {"name": "a" * 41, "password": "b"}, {"name": "a", "password": "b", "一二三四五六七八九十甲乙丙丁": 1},
                     {"name": "a", "password": "b", "a" + "名" * 60: 1}, {"name": 2 ** 63, "password": "b"}):
            with self.subTest(str(body)[:40]):
                self.refused("wrong_shape", 400, self.server.api().post, "/staff/login", body)
        self.unchanged()

    def test_expired_cookie(self):
        booking, _ = iv.open_booking(self.server, self.people[2])
        staff = self.hall.make_account("short-lived", "administrator")
        self.before = self.fingerprint()
        self.assertGreater(change_database(self.server.data, "update booking_session set expires_ms = 1"), 0)
        self.refused("session_expired", 401, booking.get, "/booking/me")
        self.assertGreater(change_database(
            self.server.data, "update staff_session set expires_ms = 1 where account_id = "
            "(select id from account where name = 'short-lived')"), 0)
        self.refused("not_signed_in", 401, staff.get, "/staff/me")
        self.refused("not_signed_in", 401, staff.post, "/admin/accounts",
                     {"name": "intruder", "display": "x", "role": "administrator"})
        self.unchanged()

    def test_made_up_cookie(self):
        stranger = self.server.api()
        stranger.cookies = {"iv_staff": "f" * 64, "iv_booking": "f" * 64}
        self.refused("not_signed_in", 401, stranger.get, "/staff/me")
        self.refused("session_expired", 401, stranger.get, "/booking/me")

    def test_change_without_the_csrf_header(self):
        self.refused("csrf_header_missing", 403, self.admin.post, "/admin/accounts",
                     {"name": "by-another-page", "display": "x", "role": "administrator"},
                     headers={"X-Invigil": None})
        self.unchanged()

    def test_a_role_does_not_open_another_roles_doors(self):
        self.refused("not_allowed", 403, self.hall.reviewer.get, "/admin/accounts")
        self.refused("not_allowed", 403, self.hall.authority.get, "/review/queue")
        self.refused("not_allowed", 403, self.admin.post, "/authority/query",
                     {**self.people[0].document(), "name": self.people[0].name})

    def test_kiosk_with_an_unknown_certificate(self):
        key, certificate = self.hall.folder / "stranger.key", self.hall.folder / "stranger.pem"
        iv.self_signed(key, certificate)
        stranger = iv.Api(self.server.kiosk_port, self.server.ca, certificate, key)
        self.refused("kiosk_unknown", 403, stranger.get, "/kiosk/state")
        self.refused("kiosk_unknown", 403, stranger.post, "/kiosk/find", {"kind": "code", "code": "AAAA"})
        self.unchanged()

    def test_kiosk_without_a_certificate(self):
        self.refused("kiosk_no_certificate", 401, iv.Api(self.server.kiosk_port, self.server.ca).get, "/kiosk/state")
        self.unchanged()

    def test_kiosk_routes_are_closed_on_the_public_port(self):
        api = iv.Api(self.server.port, self.server.ca, self.kiosk.certificate, self.kiosk.key)
        with self.assertRaises(iv.Refused) as caught:
            api.get("/kiosk/state")
        self.assertIn(caught.exception.status, (401, 403, 404))

    def test_revoked_kiosk(self):
        _, seats = iv.make_site(self.admin, "另一考场", "Another hall")
        kiosk = self.hall.kiosk(seats[0]["id"])
        kiosk.api().get("/kiosk/state")
        self.admin.post(f"/admin/seats/{seats[0]['id']}/revoke")
        self.refused("kiosk_revoked", 403, kiosk.api().get, "/kiosk/state")

    def test_enrolment_code_works_once(self):
        _, seats = iv.make_site(self.admin, "第三考场", "Third hall")
        code = self.admin.post(f"/admin/seats/{seats[0]['id']}/enrolment")["code"]
        key, request = self.hall.folder / "once.key", self.hall.folder / "once.csr"
        iv.make_request(key, request)
        body = {"code": code, "csr_pem": request.read_text()}
        self.refused("bad_csr", 400, self.server.api().post, "/kiosks/enrol", {**body, "csr_pem": "not a request"})
        self.server.api().post("/kiosks/enrol", body)
        self.before = self.fingerprint()
        self.refused("enrolment_code_wrong", 403, self.server.api().post, "/kiosks/enrol", body)
        self.unchanged()

    def test_strangers_learn_nothing_about_who_exists(self):
        known, unknown = self.people[1], iv.Person(99, "无此人")
        answers = [self.server.api().post("/booking/codes", {**p.document(), "name": p.name, "phone": phone})
                   for p, phone in ((known, "13900009999"), (unknown, unknown.phone))]
        self.assertEqual(set(answers[0]), set(answers[1]))
        for answer in answers:
            self.refused("code_wrong", 400, self.server.api().post, "/booking/session",
                         {"challenge_id": answer["challenge_id"], "code": answer.get("demo_code", "000000")})
        kiosk = self.kiosk.api()
        self.assertEqual(kiosk.post("/kiosk/find", {"kind": "id", **unknown.document()})["outcome"], "none")
        self.unchanged()

    def test_guessing_codes_is_stopped(self):
        person = iv.Person(50, "演示戊")
        api, asked = self.server.api(), {**person.document(), "name": person.name, "phone": person.phone}
        with self.assertRaises(iv.Refused) as caught:
            for _ in range(10):
                api.post("/booking/codes", asked)
        self.assertEqual(caught.exception.status, 429)

    def test_wrong_passwords_lock_the_account(self):
        made = self.admin.post("/admin/accounts", {"name": "forgetful", "display": "x", "role": "authority"})
        api = self.server.api()
        errors = []
        for _ in range(8):
            with self.assertRaises(iv.Refused) as caught:
                api.post("/staff/login", {"name": "forgetful", "password": "wrong"})
            errors.append(caught.exception.id)
        self.assertEqual(errors[0], "wrong_login")
        self.assertEqual(errors[-1], "account_locked")
        self.refused("account_locked", 429, api.post, "/staff/login",
                     {"name": "forgetful", "password": made["password"]})
        fresh = self.admin.post(f"/admin/accounts/{made['account']['id']}/reset")["password"]
        self.assertEqual(self.server.staff("forgetful", fresh).get("/staff/me")["role"], "authority")

    def test_other_addresses_and_verbs(self):
        api = self.server.api()
        self.refused("no_such_page", 404, api.get, "/nothing")
        with self.assertRaises(iv.Refused) as caught:
            api.delete("/health")
        self.assertEqual(caught.exception.id, "wrong_method")
        self.refused("wrong_shape", 400, self.admin.get, "/admin/banks?unknown=1")
        self.refused("no_such_site", 404, api.get, "/booking/availability?site=nowhere&day=2030-01-01")

    def test_plain_http_and_old_tls_get_no_answer(self):
        plain = http.client.HTTPConnection("localhost", self.server.port, timeout=60)
        with self.assertRaises((OSError, http.client.HTTPException)):
            plain.request("GET", "/api/v1/health")
            if plain.getresponse().status == 200:
                self.fail("answered without TLS")
            raise http.client.HTTPException
        context = ssl.create_default_context(cafile=str(self.server.ca))
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        old = http.client.HTTPSConnection("localhost", self.server.port, context=context, timeout=60)
        with self.assertRaises(ssl.SSLError):
            old.request("GET", "/api/v1/health")
        self.assertEqual(self.server.api().get("/health")["status"], "ok")


if __name__ == "__main__":
    unittest.main()
