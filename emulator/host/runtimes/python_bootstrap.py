"""The Python runtime of sbemu: runs one Lambda function on the machine's `python3` against a Lambda
Runtime API (2018-06-01), with the answers, error bodies and log lines of AWS's python3 runtimes.

    python3 python_bootstrap.py     AWS_LAMBDA_RUNTIME_API=host:port _HANDLER=index.handler
                                    LAMBDA_TASK_ROOT=<the package, else the working directory>

One file, standard library only, Python 3.8 or later. Behaviour: facts/lambda.md 4, and the
observable behaviour of AWS's runtime interface client where that is silent.

Log lines. One record of `logging`, and one failure with its trace, is one log event. If
_LAMBDA_TELEMETRY_LOG_FD names a descriptor the event goes there in AWS's frame: 0xa55a0003, length
(both uint32), microseconds (uint64), message; all big-endian. Otherwise it is one line on stdout
with every newline inside the message written as "\\r", as AWS's text pipe has it; the reader turns
"\\r" back into "\\n". What the function prints goes to stdout as it is, flushed line by line.

Ends: exit 1 after an init error (posted first) and when the Runtime API is gone; sys.exit in the
function ends the process with its code, which the emulator reports as Runtime.ExitError.
"""

import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API_VERSION = "/2018-06-01"
NO_BREAK_SPACE = "\u00a0"

# AWS logs this before the error of a function that does not load.
UNHANDLED_EXCEPTION_WARNING = (
    "LAMBDA_WARNING: Unhandled exception. "
    "The most likely cause is an issue in the function code. "
    "However, in rare cases, a Lambda runtime update can cause unexpected function behavior. "
    "For functions using managed runtimes, runtime updates can be triggered by a function change, "
    "or can be applied automatically. "
    "To determine if the runtime has been updated, check the runtime version in the INIT_START "
    "log entry. "
    "If this error correlates with a change in the runtime version, you may be able to mitigate "
    "this error by temporarily rolling back to the previous runtime version. "
    "For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html"
)


