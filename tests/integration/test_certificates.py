# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Certificates that come to their end: the server's for its names, and those of the kiosks."""

import contextlib
import datetime
import hashlib
import pathlib
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import unittest

from hall_case import HallCase, change_database, iv
from kiosk_program import KioskProgram

DAY_MS = 86_400_000
LOCAL = ["localhost", "127.0.0.1", "::1"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


def signed_long_ago(keys, key, folder, extensions, days_ago, days_left):
    """PEM text of a certificate for `key` that the hall's CA signed so many days ago."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.txt").write_text("")
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n"
        f"unique_subject=no\nemail_in_dn=no\n[p]\ncommonName=supplied\n[x]\nbasicConstraints=critical,CA:FALSE\n{extensions}\n")
    openssl("req", "-new", "-key", key, "-subj", "/CN=aged", "-out", folder / "aged.csr")
    now = datetime.datetime.now(datetime.timezone.utc)
    begins, ends = (f"{now + datetime.timedelta(days=days):%Y%m%d%H%M%SZ}" for days in (-days_ago, days_left))
    openssl("ca", "-batch", "-notext", "-config", folder / "ca.cnf", "-cert", keys / "ca.pem", "-keyfile", keys / "ca.key", "-outdir", folder,
            "-in", folder / "aged.csr", "-out", folder / "aged.pem", "-startdate", begins, "-enddate", ends)
    return (folder / "aged.pem").read_text()


def replace(path, text):
    beside = path.with_suffix(".part")
    beside.write_text(text)
    beside.replace(path)


def fingerprint(pem):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


class ServerCertificateTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-certificates-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.server = iv.Server(self.folder / "data")
        self.addCleanup(self.server.stop)
        self.keys = self.server.data / "keys"

    def init(self, *hosts, status=0):
        names = [word for host in hosts for word in ("--host", host)]
        done = subprocess.run([iv.binary("invigil-server"), "init", "--data", str(self.server.data), *names], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def shown(self, name, ca=None):
        """What the server shows to somebody who looks for `name`."""
        context = ssl.create_default_context(cafile=str(ca or self.server.ca))
        with socket.create_connection(("127.0.0.1", self.server.port), 10) as raw, context.wrap_socket(raw, server_hostname=name) as tls:
            return tls.getpeercert()

    def shows(self, name, ca=None):
        with contextlib.suppress(ssl.SSLCertVerificationError):
            return self.shown(name, ca)
        return None

    def names(self):
        return [value for _, value in self.shown("localhost")["subjectAltName"]]

    def test_it_is_for_the_names_that_were_given_also_later(self):
        done = self.init("hall.example", "192.0.2.7")
        self.assertRegex(done.stdout, r"(?m)^certificate: for hall\.example 192\.0\.2\.7 localhost 127\.0\.0\.1 ::1; until \d{4}-\d\d-\d\d$")
        self.server.start()
        for name in ("hall.example", "192.0.2.7", "localhost", "127.0.0.1"):
            self.assertTrue(self.shows(name), name)
        self.assertIsNone(self.shows("other.example"))
        key = (self.keys / "server.key").read_text()
        api = self.server.api()
        api.get("/health")
        self.assertRegex(self.init("other.example").stdout, r"(?m)^no longer for: hall\.example 192\.0\.2\.7$")
        iv.wait_until(lambda: self.shows("other.example"), 60, "the server to show its new certificate")
        self.assertIsNone(self.shows("hall.example"))
        self.assertEqual((self.keys / "server.key").read_text(), key)
        self.assertEqual(api.get("/health")["certificates"]["server"], {"days_left": 818, "level": "ok"})
        # Without --host it stays as it is.
        self.server.stop()
        self.init()
        self.server.start()
        self.assertTrue(self.shows("other.example"))

    def test_names_that_could_not_be_changed_are_no_success(self):
        self.assertNotIn("no longer for", self.init("hall.example").stdout)
        before = (self.keys / "server.pem").read_text()
        (self.keys / "server.pem.new").mkdir()  # nothing can be written there
        self.init()  # nor is there anything to write
        done = self.init("other.example", status=1)
        self.assertIn("--host has changed nothing", done.stderr)
        self.assertIn("certificate: for hall.example ", done.stdout)
        self.assertEqual((self.keys / "server.pem").read_text(), before)
        # Nor is it one that a certificate which is due was left as it was.
        replace(self.keys / "server.pem", self.aged())
        self.assertIn("the server's certificate is the one from before", self.init(status=1).stderr)

    def test_what_is_no_host_is_refused_before_anything_is_made(self):
        for wrong in ("https://hall.example", "hall.example:8443", "a b", ""):
            with self.subTest(wrong):
                self.assertIn("is no host", self.init(wrong, status=2).stderr)
        self.assertFalse(self.server.data.exists())

    def aged(self):
        extensions = "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:hall.example"
        return signed_long_ago(self.keys, self.keys / "server.key", self.folder / "aged", extensions, 800, 20) + self.server.ca.read_text()

    def test_it_is_made_anew_before_its_end_at_a_start_and_while_it_runs(self):
        self.init("hall.example")
        replace(self.keys / "server.pem", self.aged())
        self.server.start()
        first = self.shown("hall.example")
        self.assertGreater(ssl.cert_time_to_seconds(first["notAfter"]) * 1000, iv.now_ms() + 800 * DAY_MS)
        self.assertEqual(self.names()[-3:], [*LOCAL[:2], "0:0:0:0:0:0:0:1"])
        replace(self.keys / "server.pem", self.aged())
        iv.wait_until(lambda: self.shown("hall.example")["serialNumber"] != first["serialNumber"], 60, "the server to renew its certificate")
        second = self.shown("hall.example")
        self.assertGreater(ssl.cert_time_to_seconds(second["notAfter"]) * 1000, iv.now_ms() + 800 * DAY_MS)
        self.assertEqual(self.server.api().get("/health")["certificates"]["server"]["level"], "ok")

    def test_one_from_elsewhere_is_used_and_never_touched(self):
        self.init("hall.example")
        self.server.start()
        public = self.folder / "public.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=public",
                "-addext", "subjectAltName=DNS:public.example", "-keyout", self.folder / "public.key", "-out", public)
        own = (self.keys / "server.pem").read_text()
        replace(self.keys / "server.key", (self.folder / "public.key").read_text())
        # Not more than half done yet: the server leaves it alone.
        iv.wait_until(lambda: "server.key' is not the key of 'server.pem'" in self.server.log.read_text(), 60, "the server to look at the new key")
        self.assertTrue(self.shows("hall.example"))
        self.assertEqual((self.keys / "server.key").read_text(), (self.folder / "public.key").read_text())
        self.assertEqual((self.keys / "server.pem").read_text(), own)
        replace(self.keys / "server.pem", public.read_text())
        iv.wait_until(lambda: self.shows("public.example", public), 60, "the server to take the certificate")
        self.assertEqual(self.init("hall.example", status=1).stderr.count("not from this hall's CA"), 1)
        self.server.stop()
        self.server.start()
        self.assertTrue(self.shows("public.example", public))
        self.assertEqual((self.keys / "server.pem").read_text(), public.read_text())


class KioskCertificateTest(HallCase):
    banks = []

    def setUp(self):
        _, seats = iv.make_site(self.admin, f"考场 {self.id()}", self.id())
        self.seat = seats[0]["id"]
        # Health speaks of the whole hall: no test leaves a kiosk in service to the next.
        self.addCleanup(self.admin.post, f"/admin/seats/{self.seat}/revoke")

    def age(self, kiosk_id, days):
        """As if all of its certificates had been signed so many days earlier."""
        changed = change_database(self.server.data, "update kiosk_certificate set issued_ms = issued_ms - ?, ends_ms = ends_ms - ? where kiosk_id = ?",
                                  days * DAY_MS, days * DAY_MS, kiosk_id)
        self.assertGreater(changed, 0)

    def value(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.server.data / "invigil.db", timeout=20)) as database:
            return database.execute(sql, values).fetchone()[0]

    def test_a_kiosk_renews_its_certificate_and_goes_on(self):
        kiosk = self.hall.kiosk(self.seat)
        kiosk_id = kiosk.enrolled["kiosk_id"]
        kiosk.api().get("/kiosk/state")
        self.refused("kiosk_certificate_good", 409, kiosk.renew)
        self.age(kiosk_id, 600)
        self.assertEqual(self.admin.get("/health")["certificates"]["kiosks"], {"days_left": 129, "level": "near"})
        old = kiosk.api()
        self.assertGreater(kiosk.renew()["ends_ms"], iv.now_ms() + 729 * DAY_MS)
        self.assertEqual(kiosk.api().get("/kiosk/state")["kiosk_id"], kiosk_id)
        self.assertEqual(self.admin.get("/health")["certificates"]["kiosks"]["level"], "ok")
        # The old one serves until its end and renews nothing.
        old.get("/kiosk/state")
        request = self.hall.folder / "again.csr"
        iv.make_request(self.hall.folder / "again.key", request)
        self.refused("kiosk_certificate_replaced", 403, old.post, "/kiosk/certificate", {"csr_pem": request.read_text()})
        self.age(kiosk_id, 131)
        self.refused("kiosk_certificate_over", 403, old.get, "/kiosk/state")
        self.refused("kiosk_certificate_over", 403, old.post, "/kiosk/certificate", {"csr_pem": request.read_text()})
        kiosk.api().get("/kiosk/state")
        self.assertEqual(self.value("select count(*) from audit where action = 'kiosk_certificate_renewed' and actor = ?", kiosk_id), 1)
        # And so on, until it is put out of service.
        self.age(kiosk_id, 500)
        kiosk.renew()
        kiosk.api().get("/kiosk/state")
        self.age(kiosk_id, 600)
        self.admin.post(f"/admin/seats/{self.seat}/revoke")
        self.refused("kiosk_revoked", 403, kiosk.renew)

    def test_one_that_the_hall_has_signed_but_not_given_to_a_kiosk_is_unknown(self):
        kiosk = self.hall.kiosk(self.seat)
        certificate = self.hall.folder / "not-given.pem"
        certificate.write_text(signed_long_ago(self.server.data / "keys", kiosk.key, self.hall.folder / "not-given", "extendedKeyUsage=clientAuth", 1, 700))
        self.refused("kiosk_unknown", 403, iv.Api(self.server.kiosk_port, self.server.ca, certificate, kiosk.key).get, "/kiosk/state")

    def test_the_database_says_when_one_is_over_not_the_clock_of_tls(self):
        kiosk = self.hall.kiosk(self.seat)
        ended = self.hall.folder / "ended.pem"
        ended.write_text(signed_long_ago(self.server.data / "keys", kiosk.key, self.hall.folder / "ended", "extendedKeyUsage=clientAuth", 700, -1))
        self.assertEqual(change_database(self.server.data, "update kiosk_certificate set fingerprint = ? where kiosk_id = ?", fingerprint(ended.read_text()),
                                         kiosk.enrolled["kiosk_id"]), 1)
        change_database(self.server.data, "update kiosk set certificate = ? where id = ?", fingerprint(ended.read_text()), kiosk.enrolled["kiosk_id"])
        late = iv.Api(self.server.kiosk_port, self.server.ca, ended, kiosk.key)
        self.assertEqual(late.get("/kiosk/state")["kiosk_id"], kiosk.enrolled["kiosk_id"])

    def test_the_kiosk_program_renews_by_itself_and_starts_again_with_it(self):
        folder = self.hall.folder / "program"
        program = KioskProgram(folder, self.server.port, self.hall.folder / "program.log", camera="simulated:1")
        program.enrol(self.admin.post(f"/admin/seats/{self.seat}/enrolment")["code"], self.server.ca)
        self.addCleanup(program.stop)
        pair = folder / "identity.pem"
        text = pair.read_text()
        key = text[:text.index("-----BEGIN CERTIFICATE-----")]
        (folder / "only.key").write_text(key)
        aged = signed_long_ago(self.server.data / "keys", folder / "only.key", self.hall.folder / "aged", "extendedKeyUsage=clientAuth", 600, 130)
        (folder / "only.key").unlink()
        replace(pair, key + aged)
        pair.chmod(0o600)
        now = iv.now_ms()
        before = fingerprint(text[text.index("-----BEGIN CERTIFICATE-----"):])
        self.assertEqual(change_database(self.server.data, "update kiosk_certificate set fingerprint = ?, issued_ms = ?, ends_ms = ? where fingerprint = ?",
                                         fingerprint(aged), now - 600 * DAY_MS, now + 130 * DAY_MS, before), 1)
        kiosk_id = self.value("select kiosk_id from kiosk_certificate where fingerprint = ?", fingerprint(aged))
        change_database(self.server.data, "update kiosk set certificate = ? where id = ?", fingerprint(aged), kiosk_id)

        program.start(offscreen=True)
        iv.wait_until(lambda: pair.read_text() != key + aged, 120, f"the kiosk to renew its certificate (see {program.log})")
        renewed = pair.read_text()
        self.assertNotIn(key, renewed)
        self.assertEqual(pair.stat().st_mode & 0o077, 0)
        shown = fingerprint(renewed[renewed.index("-----BEGIN CERTIFICATE-----"):])
        iv.wait_until(lambda: self.value("select certificate from kiosk where id = ?", kiosk_id) == shown, 60, "the kiosk to use its new certificate")
        program.stop()
        stopped = self.value("select seen_ms from kiosk where id = ?", kiosk_id)
        program.start(offscreen=True)
        iv.wait_until(lambda: self.value("select seen_ms from kiosk where id = ?", kiosk_id) > stopped, 120, "the kiosk to come back")
        self.assertEqual(self.value("select certificate from kiosk where id = ?", kiosk_id), shown)
        renewals = "select count(*) from audit where action = 'kiosk_certificate_renewed' and actor = ?"
        self.assertEqual(self.value(renewals, kiosk_id), 1)

        # A database from before the renewal knows the certificate from before only: the kiosk goes back to it, and renews it.
        change_database(self.server.data, "update kiosk set certificate = ? where id = ?", fingerprint(aged), kiosk_id)
        self.assertEqual(change_database(self.server.data, "delete from kiosk_certificate where fingerprint = ?", shown), 1)
        iv.wait_until(lambda: self.value("select certificate from kiosk where id = ?", kiosk_id) not in (shown, fingerprint(aged)), 120,
                      f"the kiosk to find its way back (see {program.log})")
        self.assertEqual(self.value(renewals, kiosk_id), 2)


if __name__ == "__main__":
    unittest.main()
