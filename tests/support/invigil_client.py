# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts the real server, speaks its HTTP API as pages and kiosks do, and makes what an exam needs.

Python standard library only. Used by tests/integration, tests/rehearsal and deploy/lib/demo.py.
"""

import base64
import ctypes
import datetime
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOW_VOLTAGE = "special-operations-low-voltage"


def build_dir():
    return pathlib.Path(os.environ.get("INVIGIL_BUILD", ROOT / "build" / "dev"))


def binary(name):
    path = build_dir() / "bin" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built; run ./deploy/test or cmake --build --preset dev")
    return str(path)


def shared_file(relative):
    """A file of the shared test corpora, or None on a machine without them."""
    path = pathlib.Path(os.environ.get("INVIGIL_SHARED") or ROOT.parent / "shared") / relative
    return path if path.exists() else None


def die_with_parent():
    """In the child: end when the parent does, however it ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def now_ms():
    return int(time.time() * 1000)


def wait_until(check, seconds, what):
    """The first true value of check(); TimeoutError naming `what` otherwise."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)


class Refused(Exception):
    """The server said no."""

    def __init__(self, status, body):
        error = body.get("error", {}) if isinstance(body, dict) else {}
        self.status, self.body = status, body
        self.id = error.get("id", "")
        super().__init__(f"{status} {self.id} {error.get('zh', '')} {error.get('where', '')}".strip())


class Api:
    """One browser or kiosk: a connection, its cookies and perhaps a client certificate.

    Not for use by several threads at once.
    """

    observers = []  # called with (method, path, status, content type, parsed body) after every answer

    def __init__(self, port, ca, certificate=None, key=None, source=None):
        self._connection, self._used = None, 0.0
        self.port, self.cookies = port, {}
        self.source = source and (source, 0)  # an address of this machine
        self._context = ssl.create_default_context(cafile=str(ca))
        if certificate:
            self._context.load_cert_chain(str(certificate), str(key))

    def close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    __del__ = close

    def send(self, method, path, body=None, *, raw=None, content_type=None, headers=None, timeout=90):
        """(status, headers, bytes) of one exchange; nothing is repeated."""
        if self._connection and time.monotonic() - self._used > 3:
            self.close()
        if not self._connection:
            self._connection = http.client.HTTPSConnection("localhost", self.port, context=self._context,
                                                           timeout=timeout, source_address=self.source)
        sent = {"X-Invigil": "1", "Accept": "application/json"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        data = raw
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            content_type = content_type or "application/json"
        elif raw is None and method in ("POST", "PUT"):
            data = b""
        if content_type:
            sent["Content-Type"] = content_type
        sent.update(headers or {})
        try:
            self._connection.request(method, path, data, {k: v for k, v in sent.items() if v is not None})
            reply = self._connection.getresponse()
            content = reply.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self._used = time.monotonic()
        if reply.will_close:
            self.close()
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            if value and "max-age=0" not in cookie.lower():
                self.cookies[name.strip()] = value.strip()
            else:
                self.cookies.pop(name.strip(), None)
        kind = reply.headers.get("Content-Type", "")
        if Api.observers and path.startswith("/api/"):
            parsed = json.loads(content) if kind.startswith("application/json") else None
            for observer in Api.observers:
                observer(method, path, reply.status, kind, parsed)
        return reply.status, reply.headers, content

    def call(self, method, path, body=None, **more):
        """The JSON answer (or bytes); Refused when the status is not 200."""
        status, headers, content = self.send(method, path, body, **more)
        is_json = headers.get("Content-Type", "").startswith("application/json")
        value = json.loads(content) if is_json else content
        if status != 200:
            raise Refused(status, value)
        return value

    def get(self, path, **more):
        return self.call("GET", "/api/v1" + path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", "/api/v1" + path, body, **more)

    def put(self, path, body=None, **more):
        return self.call("PUT", "/api/v1" + path, body, **more)

    def delete(self, path, **more):
        return self.call("DELETE", "/api/v1" + path, **more)


class Server:
    """The real invigil-server on a data folder. Start and stop it from the main thread."""

    def __init__(self, data, *, demo=True, blueprints=None, models=None, web=None, centre=None, port=0, kiosk_port=0,
                 log=None, loopback=True):
        self.data = pathlib.Path(data)
        self.ca = self.data / "keys" / "ca.pem"
        self.port, self.kiosk_port = port, kiosk_port
        self.log = pathlib.Path(log) if log else self.data / "server.log"
        self._flags = (["--demo"] if demo else []) + (["--loopback"] if loopback else [])
        blueprints = blueprints or ROOT / "question-bank" / "blueprints"
        for flag, value in (("--blueprints", blueprints), ("--models", models), ("--web", web), ("--centre", centre)):
            if value:
                self._flags += [flag, str(value)]
        self.process = None

    def init(self):
        """The first administrator's password, or None when the data folder was there already."""
        done = subprocess.run([binary("invigil-server"), "init", "--data", str(self.data)], capture_output=True,
                              text=True, timeout=180)
        if done.returncode:
            raise RuntimeError(f"invigil-server init failed: {done.stdout}{done.stderr}")
        found = re.search(r"^password: (\S+)$", done.stdout, re.M)
        return found.group(1) if found else None

    def reset_password(self, name="admin"):
        done = subprocess.run([binary("invigil-server"), "reset-password", "--data", str(self.data), name],
                              capture_output=True, text=True, timeout=180)
        found = re.search(r"password: (\S+)", done.stdout)
        if done.returncode or not found:
            raise RuntimeError(f"invigil-server reset-password failed: {done.stdout}{done.stderr}")
        return found.group(1)

    def start(self, seconds=120):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as out:
            seen = out.tell()
            self.process = subprocess.Popen(
                [binary("invigil-server"), "serve", "--data", str(self.data), "--port", str(self.port),
                 "--kiosk-port", str(self.kiosk_port), *self._flags],
                stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)

        def ready():
            text = self.log.read_bytes()[seen:].decode(errors="replace")
            found = re.search(r"^listening https://\S+:(\d+) kiosk-port (\d+)", text, re.M)
            if found:
                return found
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once (status {self.process.returncode}):\n{text[-2000:]}")
            return None

        found = wait_until(ready, seconds, f"the server to listen (see {self.log})")
        self.port, self.kiosk_port = int(found.group(1)), int(found.group(2))
        return self

    def kill(self):
        """SIGKILL: as a power cut of the program."""
        self.process.kill()
        self.process.wait(20)
        self.process = None

    def stop(self):
        if not self.process:
            return
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError("the server did not stop within 60 s of SIGTERM")
        self.process = None

    def api(self, source=None):
        return Api(self.port, self.ca, source=source)

    def staff(self, name, password):
        api = self.api()
        api.post("/staff/login", {"name": name, "password": password})
        return api


