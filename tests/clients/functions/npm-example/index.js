// What a user of Streambot writes: a service that stores the records of a Kinesis stream in S3,
// configured by the environment that streambot() loads before each invocation.
var AWS = require('aws-sdk');
var streambot = require('streambot');

module.exports.streambot = streambot(function(event, callback) {
  var s3 = new AWS.S3({ region: process.env.EventBucketRegion });
  var left = event.Records.length;
  event.Records.forEach(function(record) {
    s3.putObject({
      Bucket: process.env.EventBucket,
      Key: process.env.EventPrefix + '/' + record.kinesis.sequenceNumber,
      Body: Buffer.from(record.kinesis.data, 'base64')
    }, function(err) {
      if (err) return callback(err);
      left -= 1;
      if (left === 0) callback(null, 'stored');
    });
  });
});
