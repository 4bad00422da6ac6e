"""Custom resources whose functions are written in the template, in Node and in Python."""

import json

from stories.main_job import outputs, wait_for, wait_until_deleted

NODE = """
var response = require('cfn-response');
exports.handler = function(event, context) {
  if (event.RequestType === 'Create' && event.ResourceProperties.Fail === 'true') {
    return response.send(event, context, response.FAILED, {});
  }
  var answer = { Sum: Number(event.ResourceProperties.A) + Number(event.ResourceProperties.B) };
  response.send(event, context, response.SUCCESS, answer, 'the-sum');
};
"""
PYTHON = """
import cfnresponse

def handler(event, context):
    text = event["ResourceProperties"]["Text"]
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"Shouted": text.upper()}, "shouted")
"""


def function(runtime, code):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": runtime,
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": code},
            "Timeout": 10,
        },
    }


def custom(service, **properties):
    token = {"Fn::GetAtt": [service, "Arn"]}
    return {"Type": f"Custom::{service}", "Properties": {"ServiceToken": token, **properties}}


def template(fail):
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps(
        {
            "Resources": {
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}
                    },
                },
                "Adder": function("nodejs20.x", NODE),
                "Shouter": function("python3.11", PYTHON),
                "Sum": custom("Adder", A=40, B=2, Fail=fail),
                "Shouted": custom("Shouter", Text={"Fn::Join": ["", ["sum ", {"Ref": "Sum"}]]}),
            },
            "Outputs": {
                "Sum": {"Value": {"Fn::GetAtt": ["Sum", "Sum"]}},
                "SumId": {"Value": {"Ref": "Sum"}},
                "Shouted": {"Value": {"Fn::GetAtt": ["Shouted", "Shouted"]}},
            },
        }
    )


def create(cloud, stack, fail):
    return cloud.call(
        "cloudformation",
        "CreateStack",
        StackName=stack,
        TemplateBody=template(fail),
        Capabilities=["CAPABILITY_IAM"],
    )["StackId"]


def play(cloud):
    stack_id = create(cloud, "inline", False)
    found = outputs(wait_for(cloud, "inline", "CREATE_COMPLETE"))
    assert found == {"Sum": "42", "SumId": "the-sum", "Shouted": "SUM THE-SUM"}, found
    cloud.call("cloudformation", "DeleteStack", StackName="inline")
    wait_until_deleted(cloud, "inline", stack_id)

    create(cloud, "refused", True)
    wait_for(cloud, "refused", "ROLLBACK_COMPLETE")
    events = cloud.call("cloudformation", "DescribeStackEvents", StackName="refused")["StackEvents"]
    reasons = [
        event["ResourceStatusReason"]
        for event in events
        if event["ResourceStatus"] == "CREATE_FAILED" and event["LogicalResourceId"] == "Sum"
    ]
    assert reasons and "See the details in CloudWatch Log Stream: " in reasons[0], reasons
    cloud.call("cloudformation", "DeleteStack", StackName="refused")
