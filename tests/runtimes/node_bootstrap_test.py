"""The Node bootstrap: what each way of ending an invocation posts, logs and leaves."""

import json
import unittest

from fake_runtime_api import ARN, NODE, request_id, run

R1 = request_id(1)
OPEN_INTERVAL = "setInterval(() => {}, 1000);"

# name, body of `exports.handler = function (event, context, callback) {...}`, result as JSON text
RESULTS = [
    ("callback", "callback(null, {a: event.a})", '{"a":1}'),
    ("callback, later", "setTimeout(() => callback(null, 'late'), 20)", '"late"'),
    ("promise", "return Promise.resolve([1, 2])", "[1,2]"),
    ("thenable", "return {then: (resolve) => resolve('thenable')}", '"thenable"'),
    ("promise of undefined", "return Promise.resolve()", "null"),
    ("promise of a function", "return Promise.resolve(() => 1)", "null"),
    ("plain return value is ignored", "return 5", "null"),
    ("nothing called", "", "null"),
    ("never settled promise of a plain function", "return new Promise(() => {})", "null"),
    ("done", "context.done(null, 'done')", '"done"'),
    ("succeed", "context.succeed({ok: true})", '{"ok":true}'),
    ("succeed without a value", "context.succeed()", "null"),
    ("done ends with an open interval", OPEN_INTERVAL + "context.done(null, 1)", "1"),
    ("promise ends with an open interval", OPEN_INTERVAL + "return Promise.resolve(2)", "2"),
    ("first answer wins", "callback(null, 'one'); context.done(null, 'two')", '"one"'),
    ("done wins over a later promise", "context.done(null, 'd'); return Promise.resolve(2)", '"d"'),
    (
        "callback waits for the empty loop",
        "const seen = []; setTimeout(() => seen.push('timer'), 60); callback(null, seen)",
        '["timer"]',
    ),
    (
        "callback does not wait when told so",
        OPEN_INTERVAL + "context.callbackWaitsForEmptyEventLoop = false; callback(null, 'now')",
        '"now"',
    ),
    ("text beyond ASCII", "callback(null, event.text)", '"\u00e4\u20ac\U0001f600"'),
]

# name, body, errorType, errorMessage, does the trace name the thrown error
ERRORS = [
    ("throw", "throw new TypeError('bad')", "TypeError", "bad", True),
    ("reject", "return Promise.reject(new RangeError('far'))", "RangeError", "far", True),
    ("callback with an error", "callback(new Error('no'))", "Error", "no", True),
    ("failing callback does not wait", OPEN_INTERVAL + "callback(Error('n'))", "Error", "n", True),
    ("callback with text", "callback('text')", "string", "text", False),
    ("done with an error", "context.done(new Error('no'))", "Error", "no", True),
    ("done with text", "context.done('text')", "string", "text", False),
    ("fail with an error", "context.fail(new Error('no'))", "Error", "no", True),
    ("fail without an error", "context.fail()", "string", "handled", False),
    ("fail with null", "context.fail(null)", "string", "handled", False),
    ("reject with a number", "return Promise.reject(7)", "number", "7", False),
    ("reject with an object", "return Promise.reject({a: 1})", "object", "[object Object]", False),
    (
        "circular result",
        "const a = {}; a.a = a; return Promise.resolve(a)",
        "Error",
        "Unable to stringify response body",
        True,
    ),
    (
        "result with a BigInt",
        "context.done(null, BigInt(1))",
        "Error",
        "Unable to stringify response body",
        True,
    ),
]

# name, files, handler, errorType, errorMessage or its beginning
LOAD_ERRORS = [
    (
        "no such module",
        {},
        "index.handler",
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs",
    ),
    (
        "a required module is missing",
        {"index.js": "require('absent')"},
        "index.handler",
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'absent'\nRequire stack:\n- ",
    ),
    (
        "syntax error",
        {"index.js": "exports.handler = () => {"},
        "index.handler",
        "Runtime.UserCodeSyntaxError",
        "SyntaxError: Unexpected end of input",
    ),
    (
        "syntax error in an ES module",
        {"index.mjs": "export const handler = () => {"},
        "index.handler",
        "Runtime.UserCodeSyntaxError",
        "SyntaxError: Unexpected end of input",
    ),
    (
        "not exported",
        {"index.js": ""},
        "index.handler",
        "Runtime.HandlerNotFound",
        "index.handler is undefined or not exported",
    ),
    (
        "not a function",
        {"index.js": "exports.handler = 'text'"},
        "index.handler",
        "Runtime.HandlerNotFound",
        "index.handler is not a function",
    ),
    ("no dot", {"index.js": ""}, "index", "Runtime.MalformedHandlerName", "Bad handler"),
    (
        "climbs out",
        {"index.js": ""},
        "../index.handler",
        "Runtime.MalformedHandlerName",
        "'../index.handler' is not a valid handler name. Use absolute paths when specifying root "
        "directories in handler names.",
    ),
    (
        "throws while loading",
        {"index.js": "throw new Error('boot')"},
        "index.handler",
        "Error",
        "boot",
    ),
    (
        "response streaming",
        {"index.js": "exports.handler = awslambda.streamifyResponse(async () => {})"},
        "index.handler",
        "Runtime.NotImplemented",
        "sbemu does not implement response streaming (awslambda.streamifyResponse)",
    ),
]