def resident_id(number, born="19900101", region="110101"):
    """A made-up resident identity number with a right check character (GB 11643-1999); number 0..999."""
    head = f"{region}{born}{number:03d}"
    total = sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(head))
    return head + "10X98765432"[total % 11]


class Person:
    """A made-up candidate."""

    def __init__(self, number, name, blueprint=LOW_VOLTAGE, born="19900101"):
        self.name, self.blueprint, self.id_type = name, blueprint, "resident_id"
        self.id_number = resident_id(number, born)
        self.phone = f"1380000{number:04d}"

    def document(self):
        return {"id_type": self.id_type, "id_number": self.id_number}


def wording(zh, en):
    return {"zh": zh, "en": en}


# As the house's.
LIVENESS = {"challenge_steps": 2, "flatness_min": 0.15, "texture_mean_min": 0.6, "texture_low_share_max": 0.2,
            "texture_frames_min": 10, "second_distance_max": 0.60, "light": False, "light_min": 0.3,
            "camera_drivers": ["uvcvideo"], "usb_ids": []}


def demo_policy(**changes):
    policy = {"entry_before_minutes": 120, "entry_after_minutes": 120, "no_leaving_minutes": 0, "turnover_minutes": 0,
              "move_before_minutes": 0, "booking_days": 14, "walk_in": True,
              "camera_kinds": ["camera", "file", "simulated"], "admit_min": 0.75, "refuse_below": 0.40,
              "face_tries_max": 3, "liveness": dict(LIVENESS)}
    policy.update(changes)
    return policy


