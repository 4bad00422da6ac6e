"""What people type: the AWS CLI, by --endpoint-url or inside `sbemu exec`."""

import json
import os
import pathlib
import zipfile

from clouds import program
from stories.main_job import eventually

HANDLER = """exports.handler = async (event) => {
  console.log('hello ' + event.name);
  return event.name.toUpperCase();
};
"""


class Shell:
    def __init__(self, emulator, by_endpoint):
        self.emulator = emulator
        self.by_endpoint = by_endpoint

    def aws(self, *arguments):
        where = ["--endpoint-url", self.emulator.url] if self.by_endpoint else []
        return program(self.emulator, self.by_endpoint, ["/usr/bin/aws", *where, *arguments])

    def json(self, *arguments):
        return json.loads(self.aws("--output", "json", *arguments))


def copy_objects(shell, folder):
    shell.aws("s3", "mb", "s3://dotted.bucket.name")
    large = os.urandom(9 * 1024 * 1024)  # above 8 MB the CLI uploads in parts
    (folder / "large").write_bytes(large)
    shell.aws("s3", "cp", str(folder / "large"), "s3://dotted.bucket.name/in/large", "--no-progress")
    listed = shell.aws("s3", "ls", "s3://dotted.bucket.name/in/")
    assert listed.split()[2:] == [str(len(large)), "large"], listed
    shell.aws("s3", "cp", "s3://dotted.bucket.name/in/large", str(folder / "back"), "--no-progress")
    assert (folder / "back").read_bytes() == large
    shell.aws("s3", "rm", "s3://dotted.bucket.name", "--recursive")
    shell.aws("s3", "rb", "s3://dotted.bucket.name")
    assert shell.aws("s3", "ls") == ""


def invoke_and_read_logs(shell, folder):
    with zipfile.ZipFile(folder / "function.zip", "w") as package:
        package.writestr("index.js", HANDLER)
    shell.aws(
        *("lambda", "create-function", "--function-name", "greeter", "--runtime", "nodejs20.x"),
        *("--handler", "index.handler", "--role", "arn:aws:iam::111122223333:role/any"),
        *("--zip-file", f"fileb://{folder / 'function.zip'}"),
    )
    shell.aws("lambda", "wait", "function-active-v2", "--function-name", "greeter")
    answer = shell.json(
        *("lambda", "invoke", "--function-name", "greeter", "--cli-binary-format"),
        *("raw-in-base64-out", "--payload", '{"name": "sbemu"}', str(folder / "answer")),
    )
    assert answer["StatusCode"] == 200, answer
    assert (folder / "answer").read_text() == '"SBEMU"'

    def logged():
        found = shell.json(
            *("logs", "filter-log-events", "--log-group-name", "/aws/lambda/greeter"),
            *("--filter-pattern", "hello"),
        )
        return found["events"] or None

    (event,) = eventually(10, logged, "the function's line in Logs")
    assert "hello sbemu" in event["message"], event
    assert "hello sbemu" in shell.aws("logs", "tail", "/aws/lambda/greeter")


def play(emulator, by_endpoint):
    shell = Shell(emulator, by_endpoint)
    folder = pathlib.Path(emulator.scratch)
    identity = shell.json("sts", "get-caller-identity")
    assert identity["Account"] == "111122223333", identity
    copy_objects(shell, folder)
    invoke_and_read_logs(shell, folder)
