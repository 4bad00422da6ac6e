#!/usr/bin/env python3
"""docs/time.md on a running sbemu: functions, headers and certificates follow its clock.

clock_test.py --sbemu PATH
"""

import argparse
import base64
import calendar
import http.client
import io
import json
import pathlib
import shutil
import subprocess
import sys
import time
import unittest
import urllib.parse
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "clients")]
sys.dont_write_bytecode = True

from emulator import Emulator, plain_environment  # noqa: E402

OPTIONS = argparse.Namespace()
DAY = 86400.0
PATIENCE = 60.0  # seconds that a busy machine may take for an invocation
TIMEOUT = 30
REGION = "us-east-1"
ROLE = "arn:aws:iam::111122223333:role/r"

# Each answers its wall clock, what is left of its time, and that it trusts the emulator's TLS.
NODE = """
const https = require('https');
exports.handler = (event, context) => new Promise((resolve, reject) => {
    https.get('https://dynamodb.us-east-1.amazonaws.com/', (answer) => {
        answer.resume();
        resolve({now: Date.now() / 1000, left: context.getRemainingTimeInMillis() / 1000,
                 trusted: answer.socket.authorized});
    }).on('error', reject);
});
"""

PYTHON = """
import ssl, time, urllib.error, urllib.request

def trusts():
    try:
        urllib.request.urlopen('https://dynamodb.us-east-1.amazonaws.com/')
    except urllib.error.HTTPError:
        pass  # an answer: TLS was good
    return True

def handler(event, context):
    return {'now': time.time(), 'left': context.get_remaining_time_in_millis() / 1000,
            'trusted': trusts()}
"""

PROVIDED = (
    f"#!{sys.executable} -S"
    + """
import http.client, json, os, subprocess, time
api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
while True:
    api.request('GET', '/2018-06-01/runtime/invocation/next')
    event = api.getresponse()
    event.read()
    date = int(subprocess.check_output(['date', '+%s']))
    left = int(event.headers['Lambda-Runtime-Deadline-Ms']) / 1000 - time.time()
    place = '/2018-06-01/runtime/invocation/' + event.headers['Lambda-Runtime-Aws-Request-Id']
    # In whole seconds, rounded up.
    body = json.dumps({'now': date + 1, 'left': left, 'trusted': True})
    api.request('POST', place + '/response', body)
    api.getresponse().read()
"""
)

FAILING = "def handler(event, context):\n    raise ValueError('no')\n"

FUNCTIONS = {
    "provided": ("provided.al2023", "bootstrap", PROVIDED),
    "python": ("python3.11", "index.py", PYTHON),
    "failing": ("python3.11", "index.py", FAILING),
}
if shutil.which("node"):
    FUNCTIONS["node"] = ("nodejs20.x", "index.js", NODE)


def package(name, code):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, code)
    return base64.b64encode(buffer.getvalue()).decode()


class ClockedEmulator(Emulator):
    def __init__(self, *options):
        super().__init__(OPTIONS.sbemu)
        self.options = options

    def arguments(self):
        return super().arguments() + list(self.options)