# name, files, handler
LAYOUTS = [
    ("CommonJS", {"index.js": "exports.handler = async () => 'ok'"}, "index.handler"),
    ("nested property", {"index.js": "exports.a = {b: async () => 'ok'}"}, "index.a.b"),
    ("in a folder", {"a/b/index.js": "exports.handler = async () => 'ok'"}, "a/b/index.handler"),
    ("with ./", {"src/app.js": "exports.handler = async () => 'ok'"}, "./src/app.handler"),
    (".mjs", {"index.mjs": "export const handler = async () => 'ok'"}, "index.handler"),
    (".mjs in a folder with %", {"50%/i.mjs": "export const h = async () => 'ok'"}, "50%/i.h"),
    (".cjs", {"index.cjs": "exports.handler = async () => 'ok'"}, "index.handler"),
    (
        "type module",
        {"package.json": '{"type":"module"}', "index.js": "export let handler = async () => 'ok'"},
        "index.handler",
    ),
    (
        ".cjs under type module",
        {"package.json": '{"type":"module"}', "index.cjs": "exports.handler = async () => 'ok'"},
        "index.handler",
    ),
    (
        "top-level await",
        {"index.mjs": "const ok = await 'ok'; export const handler = async () => ok"},
        "index.handler",
    ),
    (
        "from node_modules",
        {"node_modules/app/index.js": "exports.handler = async () => 'ok'"},
        "app.handler",
    ),
]


def js(body):
    return {"index.js": "exports.handler = function (event, context, callback) {%s};" % body}


