"""AWS as one client sees it: the same `call` for boto3, the AWS CLI and both JavaScript SDKs.

A cloud reaches the emulator by an endpoint setting, or, inside `sbemu exec`, by nothing at all.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from emulator import plain_environment

BRIDGES = pathlib.Path(__file__).resolve().parent / "bridges"
ACCOUNT = "111122223333"
CALL_LIMIT = 60.0  # seconds


class AwsError(Exception):
    """What the service answered, or what the client made of it."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def client_environment(emulator, by_endpoint):
    """By endpoint a client has what `sbemu up` says to export; otherwise `sbemu exec` gives all."""
    environment = plain_environment(emulator.scratch)
    environment["AWS_ACCESS_KEY_ID"] = ACCOUNT
    environment["AWS_SECRET_ACCESS_KEY"] = "secret"
    if by_endpoint:
        environment["AWS_REGION"] = environment["AWS_DEFAULT_REGION"] = "us-east-1"
        environment["ENDPOINT"] = emulator.url
    return environment


def reaching(emulator, by_endpoint, command):
    if by_endpoint:
        return command
    return [emulator.sbemu, "exec", "--endpoint", emulator.url, "--", *command]


def program(emulator, by_endpoint, command, limit=CALL_LIMIT):
    """Runs a program of the client's to its end; its standard output."""
    done = subprocess.run(
        reaching(emulator, by_endpoint, command),
        env=client_environment(emulator, by_endpoint),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit,
    )
    if done.returncode != 0:
        raise AssertionError(
            f"{command} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        )
    return done.stdout


class BridgedCloud:
    """An SDK in a process of its own, which speaks the protocol of bridges/."""

    def __init__(self, emulator, by_endpoint, command):
        self.process = subprocess.Popen(
            reaching(emulator, by_endpoint, command),
            env=client_environment(emulator, by_endpoint),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, service, operation, **parameters):
        request = {"service": service, "operation": operation, "parameters": parameters}
        self.process.stdin.write(json.dumps(request, default=as_bytes) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the client's process ended: {self.process.wait()}")
        answer = json.loads(line, object_hook=from_bytes)
        if "error" in answer:
            raise AwsError(answer["error"]["Code"], answer["error"].get("Message"))
        return answer["result"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()
        self.process.stdout.close()


class CommandLineCloud:
    """The AWS CLI, a process for each call."""

    def __init__(self, emulator, by_endpoint, command):
        self.emulator = emulator
        self.by_endpoint = by_endpoint
        self.aws = command[0]

    def call(self, service, operation, **parameters):
        with tempfile.TemporaryDirectory(prefix="sbemu-aws-") as folder:
            return self._call(service, operation, parameters, pathlib.Path(folder))

    def _call(self, service, operation, parameters, folder):
        command = [self.aws, "--output", "json"]
        if self.by_endpoint:
            command += ["--endpoint-url", self.emulator.url]
        command += ["s3api" if service == "s3" else service, kebab(operation)]
        files = []
        if operation == "PutObject":
            (folder / "body").write_bytes(parameters.pop("Body"))
            command += ["--body", str(folder / "body")]
        if operation == "GetObject":
            # Arguments in JSON do not do for a command that also names a file to write.
            files = [str(folder / "output")]
            command += ["--bucket", parameters["Bucket"], "--key", parameters["Key"], *files]
        else:
            command += ["--cli-input-json", json.dumps(parameters, default=as_base64)]
        done = subprocess.run(
            reaching(self.emulator, self.by_endpoint, command),
            env=client_environment(self.emulator, self.by_endpoint),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CALL_LIMIT,
        )
        if done.returncode != 0:
            raise self._error(done)
        result = json.loads(done.stdout) if done.stdout.strip() else {}
        if files:
            result["Body"] = (folder / "output").read_bytes()
        return result

    @staticmethod
    def _error(done):
        found = re.search(r"An error occurred \((\S+)\) when calling .*?: (.*)", done.stderr)
        if not found:
            return AssertionError(f"{done.args} ended with {done.returncode}: {done.stderr}")
        return AwsError(found.group(1), found.group(2).strip())

    def close(self):
        pass


def kebab(operation):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", operation).lower()


def as_bytes(value):
    return {"$bytes": as_base64(value)}


def as_base64(value):
    return base64.b64encode(value).decode()


def from_bytes(value):
    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


KINDS = {
    "boto3": (BridgedCloud, [sys.executable, str(BRIDGES / "boto3_bridge.py")]),
    "aws-cli": (CommandLineCloud, [os.environ.get("SBEMU_AWS_CLI", "/usr/bin/aws")]),
    "aws-sdk-v2": (BridgedCloud, ["node", str(BRIDGES / "aws_sdk_v2.js")]),
    "aws-sdk-v3": (BridgedCloud, ["node", str(BRIDGES / "aws_sdk_v3.js")]),
}


def open_cloud(kind, emulator, by_endpoint):
    make, command = KINDS[kind]
    return make(emulator, by_endpoint, command)