class Fault(Exception):
    """An error of the runtime itself; `error_type` is AWS's, e.g. Runtime.HandlerNotFound."""

    def __init__(self, error_type, message, stack_trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.stack_trace = list(stack_trace)


# ------------------------------------------------------------------------------------------- JSON


class Encoder(json.JSONEncoder):
    """JSON as AWS's runtime writes it: Decimal as a number with its own digits, bytes as UTF-8
    text, no NaN; plain UTF-8 instead of \\u escapes from python3.12 on."""

    def __init__(self):
        super().__init__(ensure_ascii=not declared_since(3, 12), allow_nan=False)
        self._decimals = {}

    def default(self, value):
        if isinstance(value, bytes):
            return value.decode("utf-8")
        decimal = sys.modules.get("decimal")
        if decimal and isinstance(value, decimal.Decimal):
            if not value.is_finite():
                raise ValueError("Out of range float values are not JSON compliant")
            # The standard encoder has no raw numbers: a placeholder string, replaced in encode().
            placeholder = "decimal-%d-%s" % (len(self._decimals), os.urandom(12).hex())
            self._decimals['"%s"' % placeholder] = str(value)
            return placeholder
        return super().default(value)

    def encode(self, value):
        text = super().encode(value)
        if self._decimals:
            import re

            pattern = re.compile('"decimal-[0-9]+-[0-9a-f]{24}"')
            text = pattern.sub(lambda found: self._decimals.get(found[0], found[0]), text)
        return text


def declared_since(major, minor):
    """Is the function's declared runtime (not this interpreter) python<major>.<minor> or later?"""
    name = os.environ.get("AWS_EXECUTION_ENV", "").replace("AWS_Lambda_python", "")
    try:
        return tuple(int(part) for part in name.split(".")) >= (major, minor)
    except ValueError:
        return False


def to_json(value):
    return Encoder().encode(value)


def parse_event(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)


def response_body(response):
    """(bytes, content type) of what the handler returned."""
    if isinstance(response, bytes):
        return response, "application/unknown"
    try:
        return to_json(response).encode("utf-8"), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


# ------------------------------------------------------------------------------------ Runtime API


class RuntimeApi:
    """The three calls of a runtime, over one kept connection."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)

    def next(self):
        """(headers, event bytes) of the next invocation; waits without limit."""
        response, body = self._call("GET", "/runtime/invocation/next", None, {})
        if response.status != 200:
            leave("next answered %d: %s" % (response.status, body.decode("utf-8", "replace")))
        return response.headers, body

    def post(self, resource, body, content_type="application/json", headers=()):
        # Whatever is answered: a result that is too large or too late is the service's to report.
        self._call("POST", resource, body, {"Content-Type": content_type, **dict(headers)})

    def post_error(self, resource, error):
        headers = {"Lambda-Runtime-Function-Error-Type": header_text(error["errorType"])}
        self.post(resource, to_json(error).encode("utf-8"), headers=headers)

    def _call(self, method, resource, body, headers):
        for attempt in (1, 2):
            try:
                self._connection.request(method, API_VERSION + resource, body, headers)
                response = self._connection.getresponse()
                return response, response.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                # The other side closed the kept connection: once more on a new one.
                self._connection.close()
                if attempt == 2:
                    leave(error)
            except OSError as error:
                leave(error)


def header_text(text):
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def leave(reason):
    """Without its Runtime API a process has nobody to tell but its own stderr."""
    sys.stdout.flush()
    sys.stderr.write("sbemu: the Lambda Runtime API is gone: %s\n" % reason)
    sys.stderr.flush()
    os._exit(1)


# ------------------------------------------------------------------------------------------- logs


class StdoutLog:
    """Log events as lines of stdout."""

    def write(self, message):
        sys.stdout.write(message.rstrip("\n").replace("\n", "\r") + "\n")


class FrameLog:
    """Log events as frames on a descriptor of their own."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    def write(self, message):
        data = message.encode("utf-8", "backslashreplace")
        microseconds = time.time_ns() // 1000
        head = 0xA55A0003.to_bytes(4, "big") + len(data).to_bytes(4, "big")
        os.write(self._descriptor, head + microseconds.to_bytes(8, "big") + data)


def open_log():
    descriptor = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
    return StdoutLog() if descriptor is None else FrameLog(int(descriptor))


class LambdaLoggerHandler(logging.Handler):
    """AWS's handler of the root logger: `[INFO]\\t<time>Z\\t<request id>\\t<text>`."""

    def __init__(self, log):
        super().__init__()
        self.log_sink = log
        self.request_id = ""
        self.addFilter(self._add_request_id)
        line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        self.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))

    def _add_request_id(self, record):
        record.aws_request_id = self.request_id
        return True

    def emit(self, record):
        self.log_sink.write(self.format(record))


def log_error(log, error):
    """`[ERROR] Type: message` and the trace as one event. The trace's leading spaces become
    no-break spaces (facts/lambda.md 4.3)."""
    head = "[ERROR]"
    if error["errorType"]:
        head += " " + error["errorType"]
    if error["errorMessage"]:
        head += (":" if error["errorType"] else "") + " " + error["errorMessage"]
    lines = [head, "Traceback (most recent call last):"]
    for frame in error["stackTrace"]:
        for line in frame.splitlines():
            text = line.lstrip(" ")
            lines.append(NO_BREAK_SPACE * (len(line) - len(text)) + text)
    log.write("\n".join(lines) + "\n")


# ----------------------------------------------------------------------------------------- errors


def error_body(error, request_id=""):
    """What the caller of the function gets for an exception."""
    if isinstance(error, Fault):
        message, error_type, trace = error.message, error.error_type, error.stack_trace
    else:
        message, error_type, trace = str(error), type(error).__name__, frames_of(error)
    return {
        "errorMessage": message,
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": trace,
    }


def frames_of(error):
    """The traceback without the runtime's own frames, in AWS's form, one text per frame."""
    this_file = frames_of.__code__.co_filename
    summary = traceback.extract_tb(error.__traceback__)
    frames = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in summary]
    while frames and frames[0][0] == this_file:
        frames.pop(0)
    return traceback.format_list(frames)


