"""The Python bootstrap: what each way of ending an invocation posts, logs and leaves."""

import json
import unittest

from fake_runtime_api import ARN, request_id, run

R1 = request_id(1)
NBSP = "\u00a0"

# name, body of `def handler(event, context)`, result as JSON text
RESULTS = [
    ("dict", "return {'a': event['a'], 'b': [None, True]}", '{"a": 1, "b": [null, true]}'),
    ("nothing", "pass", "null"),
    ("text beyond ASCII", "return event['text']", '"\\u00e4\\u20ac"'),
    ("tuple", "return (1, 2)", "[1, 2]"),
    (
        "Decimal keeps its digits",
        "from decimal import Decimal as D; "
        "return {'d': D('1.10'), 'big': D('123456789012345678.5')}",
        '{"d": 1.10, "big": 123456789012345678.5}',
    ),
    ("bytes inside", "return {'b': b'x'}", '{"b": "x"}'),
]

# name, body, errorType, errorMessage, stackTrace ({file} is the handler's file)
ERRORS = [
    (
        "exception",
        "raise ValueError('bad')",
        "ValueError",
        "bad",
        ['  File "{file}", line 2, in handler\n    raise ValueError(\'bad\')\n'],
    ),
    (
        "exception from deeper",
        "return int('x')",
        "ValueError",
        "invalid literal for int() with base 10: 'x'",
        ['  File "{file}", line 2, in handler\n    return int(\'x\')\n'],
    ),
    (
        "exception without a message",
        "raise KeyError()",
        "KeyError",
        "",
        ['  File "{file}", line 2, in handler\n    raise KeyError()\n'],
    ),
    (
        "result that is not JSON",
        "return {1, 2}",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
        [],
    ),
    (
        "circular result",
        "a = []; a.append(a); return a",
        "Runtime.MarshalError",
        "Unable to marshal response: Circular reference detected",
        [],
    ),
]

# name, files, handler, errorType, errorMessage, stackTrace or None
LOAD_ERRORS = [
    (
        "no such module",
        {},
        "index.handler",
        "Runtime.ImportModuleError",
        "Unable to import module 'index': No module named 'index'",
        [],
    ),
    (
        "an imported module is missing",
        {"index.py": "import absent"},
        "index.handler",
        "Runtime.ImportModuleError",
        "Unable to import module 'index': No module named 'absent'",
        [],
    ),
    (
        "syntax error",
        {"index.py": "x = 1\ndef handler(:\n"},
        "index.handler",
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'index': invalid syntax (index.py, line 2)",
        ['  File "{file}" Line 2\n    def handler(:\n'],
    ),
    (
        "no such function",
        {"index.py": ""},
        "index.handler",
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'index'",
        [],
    ),
    (
        "no dot",
        {"index.py": ""},
        "index",
        "Runtime.MalformedHandlerName",
        "Bad handler 'index': not enough values to unpack (expected 2, got 1)",
        [],
    ),
    (
        "module of the interpreter",
        {"index.py": ""},
        "sys.handler",
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module sys as a handler module",
        [],
    ),
    (
        "raises while loading",
        {"index.py": "raise OSError('boot')"},
        "index.handler",
        "OSError",
        "boot",
        None,
    ),
]


def py(body):
    lines = "".join("    %s\n" % line for line in body.split("\n"))
    return {"index.py": "def handler(event, context):\n%s" % lines}


