// Carries out AWS calls with aws-sdk v2 (bridge.js). ENDPOINT in the environment is passed as the
// clients' endpoint option; without it they are configured by nothing.
'use strict';

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const AWS = require('aws-sdk');
const { serve } = require('./bridge');

const classes = {
  cloudformation: AWS.CloudFormation,
  dynamodb: AWS.DynamoDB,
  kinesis: AWS.Kinesis,
  lambda: AWS.Lambda,
  logs: AWS.CloudWatchLogs,
  s3: AWS.S3,
  sts: AWS.STS,
};
const clients = {};

function client(service) {
  const endpoint = process.env.ENDPOINT;
  // Path style as people set it for a local endpoint: this SDK would ask for BUCKET.127.0.0.1.
  const settings = endpoint ? { endpoint, s3ForcePathStyle: true } : {};
  clients[service] = clients[service] || new classes[service](settings);
  return clients[service];
}

serve((service, operation, parameters) => {
  const method = operation[0].toLowerCase() + operation.slice(1);
  return client(service)[method](parameters).promise();
});
