# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The main job of deploy/run: a server with a demonstration hall, a kiosk, and what to do next.

The first start fills the data folder through the server's own API, as an administrator would from the pages; each part
is recorded when it is done, so an interrupted start goes on where it stopped. Later starts reuse everything and book
anew for the demonstration candidate when the last booking is used.
"""

import argparse
import contextlib
import datetime
import fcntl
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import invigil_client as iv  # noqa: E402
from kiosk_program import KioskProgram, VirtualDisplay, draw_face  # noqa: E402

SEATS = 8
ROLES = ("special-operations-low-voltage", "principal", "manager")
NAMES = "赵一凡 钱小溪 孙明远 李青禾 周思源 吴桐 郑大勇 王晓岚 冯立春 陈雨".split()
SITE = ("演示考场", "Demonstration hall")
ACCOUNTS = (("reviewer", "演示监考员", "reviewer"), ("authority", "演示发证机关", "authority"))


def people():
    """Made-up candidates: ten for each role, so that a demonstration can be repeated."""
    return [iv.Person(100 * (role + 1) + n, name, blueprint)
            for role, blueprint in enumerate(ROLES) for n, name in enumerate(NAMES)]


class Memory:
    """What has been set up already: data/demo.json, readable by its owner only."""

    def __init__(self, path):
        self._path = path
        self.facts = json.loads(path.read_text()) if path.exists() else {}

    def keep(self, **facts):
        self.facts.update(facts)
        part = self._path.with_suffix(".part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.facts, file, ensure_ascii=False, indent=1)
        part.replace(self._path)


class Demo:
    def __init__(self, arguments):
        self.data = pathlib.Path(arguments.data).resolve()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        models = ROOT / "build" / "models"
        self.models = models if models.is_dir() else None
        web = ROOT / "proctor-server" / "web" / "dist"
        self.server = iv.Server(self.data, port=arguments.port, kiosk_port=arguments.port + 1, models=self.models,
                                web=web if web.is_dir() else None, centre="演示考试中心", log=self.data / "server.log")
        self.kiosk_log = self.data / "kiosk.log"
        self.memory = Memory(self.data / "demo.json")
        self.stack = contextlib.ExitStack()
        self.passwords = {}

    def start(self):
        for port in (self.server.port, self.server.kiosk_port):
            if not port_is_free(port):
                raise RuntimeError(f"Port {port} is in use. Stop what uses it, or choose another: ./deploy/run --port "
                                   f"{port + 1000}")
        password = self.server.init()
        self.server.start()
        self.stack.callback(self.server.stop)
        if password:
            self.passwords["admin"] = password
        if not self.memory.facts.get("told"):
            # The first start, or one before it was cut off and its passwords were never seen: there are new ones.
            self.passwords["admin"] = password or self.server.reset_password("admin")
            self.fill(self.server.staff("admin", self.passwords["admin"]))
        self.enrol_if_needed()

    def fill(self, admin):
        """Whatever is not there yet. Names are looked up first, so that nothing is made twice."""
        have = {bank["id"] for bank in admin.get("/admin/banks")["banks"]}
        for path in iv.sample_banks():
            if json.loads(path.read_text(encoding="utf-8"))["id"] not in have:
                iv.import_bank(admin, path)  # papers are sealed in the background from here on
        for name, display, role in ACCOUNTS:
            known = {account["name"]: account["id"] for account in admin.get("/admin/accounts")["accounts"]}
            if name in known:
                self.passwords[name] = admin.post(f"/admin/accounts/{known[name]}/reset")["password"]
            else:
                made = admin.post("/admin/accounts", {"name": name, "display": display, "role": role})
                self.passwords[name] = made["password"]
        site = self.site(admin)
        seats = {seat["label"] for seat in admin.get(f"/admin/sites/{site['id']}/seats")["seats"]}
        for number in range(1, SEATS + 1):
            if f"{number:02d}" not in seats:
                admin.post(f"/admin/sites/{site['id']}/seats",
                           {"room": "一号考室", "label": f"{number:02d}", "disabled": False})
        for person in people():
            try:
                iv.make_candidate(admin, person, renew=True)
            except iv.Refused as no:
                if no.id != "already_eligible":
                    raise
        iv.wait_for_papers(admin, ROLES)
        self.memory.keep(site_id=site["id"])

    def site(self, admin):
        for site in admin.get("/admin/sites")["sites"]:
            if site["name"]["zh"] == SITE[0]:
                return site
        return iv.make_site(admin, *SITE, seats=0, policy=iv.demo_policy(admit_min=0.50, refuse_below=0.35))[0]

    def enrol_if_needed(self):
        self.kiosk = KioskProgram(self.data / "kiosk", self.server.port, self.kiosk_log)
        if self.kiosk.enrolled:
            self.kiosk.use_port(self.server.kiosk_port)  # --port may be another one this time
            return
        if "admin" not in self.passwords:
            self.passwords["admin"] = self.server.reset_password("admin")
        admin = self.server.staff("admin", self.passwords["admin"])
        seats = admin.get(f"/admin/sites/{self.memory.facts['site_id']}/seats")["seats"]
        seat = min(seats, key=lambda s: s["label"])
        code = admin.post(f"/admin/seats/{seat['id']}/enrolment")["code"]
        self.kiosk.enrol(code, self.server.ca)
        self.memory.keep(seat_label=seat["label"])

    # --- the demonstration candidate -----------------------------------------------------------------------------

    def booking(self):
        """The open booking of the demonstration candidate at the kiosk's seat, made when there is none."""
        token = self.memory.facts.get("manage_token")
        if token:
            with contextlib.suppress(iv.Refused):
                reservation = self.server.api().post("/manage/view", {"token": token})["reservation"]
                if reservation["state"] in ("booked", "admitted", "sitting"):
                    return reservation
        for person in people():
            api, me = iv.open_booking(self.server, person)
            if any(e["state"] == "open" for e in me["eligibilities"]):
                return self.book(api, person, me)
            api.post("/booking/logout")
        raise RuntimeError(f"Every demonstration candidate has sat the exam. Start with a new folder: ./deploy/run "
                           f"--data {self.data}-2")

    def book(self, api, person, me):
        if me["photos"] == 0:
            verdict = iv.give_photo(api, draw_face(1, self.data / "reference.jpg"))
            if not verdict["accepted"]:
                raise RuntimeError(f"The drawn reference photo was not accepted: {verdict['reasons']}")
        reservation = self.reserve_at_kiosk(api)
        self.memory.keep(manage_token=reservation["manage_token"], person=person.name, id_number=person.id_number,
                         phone=person.phone)
        api.post("/booking/logout")
        return reservation

    def reserve_at_kiosk(self, api):
        """The soonest time at which the free seat that comes first is the one with the kiosk."""
        for start in iv.free_slots(api, self.memory.facts["site_id"])[:5]:
            reservation = iv.reserve(api, self.memory.facts["site_id"], start)
            if reservation["seat_label"] == self.memory.facts["seat_label"]:
                return reservation
            api.post("/manage/cancel", {"token": reservation["manage_token"]})
        raise RuntimeError("The seat with the kiosk is booked for the next hours; cancel a reservation on the "
                           "administrator's page.")

    # --- the kiosk -----------------------------------------------------------------------------------------------

    def open_kiosk(self):
        """Starts the kiosk; in words where it is and what it looks through."""
        display, where = None, "in a window on this display"
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            virtual = VirtualDisplay(log=self.data / "xvfb.log")
            self.stack.callback(virtual.stop)
            display = virtual.name
            where = f"on a virtual display ({display}), as this machine has none"
        camera = "auto" if any(pathlib.Path("/dev").glob("video*")) else "simulated:1"
        seen = "the camera" if camera == "auto" else "a simulated candidate, as there is no camera"
        self.kiosk = KioskProgram(self.data / "kiosk", self.server.port, self.kiosk_log, models=self.models,
                                  camera=camera, display=display)
        self.kiosk.start(*(() if display else ("--windowed", "1280x800")))
        self.stack.callback(self.kiosk.stop)
        time.sleep(1)
        if self.kiosk.process.poll() is not None:
            raise RuntimeError(f"The kiosk ended at once:\n{self.kiosk_log.read_text(errors='replace')[-1500:]}")
        self.display = display
        return f"{where}; it sees {seen}"

    def tell(self, reservation, kiosk):
        start = datetime.datetime.fromtimestamp(reservation["start_ms"] / 1000,
                                                datetime.timezone(datetime.timedelta(hours=8)))
        facts = self.memory.facts
        address = f"https://localhost:{self.server.port}"
        lines = ["", f"Invigil is running on {address}", ""]
        if self.passwords:
            lines.append("Passwords, shown this once (invigil-server reset-password makes a new one):")
            lines += [f"  {name:<10} {password}" for name, password in self.passwords.items()]
        else:
            lines.append("The passwords were shown at the first start. A new one for the administrator:")
            lines.append(f"  build/dev/bin/invigil-server reset-password --data {self.data} admin")
        lines += [
            "",
            "What to do next",
            f"  At the kiosk, enter the booking code   {reservation['code']}",
            f"      {reservation['title']['zh']}, {start:%Y-%m-%d %H:%M}, seat {reservation['seat_label']}, "
            f"{facts['person']} (made up)",
            f"  Book as the candidate                  {address}/",
            f"      ID number {facts['id_number']}, name {facts['person']}, phone {facts['phone']}",
            "      With a camera: take your own reference photo there first; the drawn one is not you.",
            f"  Administration, review, authority      {address}/staff/",
            f"  The browser warns: the certificate is signed by this hall's own CA, {self.server.ca}",
            "",
            f"The kiosk is {kiosk}.",
        ]
        if self.display:
            lines.append(f"  Look at it: DISPLAY={self.display} import -window root kiosk.png (Debian's imagemagick), or any VNC server")
        lines += [f"Data, keys and logs: {self.data}", "Stop with Ctrl+C.", ""]
        print("\n".join(lines), flush=True)
        self.memory.keep(told=True)

    def watch(self):
        """Until Ctrl+C; a kiosk that is closed leaves the server running."""
        kiosk_gone = False
        while True:
            time.sleep(0.5)
            if self.server.process.poll() is not None:
                raise RuntimeError(f"The server ended by itself; see {self.server.log}")
            if not kiosk_gone and self.kiosk.process.poll() is not None:
                kiosk_gone = True
                print("The kiosk was closed; the server goes on. Ctrl+C stops it.", flush=True)


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=str(ROOT / "data"))
    parser.add_argument("--port", type=int, default=8443)
    demo = Demo(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    lock = open(demo.data / ".lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print(f"Invigil already runs on {demo.data}; stop it first, or choose another folder with --data.",
              file=sys.stderr)
        return 1
    try:
        with demo.stack:
            demo.start()
            reservation = demo.booking()
            kiosk = demo.open_kiosk()
            demo.tell(reservation, kiosk)
            demo.watch()
    except KeyboardInterrupt:
        print("\nStopped. ./deploy/run goes on with the same data.")
    except (RuntimeError, TimeoutError, OSError, iv.Refused, subprocess.SubprocessError) as problem:
        print(f"\ndeploy/run: {problem}\nThe server's log: {demo.server.log}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
