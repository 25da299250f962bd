# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads `cmake --graphviz`: the rooms are joined by the doors of docs/architecture.md and by no others.

The kiosk never links the item bank, so no answer key can be compiled into it.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from invigil_client import ROOT  # noqa: E402

ROOM_OF = {
    "invigil_base": "base",
    "invigil_assembly": "bank", "invigil_statistics": "bank", "invigil_bank": "bank", "invigil-bank": "bank",
    "invigil_formula": "formula",
    "invigil_api": "api",
    "invigil_credential": "credential", "invigil-verify": "credential",
    "invigil_rules": "server", "invigil_server_core": "server", "invigil-server": "server",
    "invigil_vision": "vision",
    "invigil_face_decision": "decision",
    "invigil_segment": "segment",
}
KIOSK = re.compile(r"^(invigil_(kiosk|sitting|devices|face|recording|platform|ui)\w*|invigil-(kiosk|simface|face)|InvigilKiosk\w*|kiosk\w*)$")
DOORS = {
    "base": set(),
    "formula": {"base"}, "bank": {"base"}, "api": {"base"}, "credential": {"base"}, "segment": {"base"}, "vision": {"base"}, "decision": {"base"},
    "server": {"base", "decision", "formula", "bank", "api", "credential", "segment", "vision"},
    "kiosk": {"base", "decision", "formula", "api", "credential", "segment", "vision"},
}


def read_graph(text):
    """{target: {targets it links}} of the project's own libraries and programs."""
    labels, shapes = {}, {}
    for node, label, shape in re.findall(r'"(node\d+)" \[ label = "([^"]+)", shape = (\w+) \]', text):
        labels[node], shapes[node] = label.split("\\n")[0], shape
    own = {"egg", "octagon", "doubleoctagon", "tripleoctagon", "pentagon", "house"}
    # Libraries of others have a namespace ("ZXing::ZXing") or are OpenCV's.
    graph = {labels[n]: set() for n in labels if shapes[n] in own and not re.search("::|^opencv_|^Qt6", labels[n])}
    for start, end in re.findall(r'"(node\d+)" -> "(node\d+)"', text):
        if labels.get(start) in graph and labels.get(end) in graph:
            graph[labels[start]].add(labels[end])
    return graph


def reach(graph, start):
    seen, todo = set(), [start]
    while todo:
        for target in graph[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


class DoorsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="invigil-graph-") as folder:
            # Every target, tests aside: those alone may link everything.
            done = subprocess.run(["cmake", "-S", str(ROOT), "-B", folder, "-G", "Ninja", "-DINVIGIL_TESTS=OFF",
                                   f"--graphviz={folder}/graph.dot"], capture_output=True, text=True, timeout=300)
            if done.returncode:
                raise RuntimeError(done.stdout[-1000:] + done.stderr[-3000:])
            cls.graph = read_graph((pathlib.Path(folder) / "graph.dot").read_text())

    def room(self, target):
        return ROOM_OF.get(target) or ("kiosk" if KIOSK.match(target) else None)

    def test_every_target_has_a_room(self):
        self.assertEqual([t for t in self.graph if self.room(t) is None], [])
        for target in ("invigil-kiosk", "invigil-server", "invigil-bank", "invigil-verify"):
            self.assertIn(target, self.graph)

    def test_there_are_no_other_doors(self):
        wrong = [f"{start} ({self.room(start)}) -> {end} ({self.room(end)})"
                 for start, ends in sorted(self.graph.items()) for end in sorted(ends)
                 if self.room(start) != self.room(end) and self.room(end) not in DOORS.get(self.room(start), set())]
        self.assertEqual(wrong, [])

    def test_no_program_of_the_kiosk_reaches_the_bank(self):
        for target in self.graph:
            if self.room(target) in ("kiosk", "api", "vision", "credential", "segment"):
                self.assertFalse({"invigil_bank", "invigil_server_core"} & reach(self.graph, target), target)

    def test_only_the_server_program_reaches_vision(self):
        users = {t for t in self.graph if self.room(t) == "server" and "invigil_vision" in self.graph[t]}
        self.assertLessEqual(users, {"invigil-server"})


if __name__ == "__main__":
    unittest.main()
