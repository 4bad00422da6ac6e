"""`cfnresponse`: the module CloudFormation puts beside inline Python code with the line
`import cfnresponse` (facts/cloudformation.md 1.5). Our own wording; same API, body fields and
behaviour: one PUT to the complete ResponseURL, printed, its failure printed and swallowed. Standard
library only, where AWS's uses the urllib3 of its runtime."""

import http.client
import json
import re
from urllib.parse import urlsplit

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(
    event,
    context,
    responseStatus,
    responseData,
    physicalResourceId=None,
    noEcho=False,
    reason=None,
):
    """Puts the response; `physicalResourceId` defaults to the log stream's name."""
    default_reason = "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name)
    body = json.dumps(
        {
            "Status": responseStatus,
            "Reason": reason or default_reason,
            "PhysicalResourceId": physicalResourceId or context.log_stream_name,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "NoEcho": noEcho,
            "Data": responseData,
        }
    )
    print("Response body:")
    print(body)
    try:
        print("Status code:", _put(event["ResponseURL"], body.encode("utf-8")))
    except Exception as error:
        print("send(..) failed executing http.request(..):", _without_signature(str(error)))


def _put(url, body):
    target = urlsplit(url)
    secure = target.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(target.hostname, target.port)
    try:
        path = target.path + ("?" + target.query if target.query else "")
        headers = {"content-type": "", "content-length": str(len(body))}
        connection.request("PUT", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _without_signature(text):
    """A presigned URL in a log would let its reader answer in the function's place."""
    pattern = r"(X-Amz-Credential|X-Amz-Signature|Signature)=[^&\s]+"
    return re.sub(pattern, r"\1=*****", text, flags=re.IGNORECASE)
