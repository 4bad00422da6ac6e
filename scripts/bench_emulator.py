"""What the benches share: an emulator for the length of a `with`, a connection to it, and a row."""
import http.client
import json
import os
import pathlib
import re
import socket
import statistics
import time
import urllib.parse
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE_S = 30
# sbemu does not verify signatures; it reads the account, the region and the service off the scope.
AUTHORIZATION = ("AWS4-HMAC-SHA256 Credential=000000000000/20170301/us-east-1/{}/aws4_request, "
                 "SignedHeaders=host, Signature=00")


class Failure(Exception):
    """What could not be measured, and why."""


def resident_mb(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


class Emulator:
    """A `sbemu up` for the length of a `with`, in memory unless it gets a folder for its state."""

    def __init__(self, binary, *options, state=None):
        where = ["--state", str(state)] if state else ["--ephemeral"]
        reading, writing = os.pipe()
        null = os.open(os.devnull, os.O_RDWR)
        self.started = time.perf_counter()
        self.process = os.posix_spawn(
            binary, [binary, "up", *where, "--port", "0", *options], os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, writing, 1)])
        os.close(writing)
        os.close(null)
        self.output = os.fdopen(reading)
        greeting = self.output.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)", greeting)
        if not port:
            raise Failure("sbemu did not start: " + greeting.strip())
        self.port = int(port[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.process, 15)
        os.waitpid(self.process, 0)
        self.output.close()

    def resident_mb(self):
        return resident_mb(self.process)


class Client:
    """One kept-alive connection, which speaks as much of AWS's protocols as is needed here."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, service, method, path, body=b"", headers=()):
        self.connection.request(method, path, body, {
            "Authorization": AUTHORIZATION.format(service), **dict(headers)})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def ask(self, *arguments, **options):
        status, body = self.send(*arguments, **options)
        if status >= 300:
            raise Failure(f"{arguments[:3]} answered {status}: {body.decode(errors='replace')}")
        return body

    def query(self, service, action, **parameters):
        body = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", **parameters})
        return xml.etree.ElementTree.fromstring(self.ask(
            service, "POST", "/", body.encode(),
            {"Content-Type": "application/x-www-form-urlencoded"}))

    def kinesis(self, operation, **parameters):
        return self.json("kinesis", "1.1", "Kinesis_20131202." + operation, parameters)

    def dynamodb(self, operation, **parameters):
        return self.json("dynamodb", "1.0", "DynamoDB_20120810." + operation, parameters)

    def json(self, service, version, target, parameters):
        return json.loads(self.ask(
            service, "POST", "/", json.dumps(parameters).encode(),
            {"Content-Type": "application/x-amz-json-" + version, "X-Amz-Target": target}))

    def put_object(self, bucket, key, body):
        self.ask("s3", "PUT", f"/{bucket}/{key}", body)


def measured(name, unit, limit, values):
    return {"name": name, "unit": unit, "limit": limit, "median": statistics.median(values),
            "best": min(values), "worst": max(values), "runs": len(values)}
