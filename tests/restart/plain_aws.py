"""AWS calls with the standard library alone: fast, and with no retries that would hide a fault."""

import base64
import http.client
import json
import urllib.parse
import xml.etree.ElementTree

ACCOUNT = "111122223333"
PREFIXES = {"dynamodb": ("DynamoDB_20120810", "1.0"), "kinesis": ("Kinesis_20131202", "1.1")}


class Refused(Exception):
    """An answer that is not a success."""


class PlainAws:
    """One connection; http.client.HTTPException or OSError when the emulator is gone."""

    def __init__(self, url):
        where = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)

    def close(self):
        self.connection.close()

    def _ask(self, service, method, path, headers, body):
        credential = f"{ACCOUNT}/20260101/us-east-1/{service}/aws4_request"
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00"
        )
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise Refused(f"{method} {path}: {answer.status} {text[:1000]}")
        return text

    def call(self, service, operation, **parameters):
        """DynamoDB and Kinesis."""
        prefix, version = PREFIXES[service]
        headers = {
            "X-Amz-Target": f"{prefix}.{operation}",
            "Content-Type": f"application/x-amz-json-{version}",
        }
        answer = self._ask(service, "POST", "/", headers, json.dumps(parameters))
        return json.loads(answer) if answer else {}

    def invoke(self, function, event, kind="RequestResponse"):
        """What the Lambda function returns; None if it is not waited for."""
        headers = {"X-Amz-Invocation-Type": kind}
        path = f"/2015-03-31/functions/{function}/invocations"
        answer = self._ask("lambda", "POST", path, headers, json.dumps(event))
        return json.loads(answer) if answer else None

    def control(self, method, path):
        """sbemu's own interface: the status and the answer."""
        self.connection.request(method, "/_sbemu/" + path)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def query(self, operation, **parameters):
        """CloudFormation; the answer without its namespace."""
        fields = {"Action": operation, "Version": "2010-05-15", **parameters}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._ask("cloudformation", "POST", "/", headers, urllib.parse.urlencode(fields))
        tree = xml.etree.ElementTree.fromstring(answer)
        for element in tree.iter():
            element.tag = element.tag.split("}")[-1]
        return tree

    def put_object(self, bucket, key, body):
        self._ask("s3", "PUT", f"/{bucket}/{key}", {}, body)

    def get_object(self, bucket, key):
        return self._ask("s3", "GET", f"/{bucket}/{key}", {}, None)

    def make_bucket(self, bucket):
        self._ask("s3", "PUT", f"/{bucket}", {}, None)


def text_of(value):
    return base64.b64encode(value.encode()).decode()
