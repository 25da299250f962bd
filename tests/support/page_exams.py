# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Exams that people sit while a browser test looks at the pages: one short paper, the same for all, answered so that the
statistics have something to find. Used by tests/support/pages_hall.py.

Of the paper's items one has a wrong key (the better people choose another option, and agree on it), one is bad (the better
people get it wrong, each in another way); the others are known the better the further on in the line a person stands.
"""

import json
import random
import urllib.parse

import invigil_client as iv

BLUEPRINT, PASS_POINTS, KINDS, OF_EACH = "measured", 6, ("true_false", "single_choice"), 6
PEOPLE_MAX = 60
SEED = 335  # some fail and some pass by the corrected key, and both odd items stand out clearly


class Exams:
    def __init__(self, hall, editor, second):
        self.hall, self.editor, self.second = hall, editor, second
        self.people = []  # (person, what they chose: {uid: option of the item})

    def prepare(self, bank):
        """A blueprint of twelve items in use, by two people; the papers are sealed when this returns."""
        self.items, wanted = {}, []
        for kind in KINDS:
            rows = self.editor.get(f"/bank/items?bank={bank}&in_use=1&type={kind}&limit=50")["items"]
            details = [self.editor.get(f"/bank/items/{row['id']}") for row in rows[:3 * OF_EACH]]
            fit = [one for one in details if kind == "true_false" or len(one["newest"]["content"]["options"]) == 4][:OF_EACH]
            self.items |= {one["row"]["id"]: one["newest"]["content"] for one in fit}
            wanted += [f"{bank}/{one['row']['item_id']}" for one in fit]
            names = {one["row"]["id"]: one["row"]["item_id"] for one in fit}
        self.wrong_key, self.bad = list(names)[:2]
        content = self.items[self.wrong_key]
        self.truth = (content["key"][0] + 1) % len(content["options"])
        blueprint = {"format": "invigil-blueprint", "version": 1, "id": BLUEPRINT, "title": {"zh": "十二题", "en": "Twelve items"},
                     "role": "special_operations", "category": "1.2", "minutes": 60, "pass_points": PASS_POINTS,
                     "parts": [{"type": kind, "count": OF_EACH, "points_each": 1} for kind in KINDS], "required": wanted}
        self.editor.post("/blueprints", {"content": json.dumps(blueprint, ensure_ascii=False), "reason": "试考"})
        self.editor.put(f"/blueprints/{BLUEPRINT}/settings", {"papers_per_batch": PEOPLE_MAX, "seal_when_left": 1, "embargo_days": 30})
        self.second.post(f"/blueprints/{BLUEPRINT}/release", {"version": 1})
        iv.wait_for_papers(self.hall.admin, [BLUEPRINT])
        _, self.seats = iv.make_site(self.hall.admin, seats=PEOPLE_MAX)
        return {"wrong_key": {"id": self.wrong_key, "item_id": names[self.wrong_key], "truth": self.truth},
                "bad": {"id": self.bad, "item_id": names[self.bad]}, "items": len(self.items)}

    def answer(self, uid, place, able):
        """The option that the person at `place` chooses; `able` is how far on in the line that is, 0..1.

        Drawn anew for each person and item: papers are shuffled afresh in each run, what people know is not.
        """
        content = self.items[uid]
        draw = random.Random(f"{SEED}/{place}/{list(self.items).index(uid)}")
        key, many = content["key"][0], len(content["options"])
        others = [(key + n) % many for n in range(1, many)]
        if uid == self.wrong_key:
            return self.truth if able >= 0.5 else draw.choice([key, key] + others)
        if uid == self.bad:
            return key if able < 0.3 and draw.random() < 0.6 else draw.choice(others)
        return key if draw.random() < 0.3 + 0.6 * able else draw.choice(others)

    def sit(self, first, last, line):
        """The people at the places `first` to `last` (left out) of a line of `line` sit and hand in."""
        for place in range(first, last):
            person = iv.Person(place, f"演示考生{place:02d}", blueprint=BLUEPRINT)
            iv.make_candidate(self.hall.admin, person)
            kiosk = self.hall.kiosk(self.seats[place]["id"], f"127.0.0.{2 + place // 20}").api()  # an address may enrol 20 kiosks
            sitting = iv.start_sitting(kiosk, self.hall.reviewer, person)
            chose, responses = {}, []
            for shown in sitting["items"]:
                uid = next(uid for uid, one in self.items.items() if one["stem"] == shown["stem"] and sorted(one["options"]) == sorted(shown["options"]))
                chose[uid] = self.answer(uid, place, place / (line - 1))
                responses.append({"position": shown["position"], "revision": 1, "flagged": False,
                                  "chosen": [shown["options"].index(self.items[uid]["options"][chose[uid]])], "shown_ms": 4000 + 900 * len(responses) + 50 * place})
            kiosk.post(f"/kiosk/sittings/{sitting['id']}/responses", {"responses": responses})
            kiosk.post(f"/kiosk/sittings/{sitting['id']}/submit")
            self.people.append((person, chose))
        return {"sittings": len(self.people)}

    def points(self, chose, corrected):
        keys = {uid: content["key"][0] for uid, content in self.items.items()} | ({self.wrong_key: self.truth} if corrected else {})
        return sum(chose[uid] == key for uid, key in keys.items())

    def expect(self):
        """What correcting the wrong key does, reckoned from what people chose; and one who passes before and after."""
        both = [(person, self.points(chose, False), self.points(chose, True)) for person, chose in self.people]
        change = [(before, after) for _, before, after in both if before != after]
        kept = next(person for person, before, after in both if before != after and min(before, after) >= PASS_POINTS)
        return {"changed": len(change), "up": sum(after > before for before, after in change),
                "now_passed": sum(before < PASS_POINTS <= after for before, after in change),
                "now_failed": sum(after < PASS_POINTS <= before for before, after in change),
                "renewed": sum(before != after and min(before, after) >= PASS_POINTS for before, after in change),
                "passes": {"name": kept.name, "id_number": kept.id_number}}
