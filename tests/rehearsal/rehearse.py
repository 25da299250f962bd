# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Sends two scripted candidates through the real server and the real kiosk program and writes down how it went.

One is admitted by the face check, one declines it and is admitted by the remote invigilator; during the first paper the
kiosk is killed and started again, during the second the server. The script knows the keys from the bank file; the kiosk
is driven from outside.
"""

import argparse
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import time

from hall import Hall, iv, require, walk
from kiosk_program import draw_face


class Candidate:
    def __init__(self, person, way):
        self.person, self.way = person, way
        self.reservation = self.items = self.credential = self.result = self.sitting_id = None
        self.admitted_by = None
        self.cut_ms = (0, 0)  # server's clock: the kiosk was killed, and its screen was back


class Rehearsal(Hall):
    leaves = (*Hall.leaves, "recording.webm", "credential.txt", "trust.json")

    def __init__(self, arguments, out, data):
        super().__init__(arguments, out, data, {"format": "invigil-rehearsal",
                                                "bank": str(arguments.bank or "question-bank/samples")})

    def models(self):
        return self.no_models() if self.arguments.no_models else super().models()

    # --- before the doors open -----------------------------------------------------------------------------------

    def prepare(self):
        with self.report.step("hall", "server, banks, site, accounts") as note:
            self.open_server("Invigil rehearsal")
            self.authority = self.account("authority")
            papers = self.load_banks()
            self.open_site()
            note(", ".join(papers))
        self.papers = papers
        first = iv.LOW_VOLTAGE if iv.LOW_VOLTAGE in papers else papers[0]
        second = "principal" if "principal" in papers else papers[-1]
        with self.report.step("hall", "kiosk enrolment and start") as note:
            self.start_kiosk()
            note(f"{self.kiosk_size[0]}x{self.kiosk_size[1]}")
        return [Candidate(iv.Person(1, "演示考生甲", first), "face"),
                Candidate(iv.Person(2, "演示考生乙", second), "reviewer")]

    def load_banks(self):
        """Imports the banks, reads their keys, and waits for sealed papers; ids of the blueprints that have some."""
        iv.set_papers(self.admin)
        if self.arguments.bank:
            path = pathlib.Path(self.arguments.bank)
            names = {"id": "rehearsal-bank", "title": path.stem[:100], "role": "special_operations", "category": "1.2"}
            native, words = path, {}
            if '"invigil-bank"' not in path.read_text(encoding="utf-8-sig")[:400]:
                native, words = self.data / "bank.json", names
                options = [word for name, value in names.items() for word in (f"--{name}", value)]
                done = subprocess.run([iv.binary("invigil-bank"), "import", str(path), *options, "--out", str(native)],
                                      capture_output=True, text=True, timeout=120)
                require(native.exists(), f"invigil-bank cannot read {path}: {done.stdout}{done.stderr}")
            report = iv.import_bank(self.admin, path, **words)["report"]
            require(report["imported"] > 0, f"nothing was imported from {path}")
            self.report.write(imported=report["imported"], refused=len(report["refused"]))
            self.keys = iv.Keys([native])
        else:
            for path in iv.sample_banks():
                report = iv.import_bank(self.admin, path)["report"]
                require(not report["refused"], f"{path} has refused rows: {report['refused'][:3]}")
            self.keys = iv.Keys(iv.sample_banks())
        rows = iv.wait_for_papers(self.admin)
        papers = [name for name, row in rows.items() if row["papers"]["unused"] > 0]
        require(papers, "no papers could be sealed from this bank: "
                + "; ".join(row["papers"]["problem"]["zh"] for row in rows.values() if row["papers"]["problem"]))
        self.report.write(sealed={name: rows[name]["papers"]["unused"] for name in papers})
        return papers

    def cut_the_kiosk(self, candidate, number):
        """As a power cut at the seat: SIGKILL right after an answer, then on again. The paper comes back by itself."""
        def now_ms():
            return self.server.api().get("/sites")["now_ms"]

        killed = now_ms()
        self.kiosk.kill()
        self.screen.close()
        time.sleep(3.5)  # holes in a recording are named from three seconds on
        self.kiosk_on()
        self.screen.wait_for("paper", seconds=60)
        candidate.cut_ms = (killed, now_ms())
        self.read_item(number + 1)  # the first open one
        self.screen.click("paper.prev")

    # --- at the kiosk --------------------------------------------------------------------------------------------

    def lost_visitor(self):
        """Somebody without a booking: is sent away kindly, and looks at walking in."""
        self.to_welcome()
        self.screen.click("welcome.walkin")
        self.screen.wait_for("walkin")
        self.shot("walkin")
        self.screen.click("walkin.back")
        self.to_welcome()
        self.screen.click("welcome.scan")
        self.screen.wait_for("find")
        self.screen.wait_seen("find.tab.code")
        self.shot("find-scan")
        self.screen.click("find.tab.code")
        self.keypad("ZZZZ9999"[:self.code_length])
        self.screen.click("find.submit")
        self.screen.wait_for("directions")
        self.shot("directions")
        self.screen.click("directions.done")

    def find_booking(self, candidate):
        self.to_welcome()
        if candidate.way == "face":
            # The drawn person's own card: the kiosk goes on by itself.
            self.screen.click("welcome.scan")
            self.screen.click("find.tab.card")
            self.shot("find-card")
            card = {"number": candidate.person.id_number, "name": candidate.person.name, "face": 1}
            (self.data / "card.json").write_text(json.dumps(card), encoding="utf-8")
            self.screen.wait_for("consent", seconds=90)
            (self.data / "card.json").unlink()
            return
        else:
            self.screen.click("welcome.id")
            self.screen.wait_for("find")
            self.keypad(candidate.person.id_number)
            self.shot("find-id")
        self.screen.click("find.submit")

    def book(self, candidate, note):
        iv.make_candidate(self.admin, candidate.person)
        self.booking, me = iv.open_booking(self.server, candidate.person)
        require(me["eligibilities"][0]["state"] == "open", f"the exam is {me['eligibilities'][0]['state']}")
        candidate.reservation = iv.reserve(self.booking, self.site["id"])
        self.code_length = len(candidate.reservation["code"])
        note(f"{candidate.person.blueprint}, code {candidate.reservation['code']}")

    def consent(self, candidate, note):
        if candidate.way == "face":
            verdict = iv.give_photo(self.booking, draw_face(1, self.data / "reference.jpg"))
            require(verdict["accepted"], f"the photo was not accepted: {verdict['reasons']}")
            checked = verdict["checked_by"] or "no face engine"
        self.find_booking(candidate)
        self.screen.wait_for("consent", seconds=90)
        self.shot("consent")
        if candidate.way == "face":
            self.screen.click("consent.agree")
            note(f"photo accepted (checked by {checked}); face check agreed to")
        else:
            self.screen.click("consent.decline")
            note("face check declined")

    def admission(self, candidate, note):
        reached = self.screen.wait_for("face", "waiting", "confirm", "refused", seconds=90)
        if reached == "face":
            self.shot("face")
            self.face_shot = self.shots
            reached = self.screen.wait(self.past_the_face_screen, 240, "the face check to end")
        require(reached != "refused", "admission was refused")
        if reached == "waiting":
            self.shot("waiting")
            why = self.review(candidate)
            if candidate.way == "face":
                require(why == "no_model", f"the face check handed over to the remote invigilator: {why}")
                candidate.admitted_by = "reviewer (no recognition model)"
            else:
                require(why in ("declined", "asked"), f"unexpected reason {why}")
                candidate.admitted_by = "reviewer"
        else:
            require(candidate.way == "face", "admitted without the remote invigilator, though the face check was declined")
            score = self.last_message("/face")
            candidate.admitted_by = "face"
            require(score["state"] == "admitted", f"the server says {score['state']}")
            said = self.last_message("/face", part="sent")["liveness"]
            require(said["result"] == "passed" and len(said["steps"]) == 2, f"the challenge: {said['result']}, {said['steps']}")
            note("did as asked: " + ", ".join(step["action"] for step in said["steps"]))
            known = self.admin.get(f"/admin/reservations/{candidate.reservation['id']}/admission")
            require(known["compared"] == ["booking", "chip"] and known["card"] == "same",
                    f"compared with {known['compared']}, the card's name: {known['card']}")
            note("compared with the booking's photo and the ID card's")
        note(candidate.admitted_by)
        self.screen.wait_for("confirm", seconds=90)
        self.shot("confirm")
        self.screen.click("confirm.yes")

    def past_the_face_screen(self):
        """The screen after the face check; while it runs, its picture is taken anew, so the last one stays."""
        if self.screen.name() != "face":
            return self.screen.wait_for("waiting", "confirm", "refused", seconds=90)
        self.screen.screenshot(self.out / f"{self.face_shot:02d}-face.png")
        return None

    def open_paper(self, candidate, note):
        self.screen.wait_for("instructions", seconds=90)
        self.shot("instructions")
        self.screen.click("instructions.start")
        self.screen.wait_for("paper", seconds=90)
        sitting = self.last_message("/kiosk/sittings")
        candidate.sitting_id = sitting["id"]
        candidate.items = len(sitting["items"])
        require(candidate.items == 100, f"the paper has {candidate.items} items")
        note(f"{candidate.items} items, {(sitting['deadline_ms'] - sitting['started_ms']) // 60000} minutes")

    def read_item(self, number):
        """Stem and options as the screen shows them, once it shows item `number`."""
        def shown():
            items = {i["name"]: i for i in self.screen.ask("tree")["items"]}
            numbers = re.findall(r"\d+", items.get("paper.position", {}).get("text", ""))
            if not numbers or int(numbers[0]) != number or "paper.stem" not in items:
                return None
            return items["paper.stem"]["text"]

        stem = self.screen.wait(shown, 15, f"item {number}")
        options = []
        for letter in "ABCDEFGH":
            found = self.screen.ask("find", name=f"option.{letter}.text")["items"]
            if not found:
                break
            options.append(found[0]["text"])
        return stem, options

    def choose(self, letter):
        """Clicks an option; turns the wheel first when it lies below the edge."""
        name = f"option.{letter}"
        for _ in range(12):
            if self.screen.seen(name):
                break
            self.screen.ask("wheel", name="paper.stem" if self.screen.seen("paper.stem") else "option.A", dy=-30)
            time.sleep(0.1)
        self.screen.click(name)

    def chosen(self, count):
        return [l for l in "ABCDEFGH"[:count] if self.screen.ask("find", name=f"option.{l}")["items"][0]["checked"]]

    def answer_all(self, candidate, note):
        killed = None
        for number in range(1, candidate.items + 1):
            stem, options = self.read_item(number)
            right = ["ABCDEFGH"[i] for i in self.keys.right(stem, options)]
            if number == 3 and len(right) == 1:  # a change of mind
                self.choose("B" if right == ["A"] else "A")
            for letter in right:
                self.choose(letter)
            self.screen.wait(lambda: self.chosen(len(options)) == right, 10, f"answer {right} to item {number}")
            if number in (4, 50):
                self.screen.click("paper.flag")
            self.shot("paper")
            if len(right) > 1:
                self.shot("paper-multiple")
            if candidate.way == "face" and number == 60:
                self.cut_the_kiosk(candidate, number)
                self.read_item(number)
                require(self.chosen(len(options)) == right, "the last answer before the cut is gone")
            if candidate.way == "reviewer" and number == 40:
                killed = time.monotonic()
                self.server.kill()
            if killed and number == 55:
                self.screen.wait(lambda: "尚未送达" in self.screen.text("paper.saving"), 90,
                                 "the kiosk to say that answers are kept but not sent")
                self.shot("paper-server-away")
                self.server.start()
                killed = None
                self.killed = True
            if number < candidate.items:
                self.screen.click("paper.next")
        self.screen.wait(lambda: "已送达" in self.screen.text("paper.saving"), 60, "all answers to be acknowledged")
        if candidate.way == "face":
            note(f"kiosk killed by SIGKILL at item 60, its paper back after {(candidate.cut_ms[1] - candidate.cut_ms[0]) / 1000:.1f} s")
        else:
            require(self.killed, "the server was not killed")
            note("server killed by SIGKILL at item 40, back at item 55; the kiosk went on by itself")

    def hand_in(self, candidate, note):
        if self.screen.seen("paper.submit"):
            self.screen.click("paper.submit")
        else:
            self.screen.click("paper.next")  # on the last item it leads to the review
        self.screen.wait_for("review")
        self.shot("review-open" if self.screen.seen("review.firstopen") else "review")
        if candidate.way != "reviewer":
            self.screen.click("review.map")
            self.screen.wait_for("map")
            self.shot("map")
            self.screen.click("map.submit")
            self.screen.wait_for("review")
        self.screen.click("submit.confirm")
        self.screen.wait_for("submitting", "result", seconds=90)
        if self.screen.name() == "submitting":
            self.shot("submitting")
        self.screen.wait_for("result", seconds=60)

    def read_result(self, candidate, note):
        points = int(self.screen.text("result.points"))
        candidate.result = self.last_message("/submit")
        require(points == candidate.result["points"], "the screen shows other points than the server gave")
        require(candidate.result["passed"] and candidate.result["submitted_by"] == "candidate",
                f"the result is {candidate.result}")
        require(points == 100, f"every answer was right by the bank file, but the result is {points}")
        self.shot("result")
        note(f"{points} of {candidate.result['points_max']}, passed")

    def read_credential(self, candidate, note):
        text = self.screen.text("result.qr")
        require(text == candidate.result["credential"]["text"], "the QR code holds another text than the server sent")
        require(len(text) <= 480, f"the QR text has {len(text)} characters")
        view = self.booking.post("/manage/view", {"token": candidate.reservation["manage_token"]})
        require(view["result"] == candidate.result, "the booking page shows another result")
        candidate.credential = text
        note(f"{candidate.result['credential']['id']}, {len(text)} characters")
        self.screen.click("result.done")
        if self.screen.name() == "wipe":
            self.shot("wipe")
        self.to_welcome(60)

    def walk_in(self, person):
        self.to_welcome()
        self.screen.click("welcome.walkin")
        self.screen.wait_for("walkin")
        self.keypad(person.id_number)
        self.screen.click("walkin.next")
        self.keypad(person.phone[-4:])
        self.shot("walkin-phone")
        self.screen.click("walkin.next")

    def visitor_without_booking(self, papers, note):
        """Walks in, chooses an exam, hands in an empty paper; books the make-up and is refused by the remote invigilator."""
        visitor = Candidate(iv.Person(3, "演示考生丙"), "walk-in")
        for paper in papers[:2]:
            iv.make_candidate(self.admin, visitor.person, blueprint_id=paper)
        self.walk_in(visitor.person)
        if len(papers) > 1:
            self.screen.wait_for("choose")
            self.shot("choose")
            self.screen.click("choose.0")
        self.screen.wait_for("consent")
        self.screen.click("consent.decline")
        self.screen.wait_for("waiting")
        self.review(visitor)
        self.screen.click("confirm.yes", 90)
        self.open_paper(visitor, lambda _: None)
        self.hand_in(visitor, note)
        require(self.screen.text("result.points") == "0", "an empty paper has points")
        self.screen.wait_seen("result.makeup")
        require(not self.screen.seen("result.qr"), "a credential for an empty paper")
        self.shot("result-not-passed")
        self.screen.click("result.done")
        makeup, me = iv.open_booking(self.server, visitor.person)
        chosen = next(e["id"] for e in me["eligibilities"] if e["is_makeup"])
        visitor.reservation = iv.reserve(makeup, self.site["id"], eligibility=chosen)
        self.find_booking(visitor)
        self.screen.wait_for("consent")
        self.screen.click("consent.decline")
        self.screen.wait_for("waiting")
        self.review(visitor, admit=False)
        self.screen.wait_for("refused", seconds=90)
        self.shot("refused")
        self.screen.click("refused.done")
        self.to_welcome(60)
        note("empty paper: 0 points, no credential, make-up booked, refused by the remote invigilator")

    # --- afterwards ----------------------------------------------------------------------------------------------

    def recording(self, candidate, note):
        """Who agreed to the camera is on film from the first item to the hand-in, and the film plays."""
        path = f"/recordings/{candidate.sitting_id}"
        if candidate.way != "face":
            film = self.reviewer.get(path)
            require((film["state"], film["why"]) == ("none", "no_consent"), f"recorded without consent: {film}")
            return note("declined the camera: not recorded")

        def arrived():
            film = self.reviewer.get(path)
            late = [g for g in film["gaps"] if g["why"] in ("on_its_way", "missing")]
            return film if film["segments"] and not late else None

        film = iv.wait_until(arrived, 240, "the whole recording to be uploaded")
        lasted = film["finished_ms"] - film["started_ms"]
        require(all(s["state"] == "good" for s in film["segments"]), f"segments: {film['segments']}")
        # A cut costs the half minute that was not sealed yet and the time until the kiosk is back; it is named as a gap.
        killed, back = candidate.cut_ms
        cut = [g for g in film["gaps"] if g["from_ms"] < killed < g["to_ms"]]
        require(len(cut) == 1 and killed - cut[0]["from_ms"] < 40_000 and cut[0]["to_ms"] - back < 10_000,
                f"killed at {killed}, back at {back}, gaps: {film['gaps']}")
        require(all(g["to_ms"] - g["from_ms"] < 10_000 for g in film["gaps"] if g not in cut), f"gaps: {film['gaps']}")
        lasted -= cut[0]["to_ms"] - cut[0]["from_ms"]
        require(film["covered_ms"] >= 0.8 * lasted, f"{film['covered_ms']} of {lasted} ms are on film")
        first = self.out / "recording.webm"
        first.write_bytes(self.reviewer.get(path + "/segment?number=1"))
        done = subprocess.run([iv.binary("invigil-face"), "film", "--source", f"file:{first}", "--seconds", "4"],
                              capture_output=True, text=True, timeout=60)
        require(done.returncode == 0, f"the film does not play: {done.stderr}")
        seen = json.loads(done.stdout)
        require((seen["pictures"], seen["width"]) == (20, 640), f"the film shows {seen}")
        require(not list((self.kiosk.data / "recording").glob("*")), "the kiosk still holds what the server has")
        note(f"{film['covered_ms'] / 1000:.0f} of {lasted / 1000:.0f} s in {len(film['segments'])} segments, "
             f"{film['bytes'] / 1e6:.1f} MB")

    def query(self, candidate, note):
        asked = {**candidate.person.document(), "name": candidate.person.name}
        records = self.authority.post("/authority/query", asked)["records"]
        require(len(records) == 1, f"{len(records)} records")
        record, wanted = records[0], "face" if candidate.admitted_by == "face" else "reviewer"
        require((record["points"], record["passed"], record["admitted_by"], record["text"]) ==
                (candidate.result["points"], True, wanted, candidate.credential), f"the record says {record}")
        answer = self.authority.post("/authority/verify", {"text": record["certificate_id"]})
        require(answer["valid"] and answer["on_record"], f"verification by number says {answer}")
        note(f"by ID number and name, and by the pass's number; admitted by {record['admitted_by']}")

    def verify_offline(self, candidate, note):
        trust = self.out / "trust.json"
        trust.write_bytes(self.server.api().send("GET", "/api/v1/trust")[2])
        with open(self.out / "credential.txt", "w" if candidate.way == "face" else "a", encoding="utf-8") as file:
            file.write(candidate.credential + "\n")
        require(self.verify(trust, candidate.credential) == 0, "invigil-verify refuses the credential")
        text, changed = candidate.credential, 0
        for at in range(0, len(text), max(1, len(text) // 24)):
            other = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]
            require(self.verify(trust, other) != 0, f"verifies though character {at} was changed")
            changed += 1
        note(f"valid{' with no network at all' if self.can_unshare() else ''}; "
             f"{changed} times one changed character: refused")

    @staticmethod
    def can_unshare():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            return subprocess.run(["unshare", "-rn", "true"], capture_output=True, timeout=10).returncode == 0
        return False

    def verify(self, trust, text):
        alone = ["unshare", "-rn"] if self.can_unshare() else []
        return subprocess.run([*alone, iv.binary("invigil-verify"), "--trust", str(trust), text], capture_output=True,
                              timeout=20).returncode

    def nothing_leaked(self, note):
        messages = list(self.relay.messages)
        papers = [m for m in messages if isinstance(m["body"], dict) and "items" in m["body"]
                  and isinstance(m["body"]["items"], list)]
        require(len(papers) >= 2, f"only {len(papers)} of {len(messages)} messages carried a paper")
        shown = self.keys.all_texts()
        words = [e for e in self.keys.explanations if len(e) >= 6 and not any(e in text for text in shown)]
        for message in messages:
            found = iv.leaks(message["body"], words)
            require(not found, f"{message['request']}: {found[:3]}")
        note(f"{len(messages)} messages, {len(words)} explanations looked for")

    def run(self):
        self.killed = False
        candidates = self.prepare()
        for candidate in candidates:
            def step(name, action, candidate=candidate):
                with self.report.step(candidate.way, name) as note:
                    action(candidate, note)

            step("booking", self.book)
            if candidate.way == "face":
                with self.report.step("visitor", "directions for the lost"):
                    self.lost_visitor()
            step("consent", self.consent)
            step("admission", self.admission)
            step("paper", self.open_paper)
            step(f"{candidate.items} answers", self.answer_all)
            step("submit", self.hand_in)
            step("result", self.read_result)
            step("credential", self.read_credential)
            step("authority query", self.query)
            step("offline check", self.verify_offline)
            step("recording", self.recording)
            if candidate.way == "face" and candidate.admitted_by != "face":
                print(f"SKIP   : rehearsal::face {candidate.admitted_by}")
        with self.report.step("walk-in", "not passed, then refused") as note:
            self.visitor_without_booking(self.papers, note)
        with self.report.step("hall", "no key in any message to the kiosk") as note:
            self.nothing_leaked(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bank", help="take the items from this file instead of the sample banks")
    parser.add_argument("--no-models", action="store_true", help="as where no face model can be had")
    return walk(Rehearsal, parser, "rehearsal")


if __name__ == "__main__":
    sys.exit(main())
