"""The main job: both Streambot stacks, a record from Kinesis to S3, an update in place, the end.

One story; the client that plays it and the packages it deploys are given.
"""

import json
import pathlib
import time

from clouds import AwsError

TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "fixtures" / "templates"
VERSION = "4f2a1c9"
CODE_BUCKET = "mapbox-us-east-1"
EVENT_BUCKET = "mapbox"
STACK_LIMIT = 60.0  # seconds
RECORD_LIMIT = 20.0


class Deployment:
    """What is deployed: the primary template, the packages and how they run."""

    def __init__(self, template, streambot, example, runtime=None, handler=None):
        self.template = (TEMPLATES / template).read_text()
        self.streambot = streambot  # bytes of the zip
        self.example = example  # bytes of the zip
        self.parameters = {}
        if runtime:
            self.parameters = {"Runtime": runtime, "Handler": handler}


def eventually(limit, ask, what):
    """Asks until there is an answer; fails after `limit` seconds."""
    deadline = time.monotonic() + limit
    while True:
        answer = ask()
        if answer is not None:
            return answer
        assert time.monotonic() < deadline, f"not within {limit} s: {what}"
        time.sleep(0.05)


def parameter_list(values):
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


def described(cloud, stack):
    return cloud.call("cloudformation", "DescribeStacks", StackName=stack)["Stacks"][0]


def wait_for(cloud, stack, expected):
    """Waits until the stack has left ..._IN_PROGRESS; fails with its events if not as expected."""

    def settled():
        found = described(cloud, stack)
        return None if found["StackStatus"].endswith("_IN_PROGRESS") else found

    found = eventually(STACK_LIMIT, settled, f"{stack} {expected}")
    if found["StackStatus"] != expected:
        events = cloud.call("cloudformation", "DescribeStackEvents", StackName=stack)
        told = "\n".join(
            f"{event['LogicalResourceId']} {event['ResourceStatus']} "
            f"{event.get('ResourceStatusReason', '')}"
            for event in reversed(events["StackEvents"])
        )
        raise AssertionError(f"{stack} is {found['StackStatus']}, not {expected}:\n{told}")
    return found


def wait_until_deleted(cloud, stack, stack_id):
    """A deleted stack is found by its id only (facts/cloudformation.md)."""
    assert wait_for(cloud, stack_id, "DELETE_COMPLETE")["StackId"] == stack_id
    error = refused(lambda: described(cloud, stack))
    assert error.code == "ValidationError", error
    assert error.message == f"Stack with id {stack} does not exist", error


def refused(call):
    try:
        answer = call()
    except AwsError as error:
        return error
    raise AssertionError(f"not refused: {answer}")


def outputs(stack):
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def physical_ids(cloud, stack):
    found = cloud.call("cloudformation", "DescribeStackResources", StackName=stack)
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in found["StackResources"]
    }


def configuration(cloud, function):
    """The function's row in streambot-env; None without one."""
    answer = cloud.call(
        "dynamodb", "GetItem", TableName="streambot-env", Key={"name": {"S": function}}
    )
    return json.loads(answer["Item"]["env"]["S"]) if answer.get("Item") else None


def mappings(cloud, function):
    return cloud.call("lambda", "ListEventSourceMappings", FunctionName=function)[
        "EventSourceMappings"
    ]


def upload(cloud, deployment):
    for bucket in (CODE_BUCKET, EVENT_BUCKET):
        cloud.call("s3", "CreateBucket", Bucket=bucket)
    for key, package in (
        (f"release/streambot/{VERSION}.zip", deployment.streambot),
        (f"apps/streambot/{VERSION}-example.zip", deployment.example),
    ):
        cloud.call("s3", "PutObject", Bucket=CODE_BUCKET, Key=key, Body=package)


