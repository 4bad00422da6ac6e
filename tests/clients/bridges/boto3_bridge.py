"""Carries out AWS calls with boto3: a JSON request a line in, a JSON answer a line out.

The same protocol as aws_sdk_v2.js and aws_sdk_v3.js, so that one story drives every SDK. Bytes
travel as {"$bytes": base64}. ENDPOINT in the environment is passed as endpoint_url; without it
the client is configured by nothing.
"""

import base64
import datetime
import json
import os
import sys

import boto3
import botocore.exceptions
from botocore import xform_name


def decoded(value):
    if isinstance(value, dict):
        if set(value) == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {name: decoded(member) for name, member in value.items()}
    return [decoded(member) for member in value] if isinstance(value, list) else value


def encoded(value):
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: encoded(member) for name, member in value.items()}
    return [encoded(member) for member in value] if isinstance(value, list) else value


def main():
    clients = {}
    for line in sys.stdin:
        request = json.loads(line)
        service = request["service"]
        if service not in clients:
            settings = {"endpoint_url": os.environ["ENDPOINT"]} if "ENDPOINT" in os.environ else {}
            clients[service] = boto3.client(service, **settings)
        try:
            operation = getattr(clients[service], xform_name(request["operation"]))
            answer = {"result": encoded(operation(**decoded(request["parameters"])))}
        except botocore.exceptions.ClientError as error:
            answer = {"error": error.response["Error"]}
        except botocore.exceptions.BotoCoreError as error:
            answer = {"error": {"Code": type(error).__name__, "Message": str(error)}}
        print(json.dumps(answer), flush=True)


main()