@unittest.skipUnless(NODE, "no node on this machine")
class NodeBootstrap(unittest.TestCase):
    maxDiff = None

    def assert_error(self, post, resource, error_type, message):
        self.assertEqual(post.resource, resource)
        body = json.loads(post.text)
        self.assertEqual(list(body), ["errorType", "errorMessage", "trace"])
        self.assertEqual((body["errorType"], body["errorMessage"]), (error_type, message))
        self.assertEqual(post.headers["Lambda-Runtime-Function-Error-Type"], error_type)
        self.assertEqual(post.headers["Content-Type"], "application/json")
        return body

    def test_results(self):
        for name, body, expected in RESULTS:
            with self.subTest(name):
                event = {"a": 1, "text": "\u00e4\u20ac\U0001f600"}
                outcome = run("node", js(body), events=[event])
                self.assertEqual([post.text for post in outcome.posts], [expected], outcome)
                post = outcome.posts[0]
                self.assertEqual(post.resource, "invocation/%s/response" % R1)
                self.assertEqual(post.headers["Content-Type"], "application/json")
                self.assertEqual((outcome.stdout, outcome.stderr), ("", ""))
                self.assertIsNone(outcome.exit_code)

    def test_errors(self):
        for name, body, error_type, message, traced in ERRORS:
            with self.subTest(name):
                outcome = run("node", js(body))
                self.assertEqual(len(outcome.posts), 1, outcome)
                resource = "invocation/%s/error" % R1
                error = self.assert_error(outcome.posts[0], resource, error_type, message)
                if traced:
                    self.assertEqual(error["trace"][0], "%s: %s" % (error_type, message))
                    self.assertRegex(error["trace"][1], r"^    at ")
                else:
                    self.assertEqual(error["trace"], [])
                self.assertEqual(len(outcome.lines), 1)
                start = "<time>\t%s\tERROR\tInvoke Error \t{" % R1
                self.assertTrue(outcome.lines[0].startswith(start), outcome.lines)
                self.assertIsNone(outcome.exit_code, "the process goes on to the next event")

    def test_load_errors(self):
        for name, files, handler, error_type, message in LOAD_ERRORS:
            with self.subTest(name):
                outcome = run("node", files, handler)
                self.assertEqual(len(outcome.posts), 1, outcome)
                start = outcome.body()["errorMessage"][: len(message)]
                self.assertEqual(start, message)
                full = outcome.body()["errorMessage"]
                self.assert_error(outcome.posts[0], "init/error", error_type, full)
                title, _, logged = outcome.lines[0].partition("{")
                self.assertEqual(title, "<time>\tundefined\tERROR\tUncaught Exception \t")
                self.assertEqual(json.loads("{" + logged)["errorType"], error_type)
                self.assertEqual(outcome.exit_code, 129)

    def test_layouts(self):
        for name, files, handler in LAYOUTS:
            with self.subTest(name):
                outcome = run("node", files, handler)
                self.assertEqual([post.text for post in outcome.posts], ['"ok"'], outcome)

    def test_log_of_an_invoke_error_carries_the_errors_own_members(self):
        error = "Object.assign(new Error('no'), {code: 'E', extra: [1]})"
        outcome = run("node", js("callback(%s)" % error))
        logged = json.loads(outcome.lines[0].split("Invoke Error \t")[1])
        stack = logged.pop("stack")
        self.assertEqual(stack[0], "Error: no")
        expected = {"errorType": "Error", "errorMessage": "no", "code": "E", "extra": [1]}
        self.assertEqual(logged, expected)

    def test_uncaught_exception_is_posted_and_ends_the_process(self):
        outcome = run("node", js("setTimeout(() => { throw new Error('later') }, 5)"))
        self.assert_error(outcome.posts[0], "invocation/%s/error" % R1, "Error", "later")
        self.assertIn("\t%s\tERROR\tUncaught Exception \t{" % R1, outcome.lines[0])
        self.assertEqual((len(outcome.posts), outcome.exit_code), (1, 129))

    def test_uncaught_exception_while_idle_ends_the_process(self):
        body = "setTimeout(() => { throw new Error('idle') }, 40); context.done(null, 1)"
        outcome = run("node", js(body), until_exit=True)
        self.assertEqual(outcome.posts[0].text, "1")
        self.assert_error(outcome.posts[1], "invocation/%s/error" % R1, "Error", "idle")
        self.assertEqual((len(outcome.posts), outcome.exit_code), (2, 129))

    def test_unhandled_rejection_is_posted_and_ends_the_process(self):
        outcome = run("node", js("Promise.reject(new Error('lost'))"))
        self.assert_error(
            outcome.posts[0],
            "invocation/%s/error" % R1,
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
        )
        self.assertIn("\tERROR\tUnhandled Promise Rejection \t{", outcome.lines[0])
        self.assertEqual((len(outcome.posts), outcome.exit_code), (1, 128))

    def test_async_handler_that_never_settles_is_a_node_js_exit(self):
        source = "exports.handler = async () => { await new Promise(() => {}); }"
        outcome = run("node", {"index.js": source}, events=[{}, {}])
        for number in (1, 2):
            body = self.assert_error(
                outcome.posts[number - 1],
                "invocation/%s/error" % request_id(number),
                "Runtime.NodeJsExit",
                "The Lambda runtime client detected an unexpected Node.js exit code. This is most "
                "commonly caused by a Promise that was never settled. For more information, see "
                "https://nodejs.org/docs/latest/api/process.html#exit-codes",
            )
            self.assertTrue(body["trace"][0].startswith("Runtime.NodeJsExit: "))
        self.assertIsNone(outcome.exit_code)

    def test_module_that_never_finishes_loading_exits_with_13(self):
        source = "await new Promise(() => {}); export const handler = 1"
        outcome = run("node", {"index.mjs": source})
        self.assertEqual((outcome.posts, outcome.exit_code), ([], 13))

    def test_process_exit_is_the_functions_own(self):
        outcome = run("node", js("console.log('going'); process.exit(3)"))
        self.assertEqual((outcome.posts, outcome.exit_code), ([], 3))
        self.assertEqual(outcome.lines, ["<time>\t%s\tINFO\tgoing" % R1])

    def test_event_that_is_not_json_fails_the_invocation(self):
        outcome = run("node", js("callback(null, 1)"), events=[b"{"])
        self.assertEqual(outcome.body()["errorType"], "SyntaxError")
        self.assertIsNone(outcome.exit_code)

    def test_a_warm_process_keeps_globals_and_gets_each_request_id(self):
        body = "console.log(++n); callback(null, [event, n, context.awsRequestId])"
        outcome = run("node", {"index.js": "let n = 0;" + js(body)["index.js"]}, events=[1, 2])
        self.assertEqual(
            [post.text for post in outcome.posts],
            ['[1,1,"%s"]' % R1, '[2,2,"%s"]' % request_id(2)],
        )
        self.assertEqual(
            outcome.lines, ["<time>\t%s\tINFO\t1" % R1, "<time>\t%s\tINFO\t2" % request_id(2)]
        )

    def test_console_lines(self):
        body = """
            console.log('a %s', 'b', {c: 1}); console.info('i'); console.debug('d');
            console.warn('w'); console.error('two\\nlines'); console.trace('t');
            process.stdout.write('raw\\n'); console.log(); callback();"""
        source = js(body)["index.js"] + "console.log('init')"
        outcome = run("node", {"index.js": source})
        prefix = "<time>\t%s\t" % R1
        self.assertEqual(
            outcome.lines,
            [
                "<time>\tundefined\tINFO\tinit",
                prefix + "INFO\ta b { c: 1 }",
                prefix + "INFO\ti",
                prefix + "DEBUG\td",
                prefix + "WARN\tw",
                prefix + "ERROR\ttwo\rlines",
                prefix + "TRACE\tt",
                "raw",
                prefix + "INFO\t",
            ],
        )

    def test_log_frames_on_a_descriptor_of_their_own(self):
        outcome = run(
            "node",
            js("console.log('two\\nlines'); callback()"),
            environment={"_LAMBDA_TELEMETRY_LOG_FD": "2"},
        )
        self.assertEqual(outcome.stdout, "")
        self.assertRegex(outcome.stderr_bytes[:4].hex(), "^a55a0003$")
        message = outcome.stderr_bytes[16:].decode()
        self.assertEqual(int.from_bytes(outcome.stderr_bytes[4:8], "big"), len(message))
        self.assertTrue(message.endswith("\t%s\tINFO\ttwo\nlines\n" % R1), message)

    def test_context(self):
        body = """
            const left = context.getRemainingTimeInMillis();
            context.done(null, Object.assign({left: left > 0 && left < 4102444800000,
                trace: process.env._X_AMZN_TRACE_ID,
                fd: process.env._LAMBDA_TELEMETRY_LOG_FD}, context));"""
        outcome = run(
            "node",
            js(body),
            headers={
                "Lambda-Runtime-Trace-Id": "Root=1-a;Parent=b;Sampled=0",
                "Lambda-Runtime-Client-Context": '{"custom":{"k":"v"}}',
                "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i"}',
            },
        )
        self.assertEqual(
            outcome.body(),
            {
                "left": True,
                "trace": "Root=1-a;Parent=b;Sampled=0",
                "callbackWaitsForEmptyEventLoop": True,
                "functionVersion": "$LATEST",
                "functionName": "probe",
                "memoryLimitInMB": "128",
                "logGroupName": "/aws/lambda/probe",
                "logStreamName": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
                "clientContext": {"custom": {"k": "v"}},
                "identity": {"cognitoIdentityId": "i"},
                "invokedFunctionArn": ARN,
                "awsRequestId": R1,
            },
        )

    def test_an_open_keep_alive_socket_does_not_delay_the_answer(self):
        body = """
            const http = require('http');
            const server = http.createServer((q, s) => s.end('pong'));
            server.keepAliveTimeout = 60000;
            server.listen(0, '127.0.0.1', () => {
                const agent = new http.Agent({keepAlive: true});
                http.get({agent, port: server.address().port}, () => context.done(null, 'sent'));
            });"""
        outcome = run("node", js(body))
        self.assertEqual(outcome.posts[0].text, '"sent"')

    def test_dropped_connections_are_dialled_again(self):
        outcome = run("node", js("callback(null, event)"), events=[1, 2, 3], drop_connections=True)
        self.assertEqual([post.text for post in outcome.posts], ["1", "2", "3"], outcome)

    def test_without_a_runtime_api_the_process_ends(self):
        outcome = run("node", js(""), environment={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"})
        self.assertEqual((outcome.posts, outcome.exit_code), ([], 1))
        self.assertIn("sbemu: the Lambda Runtime API is gone: ", outcome.stderr)

    def test_nodejs24_has_no_callbacks(self):
        declared = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"}
        outcome = run("node", js(""), environment=declared)
        self.assertEqual(outcome.body()["errorType"], "Runtime.CallbackHandlerDeprecated")
        self.assertEqual(outcome.exit_code, 129)
        source = "exports.handler = (event, context) => typeof context.done + event"
        outcome = run("node", {"index.js": source}, events=[5], environment=declared)
        self.assertEqual(outcome.posts[0].text, '"undefined5"')

    def test_nodejs24_names_a_result_that_is_not_json(self):
        outcome = run(
            "node",
            {"index.js": "exports.handler = async () => BigInt(1)"},
            environment={"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"},
        )
        resource = "invocation/%s/error" % R1
        message = "Unable to stringify response body"
        self.assert_error(outcome.posts[0], resource, "Runtime.JSONStringifyError", message)
        self.assertIsNone(outcome.exit_code)


if __name__ == "__main__":
    unittest.main()