def deploy(cloud, deployment):
    """Both stacks; the example's outputs and the values of its parameters."""
    primary = cloud.call(
        "cloudformation",
        "CreateStack",
        StackName="streambot",
        TemplateBody=deployment.template,
        Parameters=parameter_list({"GitSha": VERSION}),
        Capabilities=["CAPABILITY_IAM"],
    )
    functions = outputs(wait_for(cloud, "streambot", "CREATE_COMPLETE"))
    values = {
        "GitSha": VERSION,
        "EventBucket": EVENT_BUCKET,
        "EventPrefix": "example-records",
        "StreambotEnvFunctionArn": functions["StreambotEnvFunctionArn"],
        "StreambotConnectorFunctionArn": functions["StreambotConnectorFunctionArn"],
        **deployment.parameters,
    }
    example = cloud.call(
        "cloudformation",
        "CreateStack",
        StackName="example",
        TemplateBody=(TEMPLATES / "example-service.template.json").read_text(),
        Parameters=parameter_list(values),
        Capabilities=["CAPABILITY_IAM"],
    )
    found = outputs(wait_for(cloud, "example", "CREATE_COMPLETE"))
    return found, values, primary["StackId"], example["StackId"]


def put_and_find(cloud, stream, prefix, text):
    """A record into the stream comes out as an object of its sequence number."""
    put = cloud.call(
        "kinesis", "PutRecord", StreamName=stream, Data=text.encode(), PartitionKey="a"
    )
    key = f"{prefix}/{put['SequenceNumber']}"

    def stored():
        try:
            return cloud.call("s3", "GetObject", Bucket=EVENT_BUCKET, Key=key)["Body"]
        except AwsError as error:
            assert error.code == "NoSuchKey", error
            return None

    assert eventually(RECORD_LIMIT, stored, f"the object {key}") == text.encode()


def update(cloud, function, values, before):
    changed = {**values, "EventPrefix": "changed-records", "BatchSize": "7"}
    request = {
        "StackName": "example",
        "UsePreviousTemplate": True,
        "Parameters": parameter_list(changed),
        "Capabilities": ["CAPABILITY_IAM"],
    }
    cloud.call("cloudformation", "UpdateStack", **request)
    wait_for(cloud, "example", "UPDATE_COMPLETE")
    assert configuration(cloud, function)["EventPrefix"] == "changed-records"
    found = mappings(cloud, function)
    assert [mapping["UUID"] for mapping in found] == [before["UUID"]], found
    assert found[0]["BatchSize"] == 7, found

    error = refused(lambda: cloud.call("cloudformation", "UpdateStack", **request))
    assert (error.code, error.message) == ("ValidationError", "No updates are to be performed.")


def delete(cloud, function, primary_id, example_id):
    cloud.call("cloudformation", "DeleteStack", StackName="example")
    wait_until_deleted(cloud, "example", example_id)
    assert configuration(cloud, function) is None
    # Not by the function's name: it is gone too, which is an error of its own.
    assert cloud.call("lambda", "ListEventSourceMappings")["EventSourceMappings"] == []
    cloud.call("cloudformation", "DeleteStack", StackName="streambot")
    wait_until_deleted(cloud, "streambot", primary_id)
    table = cloud.call("dynamodb", "DescribeTable", TableName="streambot-env")["Table"]
    assert table["TableStatus"] == "ACTIVE", table


def play(cloud, deployment):
    upload(cloud, deployment)
    found, values, primary_id, example_id = deploy(cloud, deployment)
    function, stream = found["FunctionName"], found["StreamName"]

    assert configuration(cloud, function) == {
        "EventBucket": EVENT_BUCKET,
        "EventBucketRegion": "us-east-1",
        "EventPrefix": "example-records",
    }
    (mapping,) = mappings(cloud, function)
    assert mapping["UUID"] == found["MappingUUID"], mapping
    assert mapping["BatchSize"] == 1, mapping
    assert mapping["EventSourceArn"].endswith(f"stream/{stream}"), mapping
    put_and_find(cloud, stream, "example-records", "hello sbemu")

    ids = physical_ids(cloud, "example")
    update(cloud, function, values, mapping)
    assert physical_ids(cloud, "example") == ids, "updated in place"
    put_and_find(cloud, stream, "changed-records", "hello again")
    delete(cloud, function, primary_id, example_id)