def make_site(admin, zh="演示考场", en="Demonstration hall", *, seats=1, policy=None, room="1"):
    """A site open day and night with `seats` seats: (site, [seat])."""
    site = admin.post("/admin/sites", {
        "name": wording(zh, en), "address": wording("示范路 1 号", "1 Example Road"), "time_zone": "Asia/Shanghai",
        "hours": [{"weekday": day, "open_minute": 0, "close_minute": 1440} for day in range(1, 8)],
        "policy": policy or demo_policy(), "disabled": False})
    return site, [admin.post(f"/admin/sites/{site['id']}/seats",
                             {"room": room, "label": f"{n:02d}", "disabled": False}) for n in range(1, seats + 1)]


def import_bank(admin, path, **names):
    """Imports one bank file of any readable format; the report."""
    content = pathlib.Path(path).read_text(encoding="utf-8-sig")
    return admin.post("/admin/banks", {"content": content, "dry_run": False, **names}, timeout=90)


def set_papers(admin, papers=20, seal_when_left=5, embargo_days=90):
    """How many papers the batches of every blueprint have from now on."""
    for row in admin.get("/blueprints")["blueprints"]:
        admin.put(f"/blueprints/{row['id']}/settings",
                  {"papers_per_batch": papers, "seal_when_left": seal_when_left, "embargo_days": embargo_days})


def wait_for_papers(admin, blueprints=None, seconds=300):
    """Until sealed papers wait for these blueprints (None: for each that its bank allows); rows of /blueprints by id."""
    ends = time.monotonic() + seconds
    while True:
        rows = {row["id"]: row for row in admin.get("/blueprints")["blueprints"]}
        papers = {name: rows[name]["papers"] for name in (blueprints or rows)}
        done = {name: p["unused"] > 0 or (p["problem"] is not None and not p["sealing"]) for name, p in papers.items()}
        if all(done.values()) and not any(p["sealing"] for p in papers.values()):
            failed = {name: p["problem"] for name, p in papers.items() if p["unused"] == 0}
            if blueprints and failed:
                raise RuntimeError(f"no papers could be sealed: {failed}")
            return rows
        if time.monotonic() > ends:
            raise TimeoutError(f"no sealed papers after {seconds} s: {papers}")
        name = next(name for name in papers if papers[name]["sealing"] or not done[name])
        seen = admin.get(f"/blueprints/{name}")
        if seen["row"]["papers"] == papers[name]:
            admin.get(f"/blueprints/{name}?wait_ms=2000&seen={seen['seen']}")


def sample_banks():
    return sorted((ROOT / "question-bank" / "samples").glob("*.json"))


def make_candidate(admin, person, **changes):
    return admin.post("/admin/candidates", {"name": person.name, **person.document(), "phone": person.phone,
                                            "blueprint_id": person.blueprint, "training_done": True, **changes})


def open_booking(server, person):
    """A session on the booking page, by the code that a demo server shows: (api, person as the server sees it)."""
    api = server.api()
    sent = api.post("/booking/codes", {**person.document(), "name": person.name, "phone": person.phone})
    me = api.post("/booking/session", {"challenge_id": sent["challenge_id"], "code": sent["demo_code"]})
    return api, me