class ClockTest(unittest.TestCase):
    def start(self, *options):
        emulator = ClockedEmulator(*options)
        self.addCleanup(emulator.__exit__, None, None, None)
        emulator.__enter__()
        self.emulator = emulator
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(trust)}
        fields = {"Action": "CreateRole", "Version": "2010-05-08", **role}
        self.ask("iam", "POST", "/", urllib.parse.urlencode(fields))
        for name, (runtime, file, code) in FUNCTIONS.items():
            function = {
                "FunctionName": name,
                "Runtime": runtime,
                "Handler": "index.handler",
                "Role": ROLE,
                "Timeout": TIMEOUT,
                "Code": {"ZipFile": package(file, code)},
            }
            self.ask("lambda", "POST", "/2015-03-31/functions", json.dumps(function))

    def ask(self, service, method, path, body, headers=None):
        where = urllib.parse.urlsplit(self.emulator.url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        credential = f"111122223333/20260101/{REGION}/{service}/aws4_request"
        authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
        kind = "application/x-www-form-urlencoded" if service == "iam" else "application/json"
        wanted = {"Authorization": authorization, "Content-Type": kind, **(headers or {})}
        connection.request(method, path, body, wanted)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        self.assertLess(answer.status, 300, text)
        self.date = answer.getheader("Date")
        return text

    def dynamodb(self, operation, request):
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        }
        return json.loads(self.ask("dynamodb", "POST", "/", json.dumps(request), headers))

    def table_status(self, name):
        return self.dynamodb("DescribeTable", {"TableName": name})["Table"]["TableStatus"]

    def invoke(self, name, kind="RequestResponse"):
        path = f"/2015-03-31/functions/{name}/invocations"
        text = self.ask("lambda", "POST", path, "{}", {"X-Amz-Invocation-Type": kind})
        return json.loads(text) if text else None

    def sbemu(self, *words, code=0):
        run = subprocess.run(
            [self.emulator.sbemu, *words, "--endpoint", self.emulator.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=plain_environment(self.emulator.scratch),
        )
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout

    def clock(self):
        """Seconds since 1970, and the mode."""
        now, mode = self.sbemu("clock").split()
        moment = calendar.timegm(time.strptime(now[:19], "%Y-%m-%dT%H:%M:%S"))
        return moment + float(now[19:-1]), mode.strip("()")

    def check_functions(self, expected):
        for name in FUNCTIONS:
            if name == "failing":
                continue
            with self.subTest(function=name):
                began, _ = self.clock()
                answer = self.invoke(name)
                self.assertIn("now", answer, answer)
                self.assertGreaterEqual(answer["now"], began)
                self.assertLess(answer["now"], began + PATIENCE)
                self.assertLess(abs(answer["now"] - expected), PATIENCE)
                self.assertLessEqual(answer["left"], TIMEOUT)
                self.assertGreater(answer["left"], 0)
                self.assertTrue(answer["trusted"])

    def test_a_virtual_clock(self):
        self.start("--clock", "virtual")
        began, mode = self.clock()
        self.assertEqual(mode, "virtual")
        self.check_functions(began)
        self.check_functions(began)
        self.assertEqual(self.clock()[0], began)
        self.sbemu("clock", "advance", "500d")  # longer than a certificate is good for
        moved = began + 500 * DAY
        self.assertAlmostEqual(self.clock()[0], moved, places=3)
        self.check_functions(moved)
        self.assertEqual(
            calendar.timegm(time.strptime(self.date, "%a, %d %b %Y %H:%M:%S GMT")), int(moved)
        )

    def test_a_real_clock_is_not_shifted_until_it_is_frozen_and_moved(self):
        self.start()
        self.check_functions(time.time())
        self.sbemu("clock", "freeze")
        self.check_functions(time.time())
        self.sbemu("clock", "advance", "40d")
        self.check_functions(time.time() + 40 * DAY)
        self.sbemu("clock", "resume")
        self.check_functions(time.time() + 40 * DAY)

    def test_a_fast_clock(self):
        self.start("--clock", "fast")
        self.sbemu("clock", "advance", "30d")
        self.check_functions(time.time() + 30 * DAY)

    def test_tables_take_as_long_as_on_aws_on_this_clock(self):
        self.start("--clock", "virtual", "--latency", "aws")
        table = {
            "TableName": "slow",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        }
        made = self.dynamodb("CreateTable", table)
        self.assertEqual(made["TableDescription"]["TableStatus"], "CREATING")
        self.sbemu("clock", "advance", "6s")
        self.assertEqual(self.table_status("slow"), "CREATING")
        self.sbemu("clock", "advance", "1s")
        self.assertEqual(self.table_status("slow"), "ACTIVE")

    def test_tables_are_made_at_once_where_nothing_is_said(self):
        self.start("--clock", "virtual")
        key = [{"AttributeName": "k", "KeyType": "HASH"}]
        definitions = [{"AttributeName": "k", "AttributeType": "S"}]
        table = {"TableName": "quick", "BillingMode": "PAY_PER_REQUEST", "KeySchema": key}
        self.dynamodb("CreateTable", {**table, "AttributeDefinitions": definitions})
        self.assertEqual(self.table_status("quick"), "ACTIVE")

    def test_until_idle_says_by_its_exit_code_whether_it_became_idle(self):
        self.start("--clock", "virtual")
        self.invoke("failing", "Event")  # tried again after one and after two more minutes
        said = self.sbemu("clock", "advance", "--until-idle", "--at-most", "1s", code=1)
        self.assertIn("did not become idle", said)
        began, _ = self.clock()
        self.sbemu("clock", "advance", "--until-idle")
        self.assertGreaterEqual(self.clock()[0], began + 170)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbemu", required=True)
    parser.add_argument("rest", nargs="*")
    parser.parse_args(namespace=OPTIONS)
    unittest.main(argv=[sys.argv[0], *OPTIONS.rest])


if __name__ == "__main__":
    main()
