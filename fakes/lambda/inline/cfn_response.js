// `cfn-response`: the module CloudFormation puts beside inline Node.js code that requires it
// (facts/cloudformation.md 1.5). Our own wording; same API, body fields and behaviour: https to
// port 443 of the ResponseURL's host, and the invocation ends when the PUT is over, however it
// went. The one difference: content-length counts bytes, where AWS's counts UTF-16 units and so
// truncates a body that is not ASCII.
'use strict';

const https = require('https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

// Puts the response; `physicalResourceId` defaults to the log stream's name, `noEcho` to false.
// Also answers a promise, for handlers of runtimes whose context has no done().
exports.send = function (
    event,
    context,
    responseStatus,
    responseData,
    physicalResourceId,
    noEcho
) {
    const body = JSON.stringify({
        Status: responseStatus,
        Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
        PhysicalResourceId: physicalResourceId || context.logStreamName,
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId,
        NoEcho: noEcho || false,
        Data: responseData,
    });
    console.log('Response body:\n', body);

    const target = new URL(event.ResponseURL);
    const options = {
        hostname: target.hostname,
        port: 443,
        path: target.pathname + target.search,
        method: 'PUT',
        headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
    };
    return new Promise((resolve) => {
        const end = (...line) => {
            console.log(...line);
            if (typeof context.done === 'function') {
                context.done();
            }
            resolve();
        };
        const request = https.request(options, (response) => {
            response.resume();
            end('Status code:', response.statusCode);
        });
        request.on('error', (error) => {
            end('send(..) failed executing https.request(..):', withoutSignature(String(error)));
        });
        request.end(body);
    });
};

// A presigned URL in a log would let its reader answer in the function's place.
function withoutSignature(text) {
    return text.replace(/(X-Amz-Credential|X-Amz-Signature|Signature)=[^&\s]+/gi, '$1=*****');
}
