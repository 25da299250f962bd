# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Starts the real invigil-kiosk, on a virtual display where there is no other."""

import os
import pathlib
import shutil
import subprocess

from invigil_client import binary, build_dir, die_with_parent, wait_until


class VirtualDisplay:
    """An Xvfb of its own; `name` is what DISPLAY must say."""

    def __init__(self, width=1920, height=1080, log=None):
        program = shutil.which("Xvfb")
        if not program:
            raise RuntimeError("Xvfb is missing: apt-get install xvfb")
        read, write = os.pipe()
        out = open(log, "ab") if log else subprocess.DEVNULL
        try:
            self.process = subprocess.Popen(
                [program, "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp",
                 "-noreset"], stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=[write],
                preexec_fn=die_with_parent)
        finally:
            os.close(write)
            if log:
                out.close()
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()  # ends also when Xvfb does
        if not number:
            raise RuntimeError(f"Xvfb ended with status {self.process.wait(10)}")
        self.name = f":{number}"

    def stop(self):
        end(self.process)


def end(process, seconds=10):
    """Stops one child, gently first."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


class KioskProgram:
    """One kiosk with its data folder. `display` None = the display of this session."""

    def __init__(self, data, server_port, log, *, models=None, camera="auto", display=None, language="zh", card=None, decoder=None):
        self.data, self.log = pathlib.Path(data), pathlib.Path(log)
        self.data.mkdir(parents=True, exist_ok=True)
        self._options = ["--server", f"https://localhost:{server_port}", "--data", str(self.data), "--camera", camera,
                         "--language", language]
        if models:
            self._options += ["--models", str(models)]
        if card:  # a file: the card lies on the simulated reader while it is there
            self._options += ["--id-card", f"simulated:{card}"]
        if decoder:
            self._options += ["--wlt-decoder", decoder]
        self._display, self.process = display, None

    @property
    def enrolled(self):
        return (self.data / "kiosk-port").exists()

    def enrol(self, code, ca, seconds=60):
        """Uses a one-time code: the kiosk makes its key and fetches its certificate, then is stopped."""
        process = self._popen(["--enrol", code, "--ca", str(ca)], {"QT_QPA_PLATFORM": "offscreen"})
        try:
            def done():
                if self.enrolled:
                    return True
                if process.poll() is not None:
                    raise RuntimeError(f"enrolling the kiosk failed: {self.log.read_text(errors='replace')[-1500:]}")
                return False

            wait_until(done, seconds, f"the kiosk's enrolment (see {self.log})")
        finally:
            end(process)

    def use_port(self, port):
        """Where the kiosk looks for the server from its next start on."""
        (self.data / "kiosk-port").write_text(str(port))

    def use(self, *, camera, models):
        """Another camera and another folder of models, from its next start on."""
        for name, value in (("--camera", camera), ("--models", str(models))):
            self._options[self._options.index(name) + 1] = value

    def start(self, *options, driver_socket=None, offscreen=False):
        environment = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"} if offscreen else {}
        if driver_socket:
            environment = {"QT_QPA_GENERIC_PLUGINS": "invigildriver", "INVIGIL_DRIVER_SOCKET": str(driver_socket),
                           "QT_PLUGIN_PATH": str(build_dir() / "tests" / "plugins")}
            options = ("--allow-plugins", *options)
        self.process = self._popen(options, environment)

    def _popen(self, options, environment):
        runtime = self.data / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        full = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "QML"))}
        full.setdefault("XDG_RUNTIME_DIR", str(runtime))
        if self._display:
            # No graphics card behind a virtual display: the software renderer is the calmer one.
            full.update(DISPLAY=self._display, QT_QPA_PLATFORM="xcb", QT_QUICK_BACKEND="software")
            full.pop("WAYLAND_DISPLAY", None)
        full.update(environment)
        with open(self.log, "ab") as out:
            return subprocess.Popen([binary("invigil-kiosk"), *self._options, *options], env=full, stdout=out,
                                    stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)

    def kill(self):
        """SIGKILL: as a power cut at the seat."""
        self.process.kill()
        self.process.wait(10)

    def stop(self):
        end(self.process)
        self.process = None


def draw_face(identity, path):
    """A JPEG of a simulated candidate: drawn, no real person."""
    subprocess.run([binary("invigil-simface"), "--identity", str(identity), "--out", str(path)], check=True,
                   capture_output=True, timeout=60)
    return pathlib.Path(path).read_bytes()
