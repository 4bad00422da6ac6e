// The Node.js runtime of sbemu: runs one Lambda function on the machine's `node` against a Lambda
// Runtime API (2018-06-01), with the answers, error bodies and log lines of AWS's nodejs runtimes.
//
//   node node_bootstrap.js      AWS_LAMBDA_RUNTIME_API=host:port _HANDLER=index.handler
//                               LAMBDA_TASK_ROOT=<the package, else the working directory>
//
// One file, CommonJS, no dependencies, Node 12 or later. Behaviour: facts/lambda.md 4,
// facts/redirect.md 6, and the observable behaviour of AWS's runtime interface client where these
// are silent.
//
// Log lines. One console call is one log event. If _LAMBDA_TELEMETRY_LOG_FD names a descriptor the
// event goes there in AWS's frame: 0xa55a0003, length (both uint32), microseconds (uint64), message
// ending in a newline; all big-endian. Otherwise it is one line on stdout with every newline inside
// the message written as "\r", as AWS's text pipe has it; the reader turns "\r" back into "\n".
//
// Ways to end: exit 129 after an uncaught exception, 128 after an unhandled rejection (both posted
// first), 1 when the Runtime API is gone, 13 when a module's top-level await never settles.
'use strict';

const http = require('http');
const fs = require('fs');
const Module = require('module');
const path = require('path');
const url = require('url');
const util = require('util');

// Taken once, so that libraries which patch `http` in the function do not see the runtime's calls.
const { Agent, request: httpRequest } = http;
const { setImmediate } = global;
const exit = process.exit.bind(process);

const API_VERSION = '/2018-06-01';
const nothing = () => {};

// ---------------------------------------------------------------------------------------- errors

// An error of the runtime itself; `type` is AWS's errorType, e.g. `Runtime.HandlerNotFound`.
function runtimeError(type, message, stack) {
    const error = new Error(message);
    Object.defineProperty(error, 'name', { value: type, enumerable: false });
    error.stack = stack || error.stack.replace(/^Error/, type);
    return error;
}

function looksLikeError(value) {
    return (
        Boolean(value) &&
        ['name', 'message', 'stack'].every((key) => typeof value[key] === 'string' && value[key])
    );
}

// What the caller of the function gets.
function errorBody(error) {
    try {
        if (util.types.isNativeError(error) || looksLikeError(error)) {
            return {
                errorType: error.name,
                errorMessage: error.message,
                trace: String(error.stack).split('\n'),
            };
        }
        return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    } catch (unreadable) {
        return {
            errorType: 'handled',
            errorMessage:
                'callback called with Error argument, but there was a problem while retrieving ' +
                'one or more of its message, name, and stack',
        };
    }
}

// An error's own members are not enumerable; the log shows them, then whatever else it carries.
function withErrorMembers(key, value) {
    if (!(value instanceof Error)) {
        return value;
    }
    const shown = { errorType: value.name, errorMessage: value.message, code: value.code };
    Object.assign(shown, value);
    if (typeof value.stack === 'string') {
        shown.stack = value.stack.split('\n');
    }
    return shown;
}

// `Invoke Error \t{...}`: AWS's line for a failed invocation (facts/lambda.md 4.3).
function logError(title, error) {
    let text;
    try {
        const shown = error instanceof Error ? error : new Error(error);
        text = JSON.stringify(shown, withErrorMembers);
    } catch (unwritable) {
        text = JSON.stringify(errorBody(error));
    }
    console.error(title, '\t' + text);
}

// ------------------------------------------------------------------------------------------ logs

// The id of the invocation under way, where AWS's runtime keeps it: logging libraries read it.
const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');

function writeToStdout(line) {
    process.stdout.write(line.replace(/\n/g, '\r') + '\n');
}

