"""What people do with S3 through boto3, by an endpoint setting or by the real host names."""

import io
import os
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

SETTINGS = {"endpoint_url": os.environ["ENDPOINT"]} if "ENDPOINT" in os.environ else {}
BY_NAME = not SETTINGS
S3 = boto3.client("s3", **SETTINGS)


def fails_with(code, call):
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        return
    raise AssertionError(f"no {code}")


def buckets():
    S3.create_bucket(Bucket="plain-bucket")
    S3.create_bucket(Bucket="dotted.bucket.name")
    S3.create_bucket(
        Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    names = [bucket["Name"] for bucket in S3.list_buckets()["Buckets"]]
    assert names == ["dotted.bucket.name", "elsewhere", "plain-bucket"], names
    for bucket in ("plain-bucket", "dotted.bucket.name"):
        key = "folder with spaces/ü+&=?#%25.txt"
        S3.put_object(
            Bucket=bucket, Key=key, Body=b"text", ContentType="text/plain", Metadata={"made": "by"}
        )
        found = S3.get_object(Bucket=bucket, Key=key)
        assert found["Body"].read() == b"text"
        assert found["ContentType"] == "text/plain" and found["Metadata"] == {"made": "by"}, found
        listed = S3.list_objects_v2(Bucket=bucket)["Contents"]
        assert [entry["Key"] for entry in listed] == [key], listed


def presigned():
    parameters = {"Bucket": "plain-bucket", "Key": "signed/object"}
    put = S3.generate_presigned_url("put_object", parameters, ExpiresIn=60)
    get = S3.generate_presigned_url("get_object", parameters, ExpiresIn=60)
    assert ("amazonaws.com" in put) == BY_NAME, put
    request = urllib.request.Request(put, data=b"through a URL", method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(get) as answer:
        assert answer.read() == b"through a URL"
    parameters["Key"] = "signed/nothing"
    try:
        urllib.request.urlopen(S3.generate_presigned_url("get_object", parameters))
        raise AssertionError("an object that is not there")
    except urllib.error.HTTPError as error:
        assert error.code == 404 and b"<Code>NoSuchKey</Code>" in error.read()


def pages():
    for number in range(25):
        S3.put_object(Bucket="plain-bucket", Key=f"pages/{number:03}", Body=b"")
    paginator = S3.get_paginator("list_objects_v2")
    found = list(
        paginator.paginate(
            Bucket="plain-bucket", Prefix="pages/", PaginationConfig={"PageSize": 10}
        )
    )
    assert [len(page["Contents"]) for page in found] == [10, 10, 5]
    keys = [entry["Key"] for page in found for entry in page["Contents"]]
    assert keys == [f"pages/{number:03}" for number in range(25)], keys
    folders = S3.list_objects_v2(Bucket="plain-bucket", Delimiter="/")["CommonPrefixes"]
    prefixes = [folder["Prefix"] for folder in folders]
    assert prefixes == ["folder with spaces/", "pages/", "signed/"], prefixes


def in_parts():
    body = os.urandom(9 * 1024 * 1024)
    S3.upload_fileobj(
        io.BytesIO(body), "plain-bucket", "large", Config=TransferConfig(multipart_threshold=1)
    )
    head = S3.head_object(Bucket="plain-bucket", Key="large")
    assert head["ContentLength"] == len(body) and head["ETag"].endswith('-2"'), head
    copy = io.BytesIO()
    S3.download_fileobj("plain-bucket", "large", copy)
    assert copy.getvalue() == body
    part = S3.get_object(Bucket="plain-bucket", Key="large", Range="bytes=100-199")
    assert part["Body"].read() == body[100:200]


def errors():
    fails_with("NoSuchBucket", lambda: S3.list_objects_v2(Bucket="nobody-has-this"))
    fails_with("404", lambda: S3.head_object(Bucket="plain-bucket", Key="nothing"))
    fails_with("BucketNotEmpty", lambda: S3.delete_bucket(Bucket="plain-bucket"))
    try:
        S3.get_object(Bucket="plain-bucket", Key="nothing")
        raise AssertionError("an object that is not there")
    except S3.exceptions.NoSuchKey as error:
        assert error.response["Error"]["Key"] == "nothing", error.response
    S3.delete_object(Bucket="plain-bucket", Key="nothing")


buckets()
presigned()
pages()
in_parts()
errors()
print("done")
