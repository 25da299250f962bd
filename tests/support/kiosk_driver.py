# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""The other end of tests/rehearsal/driver: sees and touches the screen of a running kiosk."""

import json
import socket
import time


class NotThere(Exception):
    """What the script expected is not on the screen."""


class Screen:
    """Connects to the driver's socket; every wait is bounded, with patience for a busy machine, and says what it waited for."""

    def __init__(self, path, process=None, seconds=120):
        self._process = process
        end = time.monotonic() + seconds
        while True:
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                self._socket.settimeout(120)
                self._socket.connect(str(path))
                break
            except OSError:
                self._socket.close()
                self._check_alive()
                if time.monotonic() > end:
                    raise NotThere(f"the program did not open its driver socket {path} within {seconds} s; was it "
                                   "started with --allow-plugins?") from None
                time.sleep(0.05)
        self._file = self._socket.makefile("rb")

    def _check_alive(self):
        if self._process and self._process.poll() is not None:
            raise NotThere(f"the program ended by itself (status {self._process.returncode})")

    def close(self):
        self._file.close()
        self._socket.close()

    def ask(self, what, **more):
        try:
            self._socket.sendall(json.dumps({"do": what, **more}).encode() + b"\n")
            line = self._file.readline()
        except OSError as problem:
            self._check_alive()
            raise NotThere(f"the program does not answer: {problem}") from problem
        if not line:
            self._check_alive()
            raise NotThere("the program closed the driver's socket")
        reply = json.loads(line)
        if not reply["ok"]:
            raise NotThere(reply["problem"])
        return reply

    def wait(self, check, seconds, what):
        """The first true value of check(); NotThere with what is on the screen instead."""
        end = time.monotonic() + seconds
        while True:
            try:
                value = check()
            except NotThere:
                self._check_alive()
                value = None
            if value:
                return value
            if time.monotonic() > end:
                raise NotThere(f"waited {seconds:g} s for {what}; on the screen: {self.summary()}")
            time.sleep(0.02)

    def summary(self):
        try:
            names = [item["name"] for item in self.ask("tree")["items"]]
            return f"{self.name()!r} with {', '.join(names[:40])}"
        except NotThere as problem:
            return str(problem)

    def name(self):
        return self.ask("window")["screen"]

    def wait_for(self, *screens, seconds=60):
        """The name of the first of `screens` that shows."""
        return self.wait(lambda: next((s for s in screens if s == self.name()), None), seconds,
                         "screen " + " or ".join(screens))

    def seen(self, name):
        """The visible item of that name, or None."""
        return next((item for item in self.ask("find", name=name)["items"] if item["visible"]), None)

    def wait_seen(self, name, seconds=60):
        return self.wait(lambda: self.seen(name), seconds, name)

    def text(self, name, seconds=60):
        return self.wait_seen(name, seconds).get("text", "")

    def click(self, name, seconds=60):
        """Waits until the item can be clicked, then clicks it."""
        self.wait(lambda: (self.seen(name) or {}).get("enabled"), seconds, f"{name} to be enabled")
        self.ask("click", name=name)

    def touch(self, name, seconds=60):
        self.wait(lambda: (self.seen(name) or {}).get("enabled"), seconds, f"{name} to be enabled")
        self.ask("touch", name=name)

    def key(self, key):
        self.ask("key", key=key)

    def type(self, text):
        self.ask("type", text=text)

    def screenshot(self, path):
        self.ask("screenshot", path=str(path))
