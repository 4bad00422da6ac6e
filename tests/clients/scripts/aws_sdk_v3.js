// What people do with @aws-sdk v3, by an endpoint setting or by the real host names.
'use strict';

const assert = require('assert');
const crypto = require('crypto');
const { Readable } = require('stream');
const S3 = require('@aws-sdk/client-s3');
const DynamoDB = require('@aws-sdk/client-dynamodb');
const Kinesis = require('@aws-sdk/client-kinesis');
const Lambda = require('@aws-sdk/client-lambda');
const STS = require('@aws-sdk/client-sts');

const settings = process.env.ENDPOINT ? { endpoint: process.env.ENDPOINT } : {};
const s3 = new S3.S3Client(settings);

// The headers of the last S3 call as it left, to be sure that a case is what it is for.
let sent = {};
s3.middlewareStack.add(
  (next) => (call) => {
    sent = call.request.headers;
    return next(call);
  },
  { step: 'finalizeRequest', priority: 'low' }
);

async function objects() {
  for (const Bucket of ['plain-bucket', 'dotted.bucket.name']) {
    await s3.send(new S3.CreateBucketCommand({ Bucket }));
    const Body = crypto.randomBytes(200000);
    await s3.send(new S3.PutObjectCommand({ Bucket, Key: 'plain', Body }));
    const found = await s3.send(new S3.GetObjectCommand({ Bucket, Key: 'plain' }));
    assert(Body.equals(await found.Body.transformToByteArray()));

    // A stream goes out as aws-chunked with its checksum in the trailer.
    const chunks = [Body.subarray(0, 70001), Body.subarray(70001)];
    const input = { Bucket, Key: 'streamed', Body: Readable.from(chunks), ContentLength: 200000 };
    await s3.send(new S3.PutObjectCommand(input));
    assert.strictEqual(sent['x-amz-trailer'], 'x-amz-checksum-crc32');
    assert.match(sent['content-encoding'], /aws-chunked/);
    const streamed = await s3.send(
      new S3.GetObjectCommand({ Bucket, Key: 'streamed', ChecksumMode: 'ENABLED' })
    );
    assert(Body.equals(await streamed.Body.transformToByteArray()));
    assert(streamed.ChecksumCRC32, 'the checksum of the trailer is kept');
    assert.strictEqual(streamed.ContentEncoding, undefined);
  }
}

async function pages() {
  for (let number = 0; number < 5; number++) {
    const Key = `pages/${number}`;
    await s3.send(new S3.PutObjectCommand({ Bucket: 'plain-bucket', Key, Body: 'x' }));
  }
  const keys = [];
  const input = { Bucket: 'plain-bucket', Prefix: 'pages/' };
  for await (const page of S3.paginateListObjectsV2({ client: s3, pageSize: 2 }, input)) {
    keys.push(...page.Contents.map((entry) => entry.Key));
  }
  assert.deepStrictEqual(keys, [0, 1, 2, 3, 4].map((number) => `pages/${number}`));
}

async function errors() {
  const missing = new S3.GetObjectCommand({ Bucket: 'plain-bucket', Key: 'no' });
  await assert.rejects(s3.send(missing), (error) => error instanceof S3.NoSuchKey);
  const dynamodb = new DynamoDB.DynamoDBClient(settings);
  const item = new DynamoDB.GetItemCommand({ TableName: 'nothing', Key: { id: { S: 'a' } } });
  await assert.rejects(
    dynamodb.send(item),
    (error) => error instanceof DynamoDB.ResourceNotFoundException
  );
  const lambda = new Lambda.LambdaClient(settings);
  await assert.rejects(
    lambda.send(new Lambda.GetFunctionCommand({ FunctionName: 'nobody' })),
    (error) => error instanceof Lambda.ResourceNotFoundException
  );
  const sts = new STS.STSClient(settings);
  const identity = await sts.send(new STS.GetCallerIdentityCommand({}));
  assert.strictEqual(identity.Account, '111122223333');
}

// This client speaks HTTP/2 only: over TLS by the name, in clear text by an endpoint.
async function streams() {
  const kinesis = new Kinesis.KinesisClient(settings);
  const StreamName = 'flow';
  await kinesis.send(new Kinesis.CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await Kinesis.waitUntilStreamExists({ client: kinesis, maxWaitTime: 30, minDelay: 1 }, { StreamName });
  const puts = [...Array(20).keys()].map((number) =>
    kinesis.send(
      new Kinesis.PutRecordCommand({ StreamName, Data: Buffer.from(`${number}`), PartitionKey: 'a' })
    )
  );
  assert.strictEqual(new Set((await Promise.all(puts)).map((put) => put.SequenceNumber)).size, 20);
  const { ShardIterator } = await kinesis.send(
    new Kinesis.GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    })
  );
  const { Records } = await kinesis.send(new Kinesis.GetRecordsCommand({ ShardIterator }));
  assert.strictEqual(Records.length, 20);
  const nothing = new Kinesis.DescribeStreamCommand({ StreamName: 'nothing' });
  await assert.rejects(
    kinesis.send(nothing),
    (error) => error instanceof Kinesis.ResourceNotFoundException
  );
  kinesis.destroy();
}

(async () => {
  await objects();
  await pages();
  await errors();
  await streams();
  console.log('done');
})();