# ---------------------------------------------------------------------------------------- context


class _Members:
    def __init__(self, values=None):
        for name in self.__slots__:
            setattr(self, name, (values or {}).get(name))

    def __repr__(self):
        members = ",".join("%s=%s" % (name, getattr(self, name)) for name in self.__slots__)
        return "%s([%s])" % (type(self).__name__, members)


class Client(_Members):
    __slots__ = [
        "installation_id",
        "app_title",
        "app_version_name",
        "app_version_code",
        "app_package_name",
    ]


class ClientContext(_Members):
    __slots__ = ["custom", "env", "client"]

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)


class CognitoIdentity(_Members):
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]


class LambdaContext:
    """The handler's second argument."""

    def __init__(self, headers, log):
        environment = os.environ.get
        self.aws_request_id = headers.get("Lambda-Runtime-Aws-Request-Id")
        self.log_group_name = environment("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environment("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environment("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environment("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        client = header_json(headers, "Lambda-Runtime-Client-Context", "Client Context")
        self.client_context = None if client is None else ClientContext(client)
        identity = header_json(headers, "Lambda-Runtime-Cognito-Identity", "Cognito Identity") or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            }
        )
        self._epoch_deadline_time_in_ms = int(headers.get("Lambda-Runtime-Deadline-Ms") or 0)
        self._log = log

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        self._log.write(str(message))

    def __repr__(self):
        shown = [name for name in vars(self) if not name.startswith("_")]
        members = ",".join("%s=%s" % (name, getattr(self, name)) for name in shown)
        return "LambdaContext([%s])" % members


def header_json(headers, header, name):
    text = headers.get(header)
    if not text:
        return None
    try:
        # http.client reads header bytes as Latin-1; the Runtime API sends UTF-8.
        return json.loads(text.encode("latin-1").decode("utf-8"))
    except Exception as error:
        raise Fault(
            "Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (name, error)
        )


# ------------------------------------------------------------------------------ load and run


def load_handler(handler):
    """The handler function; raises Fault for what AWS has an error type for."""
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (handler, error))
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict",
            "Cannot use built-in module %s as a handler module" % module_name,
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault(
            "Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error)
        )
    except SyntaxError as error:
        raise Fault(
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module '%s': %s" % (module_name, error),
            ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)],
        )
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault(
            "Runtime.HandlerNotFound",
            "Handler '%s' missing on module '%s'" % (function_name, module_name),
        )


def flush_output():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # the function closed or replaced it


def invoke(api, log, handler, headers, body):
    request_id = headers.get("Lambda-Runtime-Aws-Request-Id")
    resource = "/runtime/invocation/%s" % request_id
    try:
        context = LambdaContext(headers, log)
        result, content_type = response_body(handler(parse_event(body), context))
    except Exception as exception:
        error = error_body(exception, request_id)
        log_error(log, error)
        flush_output()
        api.post_error(resource + "/error", error)
    else:
        flush_output()
        api.post(resource + "/response", result, content_type)


def prepare_process():
    """Output by the line, and the package's folder in place of this file's on the import path."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", line_buffering=True)
    root = os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()
    sys.path[0:1] = [root]


def main():
    prepare_process()
    log = open_log()
    logging.Formatter.converter = time.gmtime
    root_handler = LambdaLoggerHandler(log)
    logging.getLogger().addHandler(root_handler)
    api = RuntimeApi(os.environ.get("AWS_LAMBDA_RUNTIME_API", ""))
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except Exception as exception:
        error = error_body(exception)
        logging.warning(UNHANDLED_EXCEPTION_WARNING)
        log_error(log, error)
        flush_output()
        api.post_error("/runtime/init/error", error)
        sys.exit(1)
    while True:
        headers, body = api.next()
        root_handler.request_id = headers.get("Lambda-Runtime-Aws-Request-Id") or ""
        trace = headers.get("Lambda-Runtime-Trace-Id")
        if trace is None:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        else:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        invoke(api, log, handler, headers, body)


if __name__ == "__main__":
    main()
