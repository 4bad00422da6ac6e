// Carries out AWS calls with @aws-sdk v3 (bridge.js). ENDPOINT in the environment is passed as the
// clients' endpoint option; without it they are configured by nothing.
'use strict';

const { serve } = require('./bridge');

const packages = {
  cloudformation: ['@aws-sdk/client-cloudformation', 'CloudFormationClient'],
  dynamodb: ['@aws-sdk/client-dynamodb', 'DynamoDBClient'],
  kinesis: ['@aws-sdk/client-kinesis', 'KinesisClient'],
  lambda: ['@aws-sdk/client-lambda', 'LambdaClient'],
  logs: ['@aws-sdk/client-cloudwatch-logs', 'CloudWatchLogsClient'],
  s3: ['@aws-sdk/client-s3', 'S3Client'],
  sts: ['@aws-sdk/client-sts', 'STSClient'],
};
const clients = {};

function client(service) {
  const [name, type] = packages[service];
  const settings = process.env.ENDPOINT ? { endpoint: process.env.ENDPOINT } : {};
  clients[service] = clients[service] || new (require(name)[type])(settings);
  return clients[service];
}

serve(async (service, operation, parameters) => {
  const Command = require(packages[service][0])[operation + 'Command'];
  const result = await client(service).send(new Command(parameters));
  if (result.Body && result.Body.transformToByteArray) {
    result.Body = await result.Body.transformToByteArray();
  }
  return result;
});
