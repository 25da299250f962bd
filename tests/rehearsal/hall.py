# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""What every walk through the product needs: a server with its data folder, one kiosk with a hand at its screen, a relay
between them that writes the messages down, the reviewer, a report and screenshots.

Everything has its own folder and free ports, is stopped by its own process id, and every wait is bounded.
"""

import contextlib
import fcntl
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import invigil_client as iv  # noqa: E402
from kiosk_driver import Screen  # noqa: E402
from kiosk_program import KioskProgram, VirtualDisplay  # noqa: E402
from relay import Relay  # noqa: E402

STEPS_WIDTH = 34


def require(truth, words):
    if not truth:
        raise AssertionError(words)


class Report:
    """The table on the screen and report.json, written anew after every step, so an interrupt leaves the truth."""

    def __init__(self, out, about):
        self._path, self._about, self.steps = out / "report.json", about, []
        self.write()

    @contextlib.contextmanager
    def step(self, who, name):
        """Times one step. The body may call the given function with a detail for the table."""
        started, row = time.monotonic(), {"candidate": who, "step": name, "ok": False, "seconds": 0.0, "detail": ""}

        def note(detail):
            row["detail"] = detail

        try:
            yield note
            row["ok"] = True
        except Exception as problem:
            row["detail"] = f"{type(problem).__name__}: {problem}"
            raise
        finally:
            row["seconds"] = round(time.monotonic() - started, 2)
            self.steps.append(row)
            self.write()
            print(f"  {who:<9} {name:<{STEPS_WIDTH}} {row['seconds']:>7.2f} s  {'PASS' if row['ok'] else 'FAIL'}"
                  f"{'  ' + row['detail'] if row['detail'] else ''}", flush=True)

    def write(self, **more):
        self._about.update(more)
        text = json.dumps({**self._about, "steps": self.steps}, ensure_ascii=False, indent=2)
        self._path.with_suffix(".part").write_text(text + "\n", encoding="utf-8")
        self._path.with_suffix(".part").replace(self._path)


class Hall:
    """One server, one site with one seat, one kiosk. The walks are its subclasses; each has run()."""

    camera = "simulated:1"  # of the kiosk when it starts
    leaves = ("*.png", "reviewer-*.jpg", "report.json", "report.part", "*.log", "messages.jsonl")

    def __init__(self, arguments, out, data, about):
        self.arguments, self.out, self.data = arguments, out, data
        self.stack = contextlib.ExitStack()
        self.shots = 0
        self.seen_screens = set()
        self.report = Report(out, {**about, "version": 1, "passed": False,
                                   "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})

    def models(self):
        folder = iv.ROOT / "build" / "models"
        return folder if folder.is_dir() else self.no_models()

    def no_models(self):
        folder = self.data / "no-models"
        folder.mkdir(exist_ok=True)
        return folder

    @staticmethod
    def web():
        dist = iv.ROOT / "proctor-server" / "web" / "dist"
        return dist if dist.is_dir() else None

    def account(self, role):
        made = self.admin.post("/admin/accounts", {"name": f"rehearsal-{role}", "display": "预演", "role": role})
        return self.server.staff(f"rehearsal-{role}", made["password"])

    def open_server(self, centre):
        self.server = iv.Server(self.data / "server", models=self.models(), log=self.out / "server.log", centre=centre, web=self.web())
        password = self.server.init()
        require(password, "the data folder is not new")
        self.server.start()
        self.stack.callback(self.server.stop)
        self.admin = self.server.staff("admin", password)
        self.reviewer = self.account("reviewer")

    def open_site(self, **policy):
        # A drawn face is no likeness for the models: the thresholds only tell one drawing from another.
        self.site, self.seats = iv.make_site(self.admin, "预演考场", "Rehearsal hall", room="一号考室",
                                             policy=iv.demo_policy(admit_min=0.50, refuse_below=0.35, **policy))

    def start_kiosk(self):
        """Enrols the kiosk of the first seat, puts the relay before the server and waits for the welcome screen."""
        display = VirtualDisplay(log=self.data / "xvfb.log")
        self.stack.callback(display.stop)
        self.kiosk = KioskProgram(self.data / "kiosk", self.server.port, self.out / "kiosk.log", models=self.models(),
                                  camera=self.camera, display=display.name, card=self.data / "card.json",
                                  decoder=f"{iv.binary('invigil-simface')} --decode-card-photo")
        code = self.admin.post(f"/admin/seats/{self.seats[0]['id']}/enrolment")["code"]
        self.kiosk.enrol(code, self.server.ca)
        keys = self.server.data / "keys"
        self.relay = Relay(self.server.kiosk_port, keys / "server.pem", keys / "server.key", keys / "ca.pem",
                           self.kiosk.data / "identity.pem", self.kiosk.data / "identity.pem",
                           self.out / "messages.jsonl")
        self.stack.callback(self.relay.stop)
        self.kiosk.use_port(self.relay.port)
        # Not in the data folder: the path of a socket may have 107 bytes only.
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="invigil-"))
        self.driver_socket = pathlib.Path(folder) / "driver"
        self.stack.callback(self.kiosk.stop)
        self.stack.callback(lambda: self.screen.close())
        self.kiosk_on()
        if self.screen.wait_for("connecting", "welcome", seconds=60) == "connecting":
            self.shot("connecting")
        self.to_welcome(60)
        window = self.screen.ask("window")
        self.kiosk_size = (window["width"], window["height"])

    def kiosk_on(self):
        self.kiosk.start(driver_socket=self.driver_socket)
        self.screen = Screen(self.driver_socket, self.kiosk.process)

    def shot(self, name):
        """One picture of each screen, numbered in the order of the visit."""
        if name in self.seen_screens:
            return
        self.seen_screens.add(name)
        self.shots += 1
        time.sleep(0.3)  # colours fade in
        self.screen.screenshot(self.out / f"{self.shots:02d}-{name}.png")

    def to_welcome(self, seconds=90):
        self.screen.wait_for("welcome", seconds=seconds)
        self.screen.wait(lambda: (self.screen.seen("welcome.scan") or {}).get("enabled"), seconds, "the hall to be open")
        self.shot("welcome")

    def keypad(self, text):
        for character in text.upper():
            self.screen.click("keypad." + character)

    def last_message(self, ending, part="body"):
        return next(m[part] for m in reversed(self.relay.messages) if m["request"].endswith(ending))

    def review(self, candidate, admit=True):
        """The remote invigilator looks at the case and admits or refuses; why it came."""
        def waiting():
            return next((c for c in self.reviewer.get("/review/queue")["cases"] if c["state"] == "waiting"), None)

        case = iv.wait_until(waiting, 90, "the case in the reviewer's queue")
        require(case["name"] == candidate.person.name, f"the queue names {case['name']}")
        for kind, there in (("reference", case["references"]), ("capture", case["has_capture"])):
            if there:
                picture = self.reviewer.get(f"/review/cases/{case['admission_id']}/{kind}")
                (self.out / f"reviewer-{candidate.way}-{kind}.jpg").write_bytes(picture)
        self.reviewer.post(f"/review/cases/{case['admission_id']}/decision",
                           {"decision": "admit" if admit else "refuse",
                            "reason": iv.wording("", "") if admit else iv.wording("证件与本人不符", "The document is not theirs")})
        return case["why"]

    def failed(self):
        """Leaves what helps to see why."""
        with contextlib.suppress(Exception):
            self.screen.screenshot(self.out / "99-failed.png")


def own_the_folder(out, leaves):
    """Makes `out`, removes what an earlier run left there, and keeps other runs away until this one ends."""
    out.mkdir(parents=True, exist_ok=True)
    lock = open(out / ".lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"Another run is writing to {out}; wait for it or choose another folder with --out.")
    for pattern in leaves:
        for path in out.glob(pattern):
            path.unlink()
    return lock


def walk(kind, parser, folder):
    """Runs one walk, a subclass of Hall, and stops whatever it started; its exit status."""
    parser.add_argument("--out", default=str(iv.ROOT / "build" / folder), help="folder for the proofs")
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out = pathlib.Path(arguments.out).resolve()
    lock = own_the_folder(out, kind.leaves)
    data = out / "data"
    shutil.rmtree(data, ignore_errors=True)  # of a run that was cut off, or kept
    data.mkdir(mode=0o700)
    print(f"{kind.__name__} in {out}\n", flush=True)
    hall, status, started = kind(arguments, out, data), 1, time.monotonic()
    try:
        hall.run()
        status = 0
    except KeyboardInterrupt:
        status = 130
        print("\nInterrupted; everything is stopped.")
    except Exception as problem:
        hall.failed()
        print(f"\n{type(problem).__name__}: {problem}")
    finally:
        try:
            hall.stack.close()
        except Exception as problem:
            status = status or 1
            print(f"while stopping: {problem}")
        if arguments.keep:
            print(f"The data folder is kept: {data}")
        else:
            shutil.rmtree(data, ignore_errors=True)
        hall.report.write(passed=status == 0, seconds=round(time.monotonic() - started, 1))
        lock.close()
    print(f"\n{'PASS' if status == 0 else 'FAIL'} in {time.monotonic() - started:.0f} s: {out} "
          f"({len(list(out.glob('*.png')))} screenshots, report.json, messages.jsonl, server.log, kiosk.log)")
    return status
