"""A Lambda Runtime API on loopback that serves given events to one bootstrap process and keeps what
the process posts."""

import collections
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

RUNTIMES = pathlib.Path(__file__).resolve().parents[2] / "emulator" / "host" / "runtimes"
NODE = shutil.which("node")
COMMANDS = {
    "node": [NODE, str(RUNTIMES / "node_bootstrap.js")],
    "python": [sys.executable, str(RUNTIMES / "python_bootstrap.py")],
}
ARN = "arn:aws:lambda:us-east-1:000000000000:function:probe"
DEADLINE_MS = 4102444800000  # 2100-01-01, so that some time is always left

Post = collections.namedtuple("Post", "resource headers text")


def request_id(number):
    return "00000000-0000-4000-8000-%012d" % number


class Outcome:
    """What a process did: `posts` in order, `lines` of stdout with times replaced by <time>, the
    `exit_code`, None when it was still waiting for more events. `folder` held the package."""

    def __init__(self, folder, posts, stdout, stderr, exit_code):
        self.folder = folder
        self.posts = posts
        self.stdout = stdout.decode()
        self.stderr_bytes = stderr
        self.stderr = stderr.decode(errors="replace")
        self.exit_code = exit_code
        times = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
        self.lines = [re.sub(times, "<time>", line) for line in self.stdout.split("\n")[:-1]]

    def body(self, index=0):
        return json.loads(self.posts[index].text)

    def __repr__(self):
        return "posts=%r exit=%r stdout=%r stderr=%r" % (
            self.posts,
            self.exit_code,
            self.stdout,
            self.stderr,
        )


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, events, headers, drop_connections):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events = list(events)
        self.extra_headers = headers
        self.drop_connections = drop_connections
        self.served = 0
        self.posts = []
        self.settled = threading.Event()  # every event was served and the process asks for more
        self.closing = threading.Event()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        assert self.path == "/2018-06-01/runtime/invocation/next", self.path
        server = self.server
        if server.served == len(server.events):
            server.settled.set()
            server.closing.wait()
            self.close_connection = True
            return
        event = server.events[server.served]
        server.served += 1
        self._answer(
            200,
            event if isinstance(event, bytes) else json.dumps(event).encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": request_id(server.served),
                "Lambda-Runtime-Deadline-Ms": str(DEADLINE_MS),
                "Lambda-Runtime-Invoked-Function-Arn": ARN,
                **server.extra_headers,
            },
        )

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        resource = self.path.replace("/2018-06-01/runtime/", "")
        self.server.posts.append(Post(resource, dict(self.headers.items()), text))
        self._answer(202, b'{"status":"OK"}', {})

    def _answer(self, status, body, headers):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        # A server may drop a kept connection without a word; the bootstraps must then dial again.
        self.close_connection = self.server.drop_connections


def run(
    runtime,
    files,
    handler="index.handler",
    events=({},),
    headers=None,
    environment=None,
    drop_connections=False,
    until_exit=False,
):
    """Runs the bootstrap of `runtime` ("node", "python") over a package of `files` (path -> text)
    until it has dealt with all events and asks for more, or (`until_exit`: only when) it ends.
    {TASK_ROOT} in a value of `environment` is the package's folder."""
    server = _Server(events, headers or {}, drop_connections)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            COMMANDS[runtime],
            cwd=folder,
            env={
                **_environment(folder, handler, server.server_port),
                **{k: v.format(TASK_ROOT=folder) for k, v in (environment or {}).items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            return Outcome(folder, *_watch(process, server, until_exit))
        finally:
            process.kill()
            server.closing.set()
            server.shutdown()
            server.server_close()


def _environment(folder, handler, port):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % port,
        "_HANDLER": handler,
        "LAMBDA_TASK_ROOT": folder,
        "AWS_LAMBDA_FUNCTION_NAME": "probe",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/probe",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _watch(process, server, until_exit):
    outputs = {}

    def collect():
        outputs["stdout"], outputs["stderr"] = process.communicate()

    reader = threading.Thread(target=collect, daemon=True)
    reader.start()
    give_up_at = time.monotonic() + 20
    while reader.is_alive() and (until_exit or not server.settled.is_set()):
        reader.join(0.005)
        if time.monotonic() > give_up_at:
            raise AssertionError("neither asked for more nor ended: %r" % server.posts[-3:])
    exit_code = process.returncode
    process.kill()
    reader.join()
    return list(server.posts), outputs["stdout"], outputs["stderr"], exit_code
