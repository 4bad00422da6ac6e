// What people do with aws-sdk v2, by an endpoint setting or by the real host names.
'use strict';

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const assert = require('assert');
const crypto = require('crypto');
const { Readable } = require('stream');
const AWS = require('aws-sdk');

const endpoint = process.env.ENDPOINT;
const s3 = new AWS.S3(endpoint ? { endpoint, s3ForcePathStyle: true } : {});
const settings = endpoint ? { endpoint } : {};

async function uploads() {
  await s3.createBucket({ Bucket: 'plain-bucket' }).promise();
  await s3.createBucket({ Bucket: 'dotted.bucket.name' }).promise();
  for (const Bucket of ['plain-bucket', 'dotted.bucket.name']) {
    // From 1 MiB on this SDK sends Expect: 100-continue and waits for the answer.
    const Body = crypto.randomBytes(3 * 1024 * 1024);
    const put = await s3.putObject({ Bucket, Key: 'large', Body }).promise();
    assert.strictEqual(put.ETag, '"' + crypto.createHash('md5').update(Body).digest('hex') + '"');
    const found = await s3.getObject({ Bucket, Key: 'large' }).promise();
    assert(Body.equals(found.Body));
  }
  const stream = Readable.from([Buffer.alloc(6 << 20, 'a'), Buffer.alloc(3 << 20, 'b')]);
  await s3.upload({ Bucket: 'plain-bucket', Key: 'in-parts', Body: stream }).promise();
  const head = await s3.headObject({ Bucket: 'plain-bucket', Key: 'in-parts' }).promise();
  assert.strictEqual(head.ContentLength, 9 << 20);
  assert.match(head.ETag, /-2"$/);
}

async function presigned() {
  const parameters = { Bucket: 'plain-bucket', Key: 'signed' };
  const put = await s3.getSignedUrlPromise('putObject', parameters);
  const stored = await fetch(put, { method: 'PUT', body: 'through a URL' });
  assert.strictEqual(stored.status, 200);
  const get = await s3.getSignedUrlPromise('getObject', parameters);
  assert.strictEqual(await (await fetch(get)).text(), 'through a URL');
}

async function errors() {
  const s3Error = { code: 'NoSuchKey', statusCode: 404 };
  await assert.rejects(s3.getObject({ Bucket: 'plain-bucket', Key: 'no' }).promise(), s3Error);
  const dynamodb = new AWS.DynamoDB(settings);
  const Key = { id: { S: 'a' } };
  await assert.rejects(dynamodb.getItem({ TableName: 'nothing', Key }).promise(), {
    code: 'ResourceNotFoundException',
    message: 'Requested resource not found',
    statusCode: 400,
  });
  const lambda = new AWS.Lambda(settings);
  await assert.rejects(lambda.getFunction({ FunctionName: 'nobody' }).promise(), {
    code: 'ResourceNotFoundException',
    statusCode: 404,
  });
  const cloudformation = new AWS.CloudFormation(settings);
  await assert.rejects(cloudformation.describeStacks({ StackName: 'nothing' }).promise(), {
    code: 'ValidationError',
    message: 'Stack with id nothing does not exist',
    statusCode: 400,
  });
}

async function documents() {
  const dynamodb = new AWS.DynamoDB(settings);
  const table = {
    TableName: 'things',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  };
  await dynamodb.createTable(table).promise();
  await dynamodb.waitFor('tableExists', { TableName: 'things', $waiter: { delay: 1 } }).promise();
  const client = new AWS.DynamoDB.DocumentClient({ service: dynamodb });
  const Item = { id: 'ü', number: 1.5, list: [true, null, { deep: 'yes' }] };
  await client.put({ TableName: 'things', Item }).promise();
  const found = await client.get({ TableName: 'things', Key: { id: 'ü' } }).promise();
  assert.deepStrictEqual(found.Item, Item);
}

(async () => {
  await uploads();
  await presigned();
  await errors();
  await documents();
  console.log('done');
})();