def give_photo(booking, jpeg):
    """Consents to the reference photo and uploads it; the verdict."""
    text = booking.get("/consents/reference_photo")
    booking.post("/booking/consent", {"kind": text["kind"], "version": text["version"], "given": True})
    return booking.put("/booking/photo", raw=jpeg, content_type="image/jpeg")


def site_today(zone_offset_hours=8, days=0):
    """Today's date at the demonstration site, shifted by `days`."""
    there = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=zone_offset_hours)))
    return (there + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def free_slots(api, site_id, days=2):
    """Start instants with a free seat, soonest first, from today's page on; none that is over before it can be booked."""
    starts, soonest = [], now_ms() + 120_000
    for day in range(days):
        page = api.get(f"/booking/availability?site={site_id}&day={site_today(days=day)}")
        starts += [slot["start_ms"] for slot in page["slots"] if slot["free"] > 0 and slot["start_ms"] > soonest]
    return sorted(starts)


def reserve(booking, site_id, start_ms=None, eligibility=None):
    """Books the soonest free slot (or `start_ms`) for the first open exam."""
    if eligibility is None:
        eligibility = next(e["id"] for e in booking.get("/booking/me")["eligibilities"] if e["state"] == "open")
    if start_ms is None:
        start_ms = free_slots(booking, site_id)[0]
    return booking.post("/booking/reservations",
                        {"eligibility_id": eligibility, "site_id": site_id, "start_ms": start_ms})


class KioskIdentity:
    """A kiosk made of openssl and this file: key, certificate request, enrolment, mTLS calls."""

    def __init__(self, server, admin, seat_id, folder, source=None):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = folder / "kiosk.key", folder / "kiosk.pem"
        request = folder / "kiosk.csr"
        make_request(self.key, request)
        code = admin.post(f"/admin/seats/{seat_id}/enrolment")["code"]
        self.enrolled = server.api(source).post("/kiosks/enrol", {"code": code, "csr_pem": request.read_text()})
        self.certificate.write_text(self.enrolled["certificate_pem"])
        self.server, self._renewed = server, 0

    def api(self):
        return Api(self.server.kiosk_port, self.server.ca, self.certificate, self.key)

    def renew(self):
        """The next certificate, for a new key, over the connection of the one before; used from then on."""
        key, request = self.key.with_name(f"kiosk-{self._renewed}.key"), self.key.with_name("next.csr")
        make_request(key, request)
        made = self.api().post("/kiosk/certificate", {"csr_pem": request.read_text()})
        certificate = key.with_suffix(".pem")
        certificate.write_text(made["certificate_pem"])
        self.key, self.certificate, self._renewed = key, certificate, self._renewed + 1
        return made


def make_request(key, request, subject="/CN=kiosk"):
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(request), "-subj", subject], check=True, capture_output=True)


def self_signed(key, certificate, subject="/CN=stranger"):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "30", "-keyout", str(key), "-out", str(certificate), "-subj", subject],
                   check=True, capture_output=True)


def admit_by_reviewer(kiosk, reviewer, found):
    """Declines the face check at the kiosk and lets the reviewer admit: the admission."""
    state = kiosk.get("/kiosk/state")
    path = f"/kiosk/admissions/{found['admission_id']}"
    kiosk.post(path + "/consent", {"given": False, "version": state["face_consent"]["version"], "language": "zh"})
    reviewer.post(f"/review/cases/{found['admission_id']}/decision", {"decision": "admit", "reason": wording("核对无误", "Checked")})
    return kiosk.get(path)


def start_sitting(kiosk, reviewer, person, code=None):
    """From a booking code (or walking in) to the running sitting."""
    if code:
        found = kiosk.post("/kiosk/find", {"kind": "code", "code": code})
    else:
        found = kiosk.post("/kiosk/walkin", {**person.document(), "phone_last4": person.phone[-4:]})
    if found["outcome"] != "ready":
        raise AssertionError(f"the kiosk was told {found['outcome']}")
    admit_by_reviewer(kiosk, reviewer, found)
    return kiosk.post("/kiosk/sittings", {"admission_id": found["admission_id"]})


