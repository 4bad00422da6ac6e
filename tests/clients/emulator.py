"""Starts and stops a sbemu of its own for a test: `sbemu up` as a user would run it."""

import os
import pathlib
import re
import selectors
import signal
import subprocess
import tempfile
import time

START_LIMIT = 20.0  # seconds; generous, the machine may be busy
STOP_LIMIT = 10.0


class EmulatorError(Exception):
    """The emulator did not start, or ended by itself."""


def plain_environment(home):
    """This process's environment without anything that configures an AWS client."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "SBEMU_", "NODE_", "BOTO_")) and "proxy" not in name.lower()
    }
    kept["HOME"] = str(home)
    return kept


class Emulator:
    """A context manager around one `sbemu up`; restartable when it has a state folder."""

    def __init__(self, sbemu, state=None, node_path=None, port=0):
        self.sbemu = str(pathlib.Path(sbemu).resolve())
        self.state = state
        self.node_path = node_path
        self.port = port
        self.url = None
        self.process = None
        self._scratch = tempfile.TemporaryDirectory(prefix="sbemu-clients-")
        self.scratch = pathlib.Path(self._scratch.name)
        self.log = self.scratch / "emulator.log"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        self._scratch.cleanup()

    def arguments(self):
        where = ["--state", str(self.state)] if self.state else ["--ephemeral"]
        node = ["--node-path", str(self.node_path)] if self.node_path else []
        return [self.sbemu, "up", "--port", str(self.port), *where, *node]

    def start(self):
        with open(self.log, "ab") as errors:
            self.process = subprocess.Popen(
                self.arguments(),
                stdout=subprocess.PIPE,
                stderr=errors,
                stdin=subprocess.DEVNULL,
                env=plain_environment(self.scratch),
            )
        self.url = self._listening_url()

    def _listening_url(self):
        deadline = time.monotonic() + START_LIMIT
        greeting = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if not selector.select(timeout=deadline - time.monotonic()):
                    break
                chunk = os.read(self.process.stdout.fileno(), 65536)
                greeting += chunk
                found = re.search(rb"listens on (http://\S+)\n", greeting)
                if found:
                    return found.group(1).decode()
                if not chunk:
                    break
        self.stop()
        raise EmulatorError(f"sbemu did not start; it said: {greeting.decode()}{self.output()}")

    def kill(self):
        """As a power cut would: no chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self):
        self._end(signal.SIGINT)

    def _end(self, how):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.process = None

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""