// The pipe is shared with process.stdout, which makes it non-blocking: what does not fit waits.
function writeWhole(descriptor, bytes) {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let written = 0; written < bytes.length;) {
        try {
            written += fs.writeSync(descriptor, bytes, written);
        } catch (error) {
            if (error.code !== 'EAGAIN') throw error;
            Atomics.wait(pause, 0, 0, 1);
        }
    }
}

function frameWriter(descriptor) {
    return (line) => {
        const message = Buffer.from(line + '\n');
        const head = Buffer.alloc(16);
        head.writeUInt32BE(0xa55a0003, 0);
        head.writeUInt32BE(message.length, 4);
        head.writeBigUInt64BE(BigInt(Date.now()) * BigInt(1000), 8);
        writeWhole(descriptor, Buffer.concat([head, message]));
    };
}

function patchConsole() {
    const descriptor = process.env._LAMBDA_TELEMETRY_LOG_FD;
    delete process.env._LAMBDA_TELEMETRY_LOG_FD;
    const write = descriptor === undefined ? writeToStdout : frameWriter(Number(descriptor));
    const logger = (level) => (...parts) => {
        const time = new Date().toISOString();
        write(`${time}\t${global[REQUEST_ID]}\t${level}\t${util.format(...parts)}`);
    };
    console.trace = logger('TRACE');
    console.debug = logger('DEBUG');
    console.info = logger('INFO');
    console.log = console.info;
    console.warn = logger('WARN');
    console.error = logger('ERROR');
    console.fatal = logger('FATAL');
}

// ----------------------------------------------------------------------------------- Runtime API

class RuntimeApi {
    constructor(address) {
        const colon = address.lastIndexOf(':');
        this.hostname = colon < 0 ? address : address.slice(0, colon);
        this.port = colon < 0 ? 80 : Number(address.slice(colon + 1));
        // Idle sockets of an agent do not keep the event loop alive, so this connection never
        // counts when a callback waits for the empty loop.
        this.agent = new Agent({ keepAlive: true });
    }

    // done(error) or done(null, status, headers, text). A kept connection that the other side
    // closed meanwhile is tried once more on a new one.
    send(method, resource, headers, body, done, again) {
        const options = {
            hostname: this.hostname,
            port: this.port,
            agent: this.agent,
            path: API_VERSION + resource,
            method,
            headers,
        };
        const request = httpRequest(options, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('error', done);
            response.on('end', () => {
                done(null, response.statusCode, response.headers, Buffer.concat(chunks).toString());
            });
        });
        request.on('error', (error) => {
            if (request.reusedSocket && !again && error.code === 'ECONNRESET') {
                this.send(method, resource, headers, body, done, true);
            } else {
                done(error);
            }
        });
        request.end(body);
    }

    // Posts a JSON text and goes on with `done`, whatever is answered: an answer that is too large
    // or too late is the service's to report.
    post(resource, text, headers, done) {
        const body = Buffer.from(text);
        const all = Object.assign(
            { 'Content-Type': 'application/json', 'Content-Length': body.length },
            headers
        );
        this.send('POST', resource, all, body, (error) => (error ? leave(error) : done()));
    }

    postError(resource, error, done) {
        const body = errorBody(error);
        // A header holds no control characters and nothing beyond Latin-1; a name may.
        const type = String(body.errorType).replace(/[^\x20-\x7e]/g, '?');
        const headers = { 'Lambda-Runtime-Function-Error-Type': type };
        this.post(resource, JSON.stringify(body), headers, done);
    }

    next(done) {
        const answered = (error, status, headers, text) => {
            if (error || status !== 200) {
                leave(error || new Error(`next answered ${status}: ${text}`));
            } else {
                done(headers, text);
            }
        };
        this.send('GET', '/runtime/invocation/next', {}, undefined, answered);
    }
}

// Without its Runtime API a process has nobody to tell but its own stderr.
function leave(error) {
    try {
        fs.writeSync(2, `sbemu: the Lambda Runtime API is gone: ${error.message}\n`);
    } finally {
        exit(1);
    }
}

