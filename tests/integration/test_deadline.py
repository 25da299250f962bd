# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The server owns the time: a sitting ends at its deadline, also when nobody hands in and when the server was away."""

import pathlib
import shutil
import tempfile
import unittest

from hall_case import HallCase, iv, low_voltage_banks, write_blueprint


class DeadlineTest(HallCase):
    banks = low_voltage_banks()

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="invigil-blueprints-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.options = {"blueprints": write_blueprint(cls.folder / "blueprints")}
        super().setUpClass()
        # A second hall whose server is away when the time is up. Both minutes run side by side.
        cls.other = iv.Hall(cls.banks, **cls.options)
        cls.addClassCleanup(cls.other.close)
        cls.keys = iv.Keys(cls.banks)

    def sit(self, hall, right):
        """Starts the short paper and gives `right` right answers: (kiosk, sitting, manage token)."""
        site, seats = iv.make_site(hall.admin)
        person = iv.Person(1, "演示甲", blueprint="short")
        iv.make_candidate(hall.admin, person)
        kiosk = hall.kiosk(seats[0]["id"]).api()
        booking, _ = iv.open_booking(hall.server, person)
        reservation = iv.reserve(booking, site["id"])
        sitting = iv.start_sitting(kiosk, hall.reviewer, person, reservation["code"])
        self.assertEqual(sitting["deadline_ms"] - sitting["started_ms"], 60_000)
        for item in sitting["items"][:right]:
            kiosk.post(f"/kiosk/sittings/{sitting['id']}/responses", {"responses": [
                {"position": item["position"], "revision": 1, "flagged": False,
                 "chosen": self.keys.right(item["stem"], item["options"])}]})
        return kiosk, sitting, reservation["manage_token"]

    def test_sittings_end_by_themselves(self):
        alive = self.sit(self.hall, right=9)
        away = self.sit(self.other, right=3)
        self.refused("sitting_running", 409, alive[0].get, f"/kiosk/sittings/{alive[1]['id']}/result")
        self.other.server.kill()
        iv.wait_until(lambda: iv.now_ms() > max(alive[1]["deadline_ms"], away[1]["deadline_ms"]) + 3000, 180,
                      "both deadlines")
        self.other.server.port = self.other.server.kiosk_port = 0  # after a minute the old ones may be another test's
        self.other.server.start()
        away[0].port = self.other.server.kiosk_port
        for (kiosk, sitting, token), hall, points in ((alive, self.hall, 9), (away, self.other, 3)):
            def finished(kiosk=kiosk, sitting=sitting):
                kiosk.get("/kiosk/state")  # as every kiosk asks; one that is away is awaited with its answers
                try:
                    return kiosk.get(f"/kiosk/sittings/{sitting['id']}/result")
                except iv.Refused as no:
                    self.assertEqual(no.id, "sitting_running")
                    return None

            result = iv.wait_until(finished, 180, "the automatic submission")
            self.assertEqual((result["submitted_by"], result["points"], result["passed"]),
                             ("deadline", points, points >= 8))
            self.assertEqual(result["credential"] is not None, points >= 8)
            self.assertEqual(result["finished_ms"], sitting["deadline_ms"])
            view = hall.server.api().post("/manage/view", {"token": token})
            self.assertEqual(view["result"], result)
            self.refused("sitting_finished", 409, kiosk.post, f"/kiosk/sittings/{sitting['id']}/responses", {
                "responses": [{"position": 10, "revision": 1, "chosen": [0], "flagged": False}]})
            self.assertEqual(kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit"), result)


if __name__ == "__main__":
    unittest.main()
