# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands that an operator types."""

import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import invigil_client as iv  # noqa: E402


class CommandsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-commands-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.server = iv.Server(self.folder / "data")
        self.addCleanup(self.server.stop)

    def run_server(self, *arguments):
        return subprocess.run([iv.binary("invigil-server"), *arguments], capture_output=True, text=True, timeout=60)

    def test_first_password_is_printed_once_and_can_be_reset(self):
        password = self.server.init()
        self.assertGreaterEqual(len(password), 12)
        self.assertIsNone(self.server.init())
        self.server.start()
        self.server.staff("admin", password).get("/staff/me")
        fresh = self.server.reset_password()
        with self.assertRaises(iv.Refused) as caught:
            self.server.staff("admin", password)
        self.assertEqual(caught.exception.id, "wrong_login")
        self.assertEqual(self.server.staff("admin", fresh).get("/staff/me")["role"], "administrator")

    def test_private_keys_are_for_their_owner_only(self):
        self.server.init()
        keys = [p for p in (self.server.data / "keys").iterdir() if b"PRIVATE KEY" in p.read_bytes()]
        self.assertGreaterEqual(len(keys), 2)
        for path in keys:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

    def test_the_log_holds_no_personal_data_and_no_secret(self):
        password = self.server.init()
        self.server.start()
        admin = self.server.staff("admin", password)
        site, _ = iv.make_site(admin)
        for bank in iv.sample_banks():
            iv.import_bank(admin, bank)
        person = iv.Person(1, "演示考生甲")
        iv.make_candidate(admin, person)
        booking, _ = iv.open_booking(self.server, person)
        token = iv.reserve(booking, site["id"])["manage_token"]
        self.server.stop()
        log = self.server.log.read_text()
        for secret in (person.id_number, person.phone, person.name, password, token):
            self.assertNotIn(secret, log)

    def test_wrong_command_lines_say_what_is_wrong(self):
        for arguments in (("serve",), ("serve", "--data"), ("fly", "--data", str(self.folder / "x")),
                          ("serve", "--data", str(self.folder / "x"), "--port", "abc"), ("--nonsense",)):
            with self.subTest(arguments):
                done = self.run_server(*arguments)
                self.assertNotIn(done.returncode, (0, -6, -11))
                self.assertRegex(done.stderr, r"^invigil-server: \S")
                self.assertNotIn("terminate called", done.stderr)

    def test_a_taken_port_is_named(self):
        self.server.init()
        self.server.start()
        second = self.folder / "second"
        self.run_server("init", "--data", str(second))
        done = self.run_server("serve", "--data", str(second), "--port", str(self.server.port), "--kiosk-port", "0",
                               "--loopback")
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.server.port), done.stderr)

    def test_stops_at_sigterm_with_status_0(self):
        self.server.init()
        process = self.server.start().process
        self.server.stop()
        self.assertEqual(process.returncode, 0)

    def test_lost_keys_are_not_replaced_in_silence(self):
        self.server.init()
        with contextlib.closing(sqlite3.connect(self.server.data / "invigil.db")) as database, database:
            database.execute("insert into candidate values ('c', '甲', 'passport', 'P1', '1', 0)")
            database.execute("insert into reference_photo values ('c', 1, 'sealed', '', 0)")
        (self.server.data / "keys" / "photo.key").unlink()
        for command in ("init", "serve"):
            done = self.run_server(command, "--data", str(self.server.data))
            self.assertEqual(done.returncode, 1)
            self.assertIn("keys/photo.key' is missing", done.stderr)
            self.assertIn("--new-keys", done.stderr)
        self.assertNotEqual(self.run_server("serve", "--data", str(self.server.data), "--new-keys").returncode, 0)
        self.assertEqual(self.run_server("init", "--data", str(self.server.data), "--new-keys").returncode, 0)
        self.server.start()

    def test_more_connections_than_files_are_waited_out(self):
        password = self.server.init()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
        try:
            pid = self.server.start().process.pid
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if hard != resource.RLIM_INFINITY:
            self.assertEqual(resource.prlimit(pid, resource.RLIMIT_NOFILE)[0], hard)
        used = len(os.listdir(f"/proc/{pid}/fd"))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 10, hard))
        with contextlib.ExitStack() as many:
            for _ in range(40):
                many.enter_context(socket.create_connection(("127.0.0.1", self.server.port), 10))
            iv.wait_until(lambda: "takes no connection for now" in self.server.log.read_text(), 20, "the server to run out of files")
        self.server.staff("admin", password).get("/staff/me")

    def test_the_real_question_file_becomes_a_native_bank(self):
        real = iv.shared_file("corpora/safety-questions/基础训练-低压电工作业.json")
        if real is None:
            self.skipTest("shared test corpora are absent (set INVIGIL_SHARED)")
        native = self.folder / "native.json"
        done = subprocess.run([iv.binary("invigil-bank"), "import", str(real), "--id", "real", "--role",
                               "special_operations", "--category", "1.2", "--out", str(native)],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("628", re.sub(r"\s+", " ", done.stdout + done.stderr))
        # Six of the 628 rows have no gradable options (pictures, equal options); the report names each.
        self.assertEqual(len(json.loads(native.read_text(encoding="utf-8"))["items"]), 622)


if __name__ == "__main__":
    unittest.main()
