# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Two people reach for the last seat at the same instant, a hundred times."""

import unittest

from hall_case import HallCase, iv, low_voltage_banks


class LastSeatTest(HallCase):
    banks = low_voltage_banks()

    def test_one_wins_each_time_and_the_other_gets_a_clear_answer(self):
        site, _ = iv.make_site(self.admin, seats=1)
        sessions = []
        for number, name in ((1, "演示甲"), (2, "演示乙")):
            iv.make_candidate(self.admin, iv.Person(number, name))
            sessions.append(iv.open_booking(self.server, iv.Person(number, name))[0])
        eligibilities = [s.get("/booking/me")["eligibilities"][0]["id"] for s in sessions]
        start = iv.free_slots(sessions[0], site["id"])[2]
        wins = [0, 0]
        for turn in range(100):
            results = iv.together([lambda i=i: iv.reserve(sessions[i], site["id"], start, eligibilities[i])
                                   for i in range(2)])
            won = [i for i, result in enumerate(results) if isinstance(result, dict)]
            self.assertEqual(len(won), 1, f"turn {turn}: {results}")
            loser = results[1 - won[0]]
            self.assertIsInstance(loser, iv.Refused)
            self.assertEqual((loser.id, loser.status), ("seat_taken", 409), f"turn {turn}")
            wins[won[0]] += 1
            sessions[0].post("/manage/cancel", {"token": results[won[0]]["manage_token"]})
        print(f"last seat: {wins[0]} to {wins[1]}")

    def test_one_person_cannot_take_two_seats_at_once(self):
        site, _ = iv.make_site(self.admin, "大考场", "Large hall", seats=2)
        person = iv.Person(3, "演示丙")
        iv.make_candidate(self.admin, person)
        sessions = [iv.open_booking(self.server, person)[0] for _ in range(2)]
        eligibility = sessions[0].get("/booking/me")["eligibilities"][0]["id"]
        start = iv.free_slots(sessions[0], site["id"])[0]
        results = iv.together([lambda s=s: iv.reserve(s, site["id"], start, eligibility) for s in sessions])
        self.assertEqual(sorted(type(r).__name__ for r in results), ["Refused", "dict"], results)
        loser = next(r for r in results if isinstance(r, iv.Refused))
        self.assertEqual((loser.id, loser.status), ("already_booked", 409))


if __name__ == "__main__":
    unittest.main()
