# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""What the integration tests share: one real server a class, every answer held against the contract."""

import hashlib
import json
import pathlib
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import invigil_client as iv  # noqa: E402
from contract import Contract  # noqa: E402

CONTRACT = Contract()



def is_about_papers(path):
    """Endpoints that test_papers.py walks through."""
    return path.startswith(("/api/v1/blueprints", "/api/v1/preflight", "/api/v1/batches", "/api/v1/published", "/api/v1/sittings/",
                            "/api/v1/manage/proof"))


def is_item_bank(path):
    """Endpoints that test_items.py walks through; test_contract.py walks through all others."""
    return path.startswith(("/api/v1/bank/", "/api/v1/taxonomy", "/api/v1/jobs", "/api/v1/regrades", "/api/v1/kiosk/media",
                            "/api/v1/admin/banks/{id}/export"))


def operations(of_item_bank):
    return {operation["operationId"] for path, verbs in CONTRACT.document["paths"].items() for operation in verbs.values()
            if is_item_bank(path) == of_item_bank and not is_about_papers(path) and not operation.get("x-planned")}


class HallCase(unittest.TestCase):
    """A hall with the sample banks. Options for the server in `options`."""

    options = {}
    banks = None

    @classmethod
    def setUpClass(cls):
        cls.broken_answers = []
        cls.answered = set()

        def observe(method, path, status, kind, value):
            cls.broken_answers += CONTRACT.check_reply(method, path, status, kind, value)
            if status == 200:
                cls.answered.add(CONTRACT.operation(method, path)[0])

        iv.Api.observers = [observe]
        cls.hall = iv.Hall(cls.banks, **cls.options)
        cls.addClassCleanup(cls.hall.close)
        cls.server, cls.admin = cls.hall.server, cls.hall.admin

    def tearDown(self):
        broken, type(self).broken_answers[:] = list(self.broken_answers), []
        self.assertEqual(broken, [], "answers that break openapi.yaml")

    def refused(self, error_id, status, call, *arguments, **more):
        with self.assertRaises(iv.Refused) as caught:
            call(*arguments, **more)
        self.assertEqual((caught.exception.id, caught.exception.status), (error_id, status), str(caught.exception))
        error = caught.exception.body["error"]
        self.assertTrue(error["zh"] and error["en"], "an error without words")
        return error

    def fingerprint(self):
        """A digest of everything the hall holds, without the marks that mere looking leaves."""
        return fingerprint(self.server.data)


def fingerprint(data):
    skipped = {"staff_session", "booking_session", "phone_challenge", "audit"}
    connection = sqlite3.connect(f"file:{pathlib.Path(data) / 'invigil.db'}?mode=ro", uri=True, timeout=20)
    try:
        content = {}
        for (table,) in connection.execute("select name from sqlite_master where type = 'table' order by name"):
            if table in skipped or table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            kept = [c for c in columns if c not in ("seen_ms", "last_login_ms", "failures")]
            content[table] = sorted(map(repr, connection.execute(f"select {', '.join(kept)} from {table}")))
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()
    finally:
        connection.close()


def change_database(data, sql, *values):
    """For states that only time brings, such as a session that has run out."""
    connection = sqlite3.connect(pathlib.Path(data) / "invigil.db", timeout=20)
    try:
        with connection:
            return connection.execute(sql, values).rowcount
    finally:
        connection.close()


def write_blueprint(folder, minutes=1, judge=5, choice=5, name="short"):
    """A short paper from the low-voltage bank, for tests that must see its end."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({
        "format": "invigil-blueprint", "version": 1, "id": name, "title": {"zh": "短卷", "en": "Short paper"},
        "role": "special_operations", "category": "1.2", "minutes": minutes, "pass_points": 8,
        "parts": [{"type": "true_false", "count": judge, "points_each": 1},
                  {"type": "single_choice", "count": choice, "points_each": 1}]}))
    return folder


def low_voltage_banks():
    return [path for path in iv.sample_banks() if path.name.startswith("low-voltage")]