class PythonBootstrap(unittest.TestCase):
    maxDiff = None

    def assert_error(self, outcome, resource, request, error_type, message, trace):
        self.assertEqual(len(outcome.posts), 1, outcome)
        post = outcome.posts[0]
        self.assertEqual(post.resource, resource)
        self.assertEqual(post.headers["Lambda-Runtime-Function-Error-Type"], error_type)
        self.assertEqual(post.headers["Content-Type"], "application/json")
        body = outcome.body()
        self.assertEqual(list(body), ["errorMessage", "errorType", "requestId", "stackTrace"])
        self.assertEqual(
            (body["errorMessage"], body["errorType"], body["requestId"]),
            (message, error_type, request),
        )
        if trace is not None:
            expected = [frame.format(file=outcome.folder + "/index.py") for frame in trace]
            self.assertEqual(body["stackTrace"], expected)

    def test_results(self):
        for name, body, expected in RESULTS:
            with self.subTest(name):
                outcome = run("python", py(body), events=[{"a": 1, "text": "\u00e4\u20ac"}])
                self.assertEqual([post.text for post in outcome.posts], [expected], outcome)
                post = outcome.posts[0]
                self.assertEqual(post.resource, "invocation/%s/response" % R1)
                self.assertEqual(post.headers["Content-Type"], "application/json")
                self.assertEqual((outcome.stdout, outcome.stderr), ("", ""))
                self.assertIsNone(outcome.exit_code)

    def test_bytes_are_the_result_as_they_are(self):
        outcome = run("python", py("return b'<raw>'"))
        self.assertEqual(outcome.posts[0].text, "<raw>")
        self.assertEqual(outcome.posts[0].headers["Content-Type"], "application/unknown")

    def test_newer_runtimes_write_utf8(self):
        declared = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}
        outcome = run("python", py("return '\u00e4'"), environment=declared)
        self.assertEqual(outcome.posts[0].text, '"\u00e4"')

    def test_errors(self):
        for name, body, error_type, message, trace in ERRORS:
            with self.subTest(name):
                outcome = run("python", py(body))
                resource = "invocation/%s/error" % R1
                self.assert_error(outcome, resource, R1, error_type, message, trace)
                self.assertEqual(outcome.stdout.count("\n"), 1, "the trace is one log event")
                start = "[ERROR] %s" % error_type + (": " + message if message else "")
                start += "\rTraceback (most recent call last):"
                self.assertTrue(outcome.lines[0].startswith(start), outcome)
                self.assertIsNone(outcome.exit_code, "the process goes on to the next event")

    def test_load_errors(self):
        for name, files, handler, error_type, message, trace in LOAD_ERRORS:
            with self.subTest(name):
                outcome = run("python", files, handler)
                self.assert_error(outcome, "init/error", "", error_type, message, trace)
                warning = "[WARNING]\t<time>\t\tLAMBDA_WARNING: Unhandled exception. "
                self.assertTrue(outcome.lines[0].startswith(warning), outcome.lines)
                start = "[ERROR] %s: %s\rTraceback" % (error_type, message)
                self.assertTrue(outcome.lines[1].startswith(start), outcome.lines)
                self.assertEqual(outcome.exit_code, 1)

    def test_trace_in_the_log_has_no_break_spaces(self):
        outcome = run("python", py("raise ValueError('bad')"))
        self.assertEqual(
            outcome.lines[0].split("\r"),
            [
                "[ERROR] ValueError: bad",
                "Traceback (most recent call last):",
                '%sFile "%s/index.py", line 2, in handler' % (NBSP * 2, outcome.folder),
                NBSP * 4 + "raise ValueError('bad')",
            ],
        )

    def test_handlers_in_folders_and_packages(self):
        files = {"a/b.py": "def handler(event, context): return __name__", "a/__init__.py": ""}
        for handler in ("a/b.handler", "a.b.handler"):
            with self.subTest(handler):
                self.assertEqual(run("python", files, handler).posts[0].text, '"a.b"')

    def test_output_and_logging_lines(self):
        body = (
            "import logging, sys\nlogger = logging.getLogger()\nlogger.setLevel('INFO')\n"
            "print('multi\\nline')\nprint('another\\rline')\nlogger.info('two\\nlines %d', 7)\n"
            "logging.getLogger('named').error('e')\nlogger.debug('hidden')\n"
            "sys.stdout.write('no newline')"
        )
        outcome = run("python", py(body))
        self.assertEqual(
            outcome.stdout.split("\n")[0:3], ["multi", "line", "another\rline"], outcome
        )
        self.assertEqual(outcome.lines[3], "[INFO]\t<time>\t%s\ttwo\rlines 7" % R1)
        self.assertEqual(outcome.lines[4], "[ERROR]\t<time>\t%s\te" % R1)
        self.assertTrue(outcome.stdout.endswith("\nno newline"))

    def test_log_frames_on_a_descriptor_of_their_own(self):
        body = "import logging\nlogging.warning('two\\nlines')"
        outcome = run("python", py(body), environment={"_LAMBDA_TELEMETRY_LOG_FD": "2"})
        self.assertEqual(outcome.stdout, "")
        message = outcome.stderr_bytes[16:].decode()
        self.assertEqual(outcome.stderr_bytes[:4].hex(), "a55a0003")
        self.assertEqual(int.from_bytes(outcome.stderr_bytes[4:8], "big"), len(message))
        self.assertTrue(message.endswith("Z\t%s\ttwo\nlines\n" % R1), message)

    def test_sys_exit_is_the_functions_own(self):
        outcome = run("python", py("import sys\nprint('going')\nsys.exit(3)"))
        self.assertEqual((outcome.posts, outcome.stdout, outcome.exit_code), ([], "going\n", 3))

    def test_event_that_is_not_json_fails_the_invocation(self):
        outcome = run("python", py("pass"), events=[b"{"])
        self.assertEqual(outcome.body()["errorType"], "Runtime.UnmarshalError")
        message = outcome.body()["errorMessage"]
        start = "Unable to unmarshal input: Expecting property name"
        self.assertTrue(message.startswith(start), message)
        self.assertIsNone(outcome.exit_code)

    def test_a_warm_process_keeps_globals_and_gets_each_request_id(self):
        source = "seen = []\n" + py("seen.append(context.aws_request_id)\nreturn seen")["index.py"]
        outcome = run("python", {"index.py": source}, events=[1, 2])
        self.assertEqual(json.loads(outcome.posts[1].text), [R1, request_id(2)])

    def test_context(self):
        body = (
            "import os\n"
            "left = context.get_remaining_time_in_millis()\n"
            "shown = {k: v for k, v in vars(context).items() if isinstance(v, (str, type(None)))}\n"
            "shown.update(left=type(left) is int and 0 < left < 4102444800000,\n"
            "    custom=context.client_context.custom,\n"
            "    title=context.client_context.client.app_title,\n"
            "    identity=context.identity.cognito_identity_id,\n"
            "    pool=context.identity.cognito_identity_pool_id,\n"
            "    trace=os.environ['_X_AMZN_TRACE_ID'], text=str(context)[:30])\n"
            "context.log('logged\\n')\n"
            "return shown"
        )
        outcome = run(
            "python",
            py(body),
            headers={
                "Lambda-Runtime-Trace-Id": "Root=1-a;Parent=b;Sampled=0",
                "Lambda-Runtime-Client-Context": '{"custom":{"k":"v"},"client":{"app_title":"t"}}',
                "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i"}',
            },
        )
        self.assertEqual(
            outcome.body(),
            {
                "aws_request_id": R1,
                "log_group_name": "/aws/lambda/probe",
                "log_stream_name": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
                "function_name": "probe",
                "memory_limit_in_mb": "128",
                "function_version": "$LATEST",
                "invoked_function_arn": ARN,
                "tenant_id": None,
                "left": True,
                "custom": {"k": "v"},
                "title": "t",
                "identity": "i",
                "pool": None,
                "trace": "Root=1-a;Parent=b;Sampled=0",
                "text": "LambdaContext([aws_request_id=",
            },
        )
        self.assertEqual(outcome.stdout, "logged\n")

    def test_absent_client_context_is_none(self):
        body = "return [context.client_context, context.identity.cognito_identity_id]"
        self.assertEqual(run("python", py(body)).posts[0].text, "[null, null]")

    def test_dropped_connections_are_dialled_again(self):
        outcome = run("python", py("return event"), events=[1, 2, 3], drop_connections=True)
        self.assertEqual([post.text for post in outcome.posts], ["1", "2", "3"], outcome)

    def test_without_a_runtime_api_the_process_ends(self):
        outcome = run("python", py("pass"), environment={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"})
        self.assertEqual((outcome.posts, outcome.exit_code), ([], 1))
        self.assertIn("sbemu: the Lambda Runtime API is gone: ", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