// --------------------------------------------------------------------------- loading the handler

// `a/b/index.nested.handler` -> folder `a/b/`, module `index`, property path `nested.handler`.
function splitHandler(handler) {
    if (handler.includes('..')) {
        throw runtimeError(
            'Runtime.MalformedHandlerName',
            `'${handler}' is not a valid handler name. Use absolute paths when specifying root ` +
                'directories in handler names.'
        );
    }
    const base = path.basename(handler);
    const folder = handler.slice(0, handler.indexOf(base));
    const dot = base.indexOf('.');
    if (dot < 0) {
        throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler');
    }
    return { folder, module: base.slice(0, dot), properties: base.slice(dot + 1).split('.') };
}

// Does the nearest package.json say that .js files are ES modules?
function isModuleFolder(folder) {
    if (folder.endsWith('/node_modules')) {
        return false;
    }
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) {
        try {
            return JSON.parse(fs.readFileSync(description, 'utf8')).type === 'module';
        } catch (error) {
            console.warn(
                `${description} cannot be read, ` +
                    'it will be ignored for ES module detection purposes.',
                error
            );
            return false;
        }
    }
    return folder !== '/' && isModuleFolder(path.dirname(folder));
}

// AWS's order of candidates: the bare name, .js (CommonJS or ES by package.json), .mjs, .cjs, then
// what require() finds (node_modules, NODE_PATH).
async function loadModule(root, folder, name) {
    // "Require stack" in errors names AWS's runtime file instead of this one.
    const runtimeDir = process.env.LAMBDA_RUNTIME_DIR || '/var/runtime';
    const requireFrom = Module.createRequire(path.resolve(runtimeDir, 'index.mjs'));
    const file = path.resolve(root, folder, name);
    const asCommonJs = (candidate) => fs.existsSync(candidate) && requireFrom(candidate);
    const asEsModule = async (candidate) =>
        fs.existsSync(candidate) && import(url.pathToFileURL(candidate).href);
    const esByDefault = isModuleFolder(path.dirname(file));
    return (
        asCommonJs(file) ||
        (esByDefault ? await asEsModule(file + '.js') : asCommonJs(file + '.js')) ||
        (await asEsModule(file + '.mjs')) ||
        asCommonJs(file + '.cjs') ||
        requireFrom(requireFrom.resolve(name, { paths: [root, path.resolve(root, folder)] }))
    );
}

// Answers the handler function; throws what AWS answers for a package that does not load.
async function loadHandler(root, handler) {
    const { folder, module: name, properties } = splitHandler(handler);
    let exported;
    try {
        exported = await loadModule(root, folder, name);
    } catch (error) {
        if (error instanceof SyntaxError) {
            throw runtimeError('Runtime.UserCodeSyntaxError', String(error), error.stack);
        }
        if (error && error.code === 'MODULE_NOT_FOUND') {
            throw runtimeError('Runtime.ImportModuleError', String(error));
        }
        throw error;
    }
    const found = properties.reduce((value, key) => value && value[key], exported);
    if (!found) {
        throw runtimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
    }
    if (typeof found !== 'function') {
        throw runtimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
    }
    if (callbacksAreGone() && found.length >= 3) {
        throw runtimeError(
            'Runtime.CallbackHandlerDeprecated',
            'ERROR: AWS Lambda has removed support for callback-based function handlers starting ' +
                'with Node.js 24. You need to modify this function to use a supported handler ' +
                'signature to use Node.js 24 or later. For more information see ' +
                'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'
        );
    }
    return found;
}

// nodejs24.x and later have no callback and no context.done/succeed/fail. The function's declared
// runtime decides, not the machine's node.
function callbacksAreGone() {
    const declared = /^AWS_Lambda_nodejs(\d+)\./.exec(process.env.AWS_EXECUTION_ENV || '');
    return declared !== null && Number(declared[1]) >= 24;
}

