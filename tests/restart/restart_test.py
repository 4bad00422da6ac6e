#!/usr/bin/env python3
"""`kill -9` at any moment loses nothing that was acknowledged, and what was under way goes on.

restart_test.py --sbemu PATH [--seed N]; the moments are drawn from the seed, which is printed.
"""

import argparse
import base64
import http.client
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients")]
sys.dont_write_bytecode = True

from emulator import Emulator, plain_environment  # noqa: E402
from plain_aws import PlainAws, Refused, text_of  # noqa: E402

OPTIONS = argparse.Namespace()
ROUNDS = 6
IN_USE = 4  # the exit code, as `sbemu --help` lists it

MAY_MAKE_ROLES = {"Capabilities.member.1": "CAPABILITY_IAM"}

SLOW_RESOURCE = """
import time
import cfnresponse

def handler(event, context):
    time.sleep(0.3)
    text = event["ResourceProperties"]["Text"]
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Text": text}, "slow-" + text[:1])
"""


def slow_template(text):
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    resources = {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}
            },
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.11",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": SLOW_RESOURCE},
                "Timeout": 20,
            },
        },
    }
    for name, before in (("First", "Table"), ("Second", "First")):
        resources[name] = {
            "Type": "Custom::Slow",
            "DependsOn": before,
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "Text": text},
        }
    outputs = {"Text": {"Value": {"Fn::GetAtt": ["Second", "Text"]}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


class Writer(threading.Thread):
    """Writes one thing after the other until the emulator is gone; remembers what was answered."""

    def __init__(self, url, name, write):
        super().__init__(daemon=True)
        self.aws = PlainAws(url)
        self.label = name
        self.write = write
        self.acknowledged = {}
        self.fault = None

    def run(self):
        count = 0
        try:
            while True:
                key = f"{self.label}-{count}"
                self.acknowledged[key] = self.write(self.aws, key)
                count += 1
        except (http.client.HTTPException, OSError):
            pass  # killed: this one was not acknowledged
        except Exception as fault:
            self.fault = fault
        finally:
            self.aws.close()


def put_item(aws, key):
    aws.call("dynamodb", "PutItem", TableName="things", Item={"id": {"S": key}, "v": {"S": key}})
    return key


def put_record(aws, key):
    put = aws.call("kinesis", "PutRecord", StreamName="flow", Data=text_of(key), PartitionKey="a")
    return put["SequenceNumber"]


def put_object(aws, key):
    aws.put_object("kept", key, (key * 2000).encode())
    return key


KINDS = {"item": put_item, "record": put_record, "object": put_object}


def eventually(limit, ask, what):
    deadline = time.monotonic() + limit
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit} s: {what}")
        time.sleep(0.02)


class RestartTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sbemu-restart-")
        self.addCleanup(folder.cleanup)
        self.state = pathlib.Path(folder.name) / "state"
        self.random = random.Random(OPTIONS.seed)
        self.emulator = Emulator(OPTIONS.sbemu, state=self.state)
        self.addCleanup(self.emulator._scratch.cleanup)
        self.addCleanup(self.emulator.stop)
        self.emulator.start()
        self.addCleanup(self.check_that_it_runs)

    def check_that_it_runs(self):
        if self.emulator.process is None:
            return  # it did not start, and start() said so
        ended = self.emulator.process.poll()
        self.assertIsNone(ended, f"sbemu ended by itself; it said: {self.emulator.output()}")

    def aws(self):
        aws = PlainAws(self.emulator.url)
        self.addCleanup(aws.close)
        return aws

    def kill_and_restart(self):
        self.check_that_it_runs()
        self.emulator.kill()
        self.emulator.start()


class Acknowledged(RestartTest):
    def test_what_was_acknowledged_is_there_after_a_kill(self):
        self.make_places()
        acknowledged = {kind: {} for kind in KINDS}
        for number in range(ROUNDS):
            writers = [
                (kind, Writer(self.emulator.url, f"{kind}-{number}-{twin}", write))
                for kind, write in KINDS.items()
                for twin in "ab"
            ]
            for _, writer in writers:
                writer.start()
            time.sleep(self.random.uniform(0.05, 0.6))
            self.kill_and_restart()
            for kind, writer in writers:
                writer.join(30)
                self.assertFalse(writer.is_alive(), writer.label)
                self.assertIsNone(writer.fault, writer.label)
                acknowledged[kind].update(writer.acknowledged)
        for kind in KINDS:
            self.assertGreater(len(acknowledged[kind]), ROUNDS, f"too few: {kind}")
        self.check_items(acknowledged["item"])
        self.check_records(acknowledged["record"])
        self.check_objects(acknowledged["object"])
        print({kind: len(keys) for kind, keys in acknowledged.items()}, "acknowledged")

    def make_places(self):
        aws = self.aws()
        aws.call(
            "dynamodb",
            "CreateTable",
            TableName="things",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        aws.call("kinesis", "CreateStream", StreamName="flow", ShardCount=1)
        aws.make_bucket("kept")

        def ready():
            table = aws.call("dynamodb", "DescribeTable", TableName="things")["Table"]
            stream = aws.call("kinesis", "DescribeStreamSummary", StreamName="flow")
            states = table["TableStatus"], stream["StreamDescriptionSummary"]["StreamStatus"]
            return states == ("ACTIVE", "ACTIVE")

        eventually(20, ready, "table and stream active")

    def check_items(self, acknowledged):
        aws, found, start = self.aws(), {}, {}
        while True:
            page = aws.call("dynamodb", "Scan", TableName="things", **start)
            found.update({item["id"]["S"]: item["v"]["S"] for item in page["Items"]})
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        self.assertEqual(acknowledged.keys() - found.keys(), set())
        self.assertTrue(all(key == value for key, value in found.items()))

    def check_records(self, acknowledged):
        aws = self.aws()
        iterator = aws.call(
            "kinesis",
            "GetShardIterator",
            StreamName="flow",
            ShardId="shardId-000000000000",
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        found = []
        while True:
            page = aws.call("kinesis", "GetRecords", ShardIterator=iterator)
            for record in page["Records"]:
                key = base64.b64decode(record["Data"]).decode()
                found.append((key, record["SequenceNumber"]))
            if not page["Records"] and page["MillisBehindLatest"] == 0:
                break
            iterator = page["NextShardIterator"]
        numbers = dict(found)
        self.assertEqual(len(numbers), len(found), "no record twice")
        lost = {key for key, number in acknowledged.items() if numbers.get(key) != number}
        self.assertEqual(lost, set())
        order = [int(number) for _, number in found]
        self.assertEqual(order, sorted(set(order)), "numbers only rise, across restarts too")

    def check_objects(self, acknowledged):
        aws = self.aws()
        for key in acknowledged:
            self.assertEqual(aws.get_object("kept", key), (key * 2000).encode())


class UnderWay(RestartTest):
    def status(self, stack):
        found = self.aws().query("DescribeStacks", StackName=stack)
        return found.findtext(".//StackStatus"), found.findtext(".//OutputValue")

    def settles(self, stack, expected):
        def settled():
            status = self.status(stack)
            return status if not status[0].endswith("_IN_PROGRESS") else None

        status = eventually(40, settled, f"{stack} {expected}: {self.status(stack)}")
        self.assertEqual(status, expected, self.told(stack))

    def told(self, stack):
        events = self.aws().query("DescribeStackEvents", StackName=stack)
        return "\n".join(
            " ".join(
                event.findtext(name, "")
                for name in ("LogicalResourceId", "ResourceStatus", "ResourceStatusReason")
            )
            for event in reversed(events.findall(".//StackEvents/member"))
        )

    def interrupted(self, operation, moment, **parameters):
        self.aws().query(operation, **parameters, **MAY_MAKE_ROLES)
        time.sleep(moment)
        if moment < 0.6:  # the two custom resources sleep for longer
            status, _ = self.status(parameters["StackName"])
            self.assertTrue(status.endswith("_IN_PROGRESS"), status)
        self.kill_and_restart()

    def test_a_stack_operation_completes_after_a_kill(self):
        # From "nothing begun" over "a function is starting" to "the second resource waits".
        for number, moment in enumerate((0.0, 0.1, 0.3, 0.5, self.random.uniform(0, 1))):
            with self.subTest(operation="create", moment=moment):
                stack = f"slow-{number}"
                self.interrupted(
                    "CreateStack", moment, StackName=stack, TemplateBody=slow_template("one")
                )
                self.settles(stack, ("CREATE_COMPLETE", "one"))

    def test_an_update_and_a_deletion_complete_after_a_kill(self):
        aws = self.aws()
        aws.query(
            "CreateStack",
            StackName="slow",
            TemplateBody=slow_template("one"),
            **MAY_MAKE_ROLES,
        )
        self.settles("slow", ("CREATE_COMPLETE", "one"))
        for moment, text in ((0.15, "other"), (0.45, "outer")):
            self.interrupted(
                "UpdateStack", moment, StackName="slow", TemplateBody=slow_template(text)
            )
            self.settles("slow", ("UPDATE_COMPLETE", text))
        stack_id = self.aws().query("DescribeStacks", StackName="slow").findtext(".//StackId")
        self.aws().query("DeleteStack", StackName="slow")
        time.sleep(0.2)
        self.kill_and_restart()
        self.settles(stack_id, ("DELETE_COMPLETE", "outer"))


BUSY_WRITER = """
import json
import os
import time
import urllib.request

def put(key, value):
    scope = os.environ["AWS_ACCESS_KEY_ID"] + "/20260101/us-east-1/dynamodb/aws4_request"
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=" + scope
        + ", SignedHeaders=host, Signature=00",
        "X-Amz-Security-Token": os.environ["AWS_SESSION_TOKEN"],
        "X-Amz-Target": "DynamoDB_20120810.PutItem",
        "Content-Type": "application/x-amz-json-1.0",
    }
    item = {"id": {"S": key}, "count": {"N": str(value)}}
    body = json.dumps({"TableName": "writes", "Item": item}).encode()
    url = "http://dynamodb.us-east-1.amazonaws.com/"
    urllib.request.urlopen(urllib.request.Request(url, body, headers)).read()

def handler(event, context):
    for value in range(event["times"]):
        put("process %d" % os.getpid(), value)
    return event["times"]
"""

FOR_EVER = 1_000_000


def writer_template():
    template = json.loads(slow_template("unused"))["Resources"]
    resources = {name: template[name] for name in ("Table", "Role", "Function")}
    resources["Table"]["Properties"]["TableName"] = "writes"
    resources["Function"]["Properties"].update(
        FunctionName="writer", Code={"ZipFile": BUSY_WRITER}, Timeout=60
    )
    return json.dumps({"Resources": resources})


class StateReplaced(RestartTest):
    """A snapshot is loaded while a function runs and writes as fast as it can."""

    def setUp(self):
        super().setUp()
        aws = self.aws()
        aws.query(
            "CreateStack", StackName="s", TemplateBody=writer_template(), **MAY_MAKE_ROLES
        )

        def complete():
            stack = aws.query("DescribeStacks", StackName="s")
            return stack.findtext(".//StackStatus") == "CREATE_COMPLETE"

        eventually(20, complete, "the stack is there")

    def snapshot(self, path):
        self.assertEqual(self.aws().control("POST", "snapshots/" + path)[0], 200)

    def counts(self):
        items = self.aws().call("dynamodb", "Scan", TableName="writes")["Items"]
        return {item["id"]["S"]: int(item["count"]["N"]) for item in items}

    def writes(self):
        return eventually(20, self.counts, "the function writes")

    def test_the_old_invocation_ends_and_cannot_change_the_loaded_state(self):
        self.snapshot("before")
        answers = []

        def invoke():
            try:
                answers.append(self.aws().invoke("writer", {"times": FOR_EVER}))
            except Refused as refused:
                answers.append(str(refused))

        for _ in range(3):
            caller = threading.Thread(target=invoke)
            caller.start()
            self.writes()
            self.snapshot("before/load")
            caller.join(20)
            self.assertIn("the state of sbemu was replaced", answers.pop())
            self.assertEqual(self.counts(), {})
            # The function runs anew, and beside what it writes there is nothing.
            self.assertEqual(self.aws().invoke("writer", {"times": 2}), 2)
            self.assertEqual(list(self.counts().values()), [1])
            self.snapshot("before/load")

    def test_an_invocation_that_was_under_way_in_the_snapshot_begins_again(self):
        self.aws().invoke("writer", {"times": FOR_EVER}, kind="Event")
        old = set(self.writes())
        self.snapshot("during")
        self.snapshot("during/load")
        kept = {key: count for key, count in self.counts().items() if key in old}

        def another():
            return len(self.counts()) > 1

        eventually(20, another, "another process begins")
        now = self.counts()
        self.assertEqual({key: now[key] for key in kept}, kept)


class InUse(RestartTest):
    def refused(self, *arguments):
        done = subprocess.run(
            [str(pathlib.Path(OPTIONS.sbemu).resolve()), "up", *arguments],
            env=plain_environment(self.state),
            capture_output=True,
            text=True,
            timeout=20,
        )
        self.assertEqual(done.returncode, IN_USE, done.stderr)
        # The first goes on, unharmed.
        self.assertEqual(self.aws().call("dynamodb", "ListTables"), {"TableNames": []})
        return done.stderr

    def test_a_state_folder_has_one_emulator(self):
        message = self.refused("--port", "0", "--state", str(self.state))
        self.assertRegex(message, r"the state folder .* is in use")
        self.assertIn(str(self.emulator.process.pid), message)

    def test_a_port_has_one_emulator(self):
        port = self.emulator.url.rsplit(":", 1)[1]
        message = self.refused("--port", port, "--ephemeral")
        self.assertIn(f"port {port} of 127.0.0.1 is in use", message)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbemu", required=True)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.parse_known_args(namespace=OPTIONS)
    _, others = parser.parse_known_args()
    print("seed", OPTIONS.seed, flush=True)
    unittest.main(argv=[sys.argv[0], *others], verbosity=2)


if __name__ == "__main__":
    main()
