"""The response modules for inline code, each beside a handler that runs under its bootstrap."""

import http.server
import json
import pathlib
import threading
import unittest

from fake_runtime_api import NODE, request_id, run

INLINE = pathlib.Path(__file__).resolve().parents[2] / "fakes" / "lambda" / "inline"
LOG_STREAM = "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef"
EVENT = {
    "ResponseURL": "https://bucket.s3.amazonaws.com/arn%3Aaws%3Astack%7CConfig"
    "?Expires=1&Signature=a%2Bb",
    "StackId": "stack",
    "RequestId": "request",
    "LogicalResourceId": "Config",
}
# In the order in which AWS's modules write them.
RESPONSE = {
    "Status": "SUCCESS",
    "Reason": "See the details in CloudWatch Log Stream: " + LOG_STREAM,
    "PhysicalResourceId": LOG_STREAM,
    "StackId": "stack",
    "RequestId": "request",
    "LogicalResourceId": "Config",
    "NoEcho": False,
    "Data": {"a": "\u00e4"},
}

# Keeps what would be sent, and answers 200 or fails: nothing here may listen on port 443.
FAKE_HTTPS = """
const {EventEmitter} = require('events');
const sent = [];
require('https').request = (options, answered) => {
    const request = new EventEmitter();
    request.end = (body) => setImmediate(() => {
        sent.push(options, body);
        if (process.env.FAIL) request.emit('error', new Error('refused ' + options.path));
        else answered({statusCode: 200, resume() {}});
    });
    return request;
};
"""


class NodeModule(unittest.TestCase):
    maxDiff = None

    def send(self, arguments, environment=None):
        source = FAKE_HTTPS + (
            "const response = require('cfn-response');"
            "exports.handler = (event, context) => {"
            "  const done = context.done; context.done = () => done(null, sent);"
            "  response.send(event, context, %s); };" % arguments
        )
        module = (INLINE / "cfn_response.js").read_text(encoding="utf-8")
        return run(
            "node",
            {"index.js": source, "cfn-response.js": module},
            events=[EVENT],
            # As AWS has it: the package itself is on the path of modules (facts/lambda.md 4.5).
            environment={"NODE_PATH": "{TASK_ROOT}", **(environment or {})},
        )

    @unittest.skipUnless(NODE, "no node on this machine")
    def test_sends_the_response_and_ends_the_invocation(self):
        outcome = self.send("response.SUCCESS, {a: '\u00e4'}")
        options, body = outcome.body()
        self.assertEqual(
            options,
            {
                "hostname": "bucket.s3.amazonaws.com",
                "port": 443,
                "path": "/arn%3Aaws%3Astack%7CConfig?Expires=1&Signature=a%2Bb",
                "method": "PUT",
                "headers": {"content-type": "", "content-length": len(body.encode())},
            },
        )
        self.assertEqual(list(json.loads(body).items()), list(RESPONSE.items()))
        prefix = "<time>\t%s\tINFO\t" % request_id(1)
        self.assertEqual(
            outcome.lines, [prefix + "Response body:\r " + body, prefix + "Status code: 200"]
        )

    @unittest.skipUnless(NODE, "no node on this machine")
    def test_takes_a_physical_id_and_no_echo(self):
        body = json.loads(self.send("response.FAILED, undefined, 'my-id', true").body()[1])
        expected = {**RESPONSE, "Status": "FAILED", "PhysicalResourceId": "my-id", "NoEcho": True}
        del expected["Data"]
        self.assertEqual(body, expected)

    @unittest.skipUnless(NODE, "no node on this machine")
    def test_a_failed_put_is_logged_without_the_signature_and_ends_the_invocation(self):
        outcome = self.send("response.SUCCESS", {"FAIL": "1"})
        self.assertEqual(len(outcome.posts), 1)
        self.assertTrue(
            outcome.lines[1].endswith(
                "INFO\tsend(..) failed executing https.request(..): Error: refused "
                "/arn%3Aaws%3Astack%7CConfig?Expires=1&Signature=*****"
            ),
            outcome.lines,
        )


class _Bucket(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.puts.append((self.path, self.headers["content-type"], body.decode()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class PythonModule(unittest.TestCase):
    maxDiff = None

    def send(self, arguments, url=None):
        bucket = http.server.HTTPServer(("127.0.0.1", 0), _Bucket)
        bucket.puts = []
        threading.Thread(target=bucket.serve_forever, args=(0.01,), daemon=True).start()
        source = (
            "import cfnresponse\n"
            "def handler(event, context):\n"
            "    cfnresponse.send(event, context, %s)\n" % arguments
        )
        module = (INLINE / "cfnresponse.py").read_text(encoding="utf-8")
        address = url or "http://127.0.0.1:%d/a%%7Cb?Signature=a%%2Bb" % bucket.server_port
        try:
            outcome = run(
                "python",
                {"index.py": source, "cfnresponse.py": module},
                events=[{**EVENT, "ResponseURL": address}],
            )
        finally:
            bucket.shutdown()
            bucket.server_close()
        return outcome, bucket.puts

    def test_sends_the_response(self):
        outcome, puts = self.send("cfnresponse.SUCCESS, {'a': '\u00e4'}")
        self.assertEqual(len(puts), 1, outcome)
        path, content_type, body = puts[0]
        self.assertEqual((path, content_type), ("/a%7Cb?Signature=a%2Bb", ""))
        self.assertEqual(list(json.loads(body).items()), list(RESPONSE.items()))
        self.assertEqual(outcome.lines, ["Response body:", body, "Status code: 200"])
        self.assertEqual(outcome.posts[0].text, "null")

    def test_takes_a_physical_id_no_echo_and_a_reason(self):
        _, puts = self.send("cfnresponse.FAILED, {}, 'my-id', True, 'because'")
        expected = {
            **RESPONSE,
            "Status": "FAILED",
            "Reason": "because",
            "PhysicalResourceId": "my-id",
            "NoEcho": True,
            "Data": {},
        }
        self.assertEqual(json.loads(puts[0][2]), expected)

    def test_a_failed_put_is_printed_and_swallowed(self):
        url = "http://127.0.0.1:1/?Signature=secret"
        outcome, _ = self.send("cfnresponse.SUCCESS, {}", url)
        start = "send(..) failed executing http.request(..): "
        self.assertTrue(outcome.lines[2].startswith(start), outcome.lines)
        self.assertNotIn("secret", outcome.stdout)
        self.assertEqual(outcome.posts[0].text, "null")


if __name__ == "__main__":
    unittest.main()
