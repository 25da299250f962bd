# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The driver of the rehearsal, tried on a small page of its own."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from invigil_client import build_dir, die_with_parent  # noqa: E402
from kiosk_driver import NotThere, Screen  # noqa: E402


class DriverTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="invigil-driver-")
        path = pathlib.Path(self.folder.name) / "socket"
        environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software",
                           QT_QPA_GENERIC_PLUGINS="invigildriver", INVIGIL_DRIVER_SOCKET=str(path),
                           QT_PLUGIN_PATH=str(build_dir() / "tests" / "plugins"))
        self.page = subprocess.Popen([str(build_dir() / "tests" / "invigil_driver_page")], env=environment,
                                     preexec_fn=die_with_parent)
        self.screen = Screen(path, self.page)
        self.screen.wait_for("first")

    def tearDown(self):
        self.screen.close()
        self.page.terminate()
        self.page.wait(60)
        self.folder.cleanup()

    def test_reads_text_by_name(self):
        self.assertEqual(self.screen.text("stem"), "黄绿双色")

    def test_mouse_and_finger_reach_the_item(self):
        self.screen.click("next")
        self.screen.wait_for("second")
        self.screen.touch("next")
        self.screen.wait_for("third")

    def test_typing_reaches_the_item_with_the_focus(self):
        self.screen.type("ab1")
        self.screen.wait(lambda: self.screen.seen("field")["text"] == "ab1", 60, "the typed text")
        self.screen.key("Backspace")
        self.screen.wait(lambda: self.screen.seen("field")["text"] == "ab", 60, "one character fewer")

    def test_refuses_what_a_person_could_not_touch(self):
        for name, words in (("hidden", "not visible"), ("clipped", "not visible"), ("off", "disabled"),
                            ("absent", "no item")):
            with self.subTest(name), self.assertRaisesRegex(NotThere, words):
                self.screen.ask("click", name=name)

    def test_takes_a_picture_of_the_window(self):
        path = pathlib.Path(self.folder.name) / "page.png"
        self.screen.screenshot(path)
        self.assertEqual(path.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def test_a_wait_ends_and_names_what_is_there(self):
        with self.assertRaisesRegex(NotThere, "screen never.*'first' with"):
            self.screen.wait_for("never", seconds=0.3)


if __name__ == "__main__":
    unittest.main()
