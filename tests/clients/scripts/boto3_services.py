"""What people do with the other services through boto3: errors, waiters, invocations, logs."""

import base64
import gzip
import io
import json
import os
import urllib.request
import zipfile
import zlib

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

SETTINGS = {"endpoint_url": os.environ["ENDPOINT"]} if "ENDPOINT" in os.environ else {}

FUNCTION = """
import os

class Refused(Exception):
    pass

def handler(event, context):
    print("asked for", event.get("name"))
    if event.get("name") == "refuse":
        raise Refused("not you")
    return {"hello": event["name"], "function": context.function_name, "mark": os.environ["MARK"]}
"""


def client(service, **settings):
    return boto3.client(service, **SETTINGS, **settings)


def identity():
    found = client("sts").get_caller_identity()
    assert found["Account"] == "111122223333", found
    other = client("sts", aws_access_key_id="444455556666", aws_secret_access_key="x")
    assert other.get_caller_identity()["Account"] == "444455556666"
    nobody = client("sts", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x")
    assert nobody.get_caller_identity()["Account"] == "000000000000"
    # Accounts do not see each other's things.
    make_table(client("dynamodb"), "mine")
    there = client("dynamodb", aws_access_key_id="444455556666", aws_secret_access_key="x")
    assert there.list_tables()["TableNames"] == []


def make_table(dynamodb, name):
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(
        TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


def tables():
    dynamodb = client("dynamodb")
    make_table(dynamodb, "things")
    item = {
        "id": {"S": "ü"},
        "number": {"N": "12345678901234567890.5"},
        "bytes": {"B": b"\x00\xff"},
        "nested": {"M": {"list": {"L": [{"BOOL": True}, {"NULL": True}]}}},
        "set": {"SS": ["a", "b"]},
    }
    dynamodb.put_item(TableName="things", Item=item)
    found = dynamodb.get_item(TableName="things", Key={"id": {"S": "ü"}})["Item"]
    assert {**found, "set": {"SS": sorted(found["set"]["SS"])}} == item, found
    table = boto3.resource("dynamodb", **SETTINGS).Table("things")
    table.put_item(Item={"id": "through the resource", "count": 3})
    assert table.scan()["Count"] == 2
    try:
        dynamodb.put_item(
            TableName="things", Item=item, ConditionExpression="attribute_not_exists(id)"
        )
        raise AssertionError("the condition fails")
    except dynamodb.exceptions.ConditionalCheckFailedException as error:
        assert str(error).endswith("The conditional request failed"), error
    try:
        dynamodb.get_item(TableName="nothing", Key={"id": {"S": "a"}})
        raise AssertionError("a table that is not there")
    except dynamodb.exceptions.ResourceNotFoundException as error:
        assert error.response["Error"]["Message"] == "Requested resource not found", error.response
    try:
        dynamodb.create_table(**{**table_like("things")})
        raise AssertionError("a table that is there")
    except dynamodb.exceptions.ResourceInUseException:
        pass


def table_like(name):
    return {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def signed_request(body, target, headers):
    """A signed DynamoDB call of our own: boto3 never asks DynamoDB for compressed answers."""
    dynamodb = client("dynamodb")
    request = AWSRequest(
        "POST",
        dynamodb.meta.endpoint_url + "/",
        data=body,
        headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "DynamoDB_20120810." + target,
            **headers,
        },
    )
    SigV4Auth(boto3.Session().get_credentials(), "dynamodb", "us-east-1").add_auth(request)
    return urllib.request.Request(request.url, data=body, headers=dict(request.headers))


def compressed():
    """As the Go and Java SDKs ask: Accept-Encoding, with the checksum over what is sent."""
    client("dynamodb").put_item(
        TableName="things", Item={"id": {"S": "big"}, "text": {"S": "sbemu " * 5000}}
    )
    body = json.dumps({"TableName": "things", "Key": {"id": {"S": "big"}}}).encode()
    request = signed_request(body, "GetItem", {"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        sent = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip", answer.headers.as_string()
        assert int(answer.headers["x-amz-crc32"]) == zlib.crc32(sent)
    assert json.loads(gzip.decompress(sent))["Item"]["text"]["S"] == "sbemu " * 5000


def package(source):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", source)
    return archive.getvalue()


def functions():
    lambda_ = client("lambda")
    lambda_.create_function(
        FunctionName="greeter",
        Runtime="python3.11",
        Handler="index.handler",
        Role="arn:aws:iam::111122223333:role/any",
        Code={"ZipFile": package(FUNCTION)},
        Environment={"Variables": {"MARK": "first"}},
    )
    lambda_.get_waiter("function_active_v2").wait(
        FunctionName="greeter", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    answer = lambda_.invoke(FunctionName="greeter", LogType="Tail", Payload=b'{"name": "you"}')
    assert answer["StatusCode"] == 200 and "FunctionError" not in answer, answer
    expected = {"hello": "you", "function": "greeter", "mark": "first"}
    assert json.loads(answer["Payload"].read()) == expected
    tail = base64.b64decode(answer["LogResult"]).decode()
    for line in ("START RequestId: ", "asked for you\n", "END RequestId: ", "REPORT RequestId: "):
        assert line in tail, tail

    answer = lambda_.invoke(FunctionName="greeter", Payload=b'{"name": "refuse"}')
    error = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled", answer
    assert (error["errorType"], error["errorMessage"]) == ("Refused", "not you"), error

    lambda_.update_function_configuration(
        FunctionName="greeter", Environment={"Variables": {"MARK": "second"}}
    )
    lambda_.get_waiter("function_updated_v2").wait(
        FunctionName="greeter", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    answer = lambda_.invoke(FunctionName="greeter", Payload=b'{"name": "you"}')
    assert json.loads(answer["Payload"].read())["mark"] == "second"

    assert lambda_.invoke(FunctionName="greeter", InvocationType="DryRun")["StatusCode"] == 204
    queued = lambda_.invoke(
        FunctionName="greeter", InvocationType="Event", Payload=b'{"name": "later"}'
    )
    assert queued["StatusCode"] == 202, queued
    try:
        lambda_.invoke(FunctionName="nobody")
        raise AssertionError("a function that is not there")
    except lambda_.exceptions.ResourceNotFoundException as error:
        message = "Function not found: arn:aws:lambda:us-east-1:111122223333:function:nobody"
        assert error.response["Error"]["Message"] == message, error.response


def logs():
    found = client("logs").filter_log_events(
        logGroupName="/aws/lambda/greeter", filterPattern='"asked for you"'
    )
    messages = [event["message"].strip() for event in found["events"]]
    assert messages == ["asked for you", "asked for you"], messages


def streams():
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName="flow", ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(
        StreamName="flow", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    put = kinesis.put_records(
        StreamName="flow",
        Records=[{"Data": f"{n}".encode(), "PartitionKey": f"{n}"} for n in range(20)],
    )
    assert put["FailedRecordCount"] == 0, put
    found = []
    for shard in kinesis.describe_stream(StreamName="flow")["StreamDescription"]["Shards"]:
        iterator = kinesis.get_shard_iterator(
            StreamName="flow", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += kinesis.get_records(ShardIterator=iterator)["Records"]
    assert sorted(int(record["Data"]) for record in found) == list(range(20))
    try:
        kinesis.describe_stream(StreamName="nothing")
        raise AssertionError("a stream that is not there")
    except kinesis.exceptions.ResourceNotFoundException as error:
        message = "Stream nothing under account 111122223333 not found."
        assert error.response["Error"]["Message"] == message, error.response


def stacks():
    cloudformation = client("cloudformation")
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}
    cloudformation.create_stack(StackName="waited", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="waited", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    try:
        cloudformation.create_stack(StackName="waited", TemplateBody=json.dumps(template))
        raise AssertionError("a stack that is there")
    except cloudformation.exceptions.AlreadyExistsException:
        pass
    events = list(
        cloudformation.get_paginator("describe_stack_events").paginate(StackName="waited")
    )
    statuses = [event["ResourceStatus"] for event in events[0]["StackEvents"]]
    assert statuses[0] == "CREATE_COMPLETE" and statuses[-1] == "CREATE_IN_PROGRESS", statuses
    cloudformation.delete_stack(StackName="waited")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="waited", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    template["Resources"]["Bucket"]["Type"] = "AWS::Nothing::Here"
    try:
        cloudformation.create_stack(StackName="wrong", TemplateBody=json.dumps(template))
        raise AssertionError("a template with an unknown type")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ValidationError", error.response


def not_built():
    """Never a quiet success: an operation that is not there says so by name."""
    try:
        client("lambda").put_function_concurrency(
            FunctionName="greeter", ReservedConcurrentExecutions=1
        )
        raise AssertionError("answered")
    except ClientError as error:
        assert "PutFunctionConcurrency" in str(error), error


for part in (identity, tables, compressed, functions, logs, streams, stacks, not_built):
    try:
        part()
    except Exception:
        print("in", part.__name__)
        raise
print("done")