function refuseStreaming() {
    if (/^(1|true)$/.test(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA || '')) {
        return;
    }
    global.awslambda = {
        streamifyResponse() {
            throw runtimeError(
                'Runtime.NotImplemented',
                'sbemu does not implement response streaming (awslambda.streamifyResponse)'
            );
        },
    };
}

// ------------------------------------------------------------------------------------ invocation

// Node strings of header bytes are Latin-1; the Runtime API sends UTF-8.
function headerJson(text, name) {
    if (!text) {
        return undefined;
    }
    try {
        return JSON.parse(Buffer.from(text, 'latin1').toString());
    } catch (error) {
        throw new Error(`Cannot parse ${name} as json: ${error}`);
    }
}

function describeInvocation(headers) {
    const deadline = headers['lambda-runtime-deadline-ms'];
    const { env } = process;
    return {
        functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
        functionName: env.AWS_LAMBDA_FUNCTION_NAME,
        memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
        clientContext: headerJson(headers['lambda-runtime-client-context'], 'ClientContext'),
        identity: headerJson(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
        invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
        awsRequestId: headers['lambda-runtime-aws-request-id'],
        tenantId: headers['lambda-runtime-aws-tenant-id'],
        getRemainingTimeInMillis: () => deadline - Date.now(),
    };
}

class Runtime {
    constructor(api) {
        this.api = api;
        this.handler = null;
        // What an empty event loop means now; replaced as an invocation proceeds.
        this.whenLoopIsEmpty = () => {
            process.exitCode = 13;
        };
        // Where an error that nobody caught is posted: init, later the current invocation.
        this.errorResource = '/runtime/init/error';
    }

    watchProcess() {
        process.on('beforeExit', () => this.whenLoopIsEmpty());
        process.on('uncaughtException', (error) => {
            logError('Uncaught Exception', error);
            this.api.postError(this.errorResource, error, () => exit(129));
        });
        process.on('unhandledRejection', (reason, promise) => {
            const error = runtimeError('Runtime.UnhandledPromiseRejection', String(reason));
            Object.assign(error, { reason, promise });
            logError('Unhandled Promise Rejection', error);
            this.api.postError(this.errorResource, error, () => exit(128));
        });
    }

    async start(root, handler) {
        try {
            this.handler = await loadHandler(root, handler);
        } catch (error) {
            logError('Uncaught Exception', error);
            this.api.postError(this.errorResource, error, () => exit(129));
            return;
        }
        this.waitForNext();
    }

    waitForNext() {
        setImmediate(() => this.api.next((headers, text) => this.invoke(headers, text)));
    }

    invoke(headers, text) {
        const requestId = headers['lambda-runtime-aws-request-id'];
        const trace = headers['lambda-runtime-trace-id'];
        global[REQUEST_ID] = requestId;
        if (trace) {
            process.env._X_AMZN_TRACE_ID = trace;
        } else {
            delete process.env._X_AMZN_TRACE_ID;
        }
        const invocation = new Invocation(this, requestId);
        this.errorResource = invocation.resource + '/error';
        if (callbacksAreGone()) {
            invocation.runPromise(headers, text);
        } else {
            invocation.run(headers, text);
        }
    }
}

// One event on its way through the handler. The first of callback, done, succeed, fail and the
// promise decides. All but `callback(null, ...)` end the invocation at once, whatever is still
// open; that one waits for the empty event loop unless told otherwise (facts/redirect.md 6).
class Invocation {
    constructor(runtime, requestId) {
        this.runtime = runtime;
        this.resource = '/runtime/invocation/' + encodeURIComponent(requestId);
        this.waitsForEmptyEventLoop = true;
        this.decided = false;
    }

    run(headers, text) {
        const { callback, context } = this.callbacks();
        this.runtime.whenLoopIsEmpty = () => this.endUnanswered();
        try {
            Object.assign(context, describeInvocation(headers));
            const result = this.runtime.handler(JSON.parse(text), context, callback);
            if (result && typeof result.then === 'function') {
                result.then(context.succeed, context.fail).catch(context.fail);
            }
        } catch (error) {
            callback(error);
        }
    }

    async runPromise(headers, text) {
        this.runtime.whenLoopIsEmpty = () => this.failUnsettled();
        const fail = (error) => this.once(() => this.fail(error));
        try {
            const context = describeInvocation(headers);
            const result = await this.runtime.handler(JSON.parse(text), context);
            this.once(() => this.succeed(result));
        } catch (error) {
            fail(error);
        }
    }

    callbacks() {
        const done = (error, result) =>
            error === undefined || error === null ? this.succeed(result) : this.fail(error);
        const fail = (error) => done(error === undefined || error === null ? 'handled' : error);
        const callback = (error, result) => {
            if ((error === undefined || error === null) && this.waitsForEmptyEventLoop) {
                this.succeedWhenLoopIsEmpty(result);
            } else {
                done(error, result);
            }
        };
        const invocation = this;
        const context = {
            get callbackWaitsForEmptyEventLoop() {
                return invocation.waitsForEmptyEventLoop;
            },
            set callbackWaitsForEmptyEventLoop(value) {
                invocation.waitsForEmptyEventLoop = value;
            },
            succeed: (result) => this.once(() => done(null, result)),
            fail: (error) => this.once(() => fail(error)),
            done: (error, result) => this.once(() => done(error, result)),
        };
        return {
            callback: (error, result) => this.once(() => callback(error, result)),
            context,
        };
    }

    // A result that cannot be written as JSON throws out of `decide` to whoever called, and the
    // invocation is still open for that one's error.
    once(decide) {
        if (!this.decided) {
            decide();
            this.decided = true;
        }
    }

    succeed(result) {
        const text = resultText(result);
        this.runtime.whenLoopIsEmpty = nothing;
        this.runtime.api.post(this.resource + '/response', text, {}, () =>
            this.runtime.waitForNext()
        );
    }

    fail(error) {
        this.runtime.whenLoopIsEmpty = nothing;
        logError('Invoke Error', error);
        this.runtime.api.postError(this.resource + '/error', error, () =>
            this.runtime.waitForNext()
        );
    }

    succeedWhenLoopIsEmpty(result) {
        this.runtime.whenLoopIsEmpty = () => {
            this.runtime.whenLoopIsEmpty = nothing;
            setImmediate(() => this.succeed(result));
        };
    }

    // The loop ran empty and nobody answered: null from a plain function, an error from an async
    // one, whose promise can never settle now.
    endUnanswered() {
        if (this.runtime.handler.constructor.name === 'AsyncFunction') {
            this.failUnsettled();
        } else {
            this.once(() => this.succeed(null));
        }
    }

    failUnsettled() {
        const error = runtimeError(
            'Runtime.NodeJsExit',
            'The Lambda runtime client detected an unexpected Node.js exit code. This is most ' +
                'commonly caused by a Promise that was never settled. For more information, see ' +
                'https://nodejs.org/docs/latest/api/process.html#exit-codes'
        );
        this.once(() => this.fail(error));
    }
}

// JSON has no text for undefined and functions: null.
function resultText(result) {
    let text;
    try {
        text = JSON.stringify(result);
    } catch (error) {
        const message = 'Unable to stringify response body';
        throw callbacksAreGone()
            ? runtimeError('Runtime.JSONStringifyError', message)
            : new Error(message);
    }
    return text === undefined ? 'null' : text;
}

patchConsole();
refuseStreaming();
const runtime = new Runtime(new RuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API || ''));
runtime.watchProcess();
runtime.start(process.env.LAMBDA_TASK_ROOT || process.cwd(), process.env._HANDLER || '');
