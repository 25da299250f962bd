# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Sends people and attacks to the door of the real kiosk, one after another, and writes down how each came out.

Each has a booking with a photo of drawn person 1, and another camera. Every path ends in a decision, at a human, or in a
friendly retry; whatever the machine says on the way is in the report.
"""

import argparse
import dataclasses
import subprocess
import sys

from hall import Hall, iv, require, walk
from kiosk_program import draw_face

BLUEPRINT = "principal"
AGAIN = "马上再来一次"


@dataclasses.dataclass
class Visit:
    """`camera` None = no recognition model; `hints` = one of these is shown; `why` = what the reviewer may read, empty = admitted by face."""
    name: str
    camera: str | None
    why: tuple
    hints: tuple = ()
    tries: int = 3  # before a human takes over; of who is admitted, at most
    asks: bool = False  # for the human, after so many tries
    findings: tuple = ()  # each try comes to one of these
    consents: bool = True
    reviewer_admits: bool = False


# A try that begins while the film or the print is in the middle of something may end in other words.
NOT_AS_ASKED = ("timeout", "wrong_action", "moved_early", "lost_face", "no_pose", "flat", "not_settled")

VISITS = [
    Visit("the right person", "simulated:1", (), findings=NOT_AS_ASKED),
    Visit("the same person again", "simulated:1", (), findings=NOT_AS_ASKED),  # the kiosk stays on: this is no film of the first visit
    Visit("somebody else", "simulated:2,seed=4", ("low_score", "liveness"), findings=("low_score", *NOT_AS_ASKED)),
    Visit("a moved print", "simulated:1,attack=sheet,seed=5", ("liveness",), findings=NOT_AS_ASKED),
    Visit("in the dark", "simulated:1,light=0.12,seed=6", ("liveness",), hints=("光线有点暗，请转向亮处",), findings=("not_settled",),
          reviewer_admits=True),
    Visit("a second person leans in", "simulated:1,attack=two,seed=7", ("asked",), tries=2, asks=True, hints=("请让画面里只有您一个人",), findings=(
        "second_person", "not_settled"), reviewer_admits=True),
    Visit("too far away", "simulated:1,distance=3,seed=8", ("asked",), tries=1, asks=True, hints=("请靠近一点",), findings=("not_settled",), reviewer_admits=True),
    Visit("a film of the person", "film", ("liveness",), findings=NOT_AS_ASKED),
    Visit("a virtual camera", "simulated:1,attack=virtual,seed=9", ("camera_not_allowed",), tries=1, findings=("camera_not_allowed",)),
    Visit("declines", "simulated:1,seed=10", ("declined",), tries=0, consents=False, reviewer_admits=True),
    Visit("no recognition model", None, ("no_model",), tries=0, reviewer_admits=True),
]


class Guest:
    def __init__(self, number, visit):
        self.person, self.way = iv.Person(number, f"演示考生{number}", BLUEPRINT), f"{number:02d}"
        self.visit = visit


class Admissions(Hall):
    def __init__(self, arguments, out, data):
        super().__init__(arguments, out, data, {"format": "invigil-admissions"})
        self.said = {}

    def open(self):
        with self.report.step("hall", "server, bank, site, kiosk"):
            self.open_server("Invigil admissions")
            for path in iv.sample_banks():
                if path.stem in (BLUEPRINT, "common-law-emergency"):
                    iv.import_bank(self.admin, path)
            iv.set_papers(self.admin)
            iv.wait_for_papers(self.admin, [BLUEPRINT])
            self.open_site()
            self.photo = draw_face(1, self.data / "reference.jpg")
            self.start_kiosk()

    def film(self):
        """Twenty seconds of person 1 on a telephone, as a video file. Without a turn, which every challenge has: no draw lets it in."""
        path = self.data / "film.webm"
        if not path.exists():
            subprocess.run([iv.binary("invigil-face"), "film", "--source", "simulated:1,attack=replay,order=nod+open_mouth+blink", "--seconds", "20",
                            "--frames-per-second", "15", "--webm", str(path)], check=True, capture_output=True, timeout=180)
        return f"file:{path}"

    def another_camera(self, visit):
        if visit.camera == self.camera:
            return
        self.camera = visit.camera
        self.screen.close()
        self.kiosk.stop()
        self.kiosk.use(camera=self.film() if visit.camera == "film" else visit.camera or Hall.camera,
                       models=self.models() if visit.camera else self.no_models())
        self.kiosk_on()
        self.to_welcome(60)

    def book(self, guest):
        iv.make_candidate(self.admin, guest.person)
        booking, _ = iv.open_booking(self.server, guest.person)
        reservation = iv.reserve(booking, self.site["id"])
        verdict = iv.give_photo(booking, self.photo)
        require(verdict["accepted"], f"the photo was not accepted: {verdict['reasons']}")
        return reservation

    def watch_the_check(self, guest, reports):
        """Until the face check has ended: the screen after it, and every sentence the person has read, in order."""
        visit, said, asked = guest.visit, [], False

        def look():
            nonlocal asked
            name = self.screen.name()
            if name != "face":
                return name
            if visit.asks and not asked and len(reports()) == visit.tries and AGAIN in said:
                asked = True
                self.screen.click("face.reviewer")
            for item in ("face.hint", "face.note"):
                text = (self.screen.seen(item) or {}).get("text", "")
                if text and text not in said:
                    said.append(text)
                    if text == AGAIN:
                        self.screen.screenshot(self.out / f"{guest.way}-again.png")
            return None

        return self.screen.wait(look, 300, "the face check to end"), said

    def visit(self, guest, note):
        self.another_camera(guest.visit)
        reservation = self.book(guest)
        self.at_the_door(guest, reservation, note)
        # The seat is the next one's: who is admitted hands in an empty paper.
        if self.screen.name() == "confirm":
            self.empty_paper()
        else:
            self.screen.click("refused.done")
        self.to_welcome(60)

    def empty_paper(self):
        self.screen.click("confirm.yes")
        self.screen.click("instructions.start", 90)
        self.screen.click("paper.submit", 90)
        self.screen.click("submit.confirm", 90)
        self.screen.click("result.done", 60)

    def at_the_door(self, guest, reservation, note):
        visit, before = guest.visit, len(self.relay.messages)
        self.screen.click("welcome.id")
        self.screen.wait_for("find")
        self.keypad(guest.person.id_number)
        self.screen.click("find.submit")
        self.screen.wait_for("consent", seconds=90)
        self.screen.click("consent.agree" if visit.consents else "consent.decline")
        self.screen.wait_for("face", "waiting", seconds=90)

        def reports():
            return [m for m in self.relay.messages[before:] if m["request"].endswith("/face")]

        reached, said = self.watch_the_check(guest, reports)
        findings = [r["body"].get("why", r["body"]) for r in reports()]
        self.said[visit.name] = said
        self.report.write(said=self.said)
        require(reached == ("waiting" if visit.why else "confirm"), f"the check ended at {reached}: {findings}, {said}")
        # Two tries of one print or film may run alike; then the reviewer looks at once.
        early = any(r["sent"]["liveness"]["replayed"] for r in reports())
        self.check_the_way(visit, said, findings, early)
        if not visit.why:
            known = self.admin.get(f"/admin/reservations/{reservation['id']}/admission")
            require(known["state"] == "admitted", f"the server says {known['state']}")
            return note("".join(f"{one}; " for one in findings[:-1]) + "admitted by face")
        self.to_the_human(guest, findings, said, note)

    def check_the_way(self, visit, said, findings, early):
        fits = len(findings) == visit.tries if visit.why and not early else 1 <= len(findings) <= visit.tries
        require(fits, f"{len(findings)} tries: {findings}")
        wrong = [one for one in self.mended(visit, findings) if one not in visit.findings]
        require(not wrong, f"unexpected findings {findings}")
        for hint in visit.hints:
            require(hint in said, f"'{hint}' was not shown; shown: {said}")
        if self.mended(visit, findings):
            require(AGAIN in said, f"no friendly retry: {said}")
        for text in said:
            require(any("一" <= c <= "鿿" for c in text), f"not a sentence for the person: '{text}'")

    @staticmethod
    def mended(visit, findings):
        """What the person is told to do better. The last try already reads as the reviewer's case, unless the person asked."""
        return findings if visit.asks else findings[:-1]

    def to_the_human(self, guest, findings, said, note):
        visit = guest.visit
        heading, words = self.screen.text("waiting.heading"), self.screen.text("waiting.words")
        require(heading and words, "the waiting screen says nothing")
        self.screen.screenshot(self.out / f"{guest.way}-waiting.png")
        why = self.review(guest, admit=visit.reviewer_admits)
        require(why in visit.why, f"the invigilator reads {why}, wanted {visit.why}")
        if visit.reviewer_admits:
            self.screen.wait_for("confirm", seconds=90)
        else:
            self.screen.wait_for("refused", seconds=90)
            require("证件与本人不符" in self.screen.text("refused.words"), "the invigilator's reason is not shown")
        tries = "".join(f"{one}; " for one in self.mended(visit, findings))
        note(f"{tries}remote invigilator ({why}): {'admitted' if visit.reviewer_admits else 'refused'}")
        self.said[visit.name] = [*said, words]
        self.report.write(said=self.said)

    def run(self):
        self.open()
        for number, visit in enumerate(VISITS, 1):
            if visit.camera and visit.consents and self.models() == self.no_models():
                print(f"SKIP   : admissions::{number:02d} {visit.name}: needs the face models (deploy/models)")
                continue
            with self.report.step(f"{number:02d}", visit.name) as note:
                self.visit(Guest(number, visit), note)


def main():
    return walk(Admissions, argparse.ArgumentParser(description=__doc__), "admissions")


if __name__ == "__main__":
    sys.exit(main())