class Keys:
    """Right answers by what is on the screen, read from native bank files."""

    def __init__(self, paths):
        self._by_stem, self.explanations, self.sources = {}, [], []
        for path in paths:
            bank = json.loads(pathlib.Path(path).read_text(encoding="utf-8-sig"))
            for item in bank["items"]:
                options = item.get("options")
                if item["type"] == "true_false":
                    right = {"正确"} if item["key"] else {"错误"}
                else:
                    right = {self.plain(options["ABCDEFGH".index(letter)]) for letter in item["key"]}
                self._by_stem.setdefault(self.plain(item["stem"]), []).append((item, right))
                self.explanations.append(item.get("explanation", ""))
                self.sources.append(item.get("source", ""))

    @staticmethod
    def plain(text):
        return re.sub(r"\s+", "", text)

    def right(self, stem, options):
        """Indexes of the right options as shown."""
        shown = [self.plain(option) for option in options]
        for item, right in self._by_stem.get(self.plain(stem), []):
            known = [self.plain(o) for o in item.get("options", ["正确", "错误"])]
            if sorted(known) == sorted(shown) and right <= set(shown):
                return [i for i, option in enumerate(shown) if option in right]
        raise KeyError(f"not in the bank files: {stem!r} {options!r}")

    def all_texts(self):
        """Stems and options: what a kiosk may see."""
        texts = set()
        for entries in self._by_stem.values():
            for item, _ in entries:
                texts.add(item["stem"])
                texts.update(item.get("options", []))
        return texts


FORBIDDEN_MEMBERS = {"key", "keys", "answer", "answers", "answer_key", "correct", "right", "explanation", "explanations",
                     "source", "sources", "item_id", "seed"}


def leaks(value, explanations=(), where=""):
    """What in a message to a kiosk gives a key away: a list of findings, empty when clean."""
    findings = []
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.lower() in FORBIDDEN_MEMBERS:
                findings.append(f"{where}/{name}: member that only the server may hold")
            findings += leaks(inner, explanations, f"{where}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            findings += leaks(inner, explanations, f"{where}/{index}")
    elif isinstance(value, str) and len(value) < 20000:
        findings += [f"{where}: text of an explanation" for text in explanations if text in value]
    return findings


def tiny_jpeg():
    """A valid grey JPEG of 8x8 pixels: no face in it."""
    return base64.b64decode(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
        "////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z")


class Hall:
    """A server in a temporary folder with an administrator, a reviewer and an authority signed in."""

    def __init__(self, banks=None, **options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-hall-"))
        self.server = Server(self.folder / "data", **options)
        try:
            self.password = self.server.init()
            self.server.start()
            self.admin = self.server.staff("admin", self.password)
            self.reviewer = self.make_account("reviewer-1", "reviewer")
            self.authority = self.make_account("authority-1", "authority")
            set_papers(self.admin)
            for path in sample_banks() if banks is None else banks:
                import_bank(self.admin, path)
            if banks != []:
                wait_for_papers(self.admin)
        except BaseException:
            self.close()
            raise

    def make_account(self, name, role):
        made = self.admin.post("/admin/accounts", {"name": name, "display": name, "role": role})
        return self.server.staff(name, made["password"])

    def kiosk(self, seat_id, source=None):
        return KioskIdentity(self.server, self.admin, seat_id, self.folder / f"kiosk-{seat_id}", source)

    def close(self):
        try:
            self.server.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def together(jobs):
    """Runs callables at the same instant in threads; their results or exceptions, in order."""
    results = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index):
        gate.wait()
        try:
            results[index] = jobs[index]()
        except Exception as problem:  # handed to the caller, who asserts on it
            results[index] = problem

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
