// Lambda: functions, invocations, event source mappings.
//
// The contract with the host, which runs the functions (emulator/host/functions/). A function
// environment is named by `Environment`: it changes whenever code or configuration does.
//
// Effects asked for:
//   lambda.prepare {Function}                    a function became active: start one process
//   lambda.invoke  {Function, InvocationId, RequestId, InvokedFunctionArn, Payload,
//                   ClientContext?}              hand this event to a process
//   lambda.stop    {Environment}                 code, configuration or function are gone:
//                                                end its processes when they are idle
//   lambda.kill    {InvocationId, Fault?}        its time is up, or a fault has it crash: end the
//                                                process at once
// where ClientContext is JSON text and Function is {Environment, FunctionArn, FunctionName,
// Version, Runtime, Handler, CodeHash (a kernel blob: the zip), MemorySize, Timeout, Variables
// {..}, LogGroup, Role, Account, Region}.
//
// An InvocationId is one attempt; retries have the RequestId in common.
//
// Signals the host reports with:
//   InvocationStarted {InvocationId}             the event was handed over: its deadline runs
//   InvocationEnded   {InvocationId, Outcome, ErrorType?, ExitStatus?, ExitSignal?, Message?,
//                      DurationMicroseconds, InitMicroseconds?, MaxMemoryMegabytes?, LogStream,
//                      Log: [{Timestamp, Message}]}   body: what the process posted
//     Outcome "response"    posted to /response
//             "error"       posted to /error
//             "init-error"  posted to /init/error
//             "exit"        the process ended without an answer (ExitStatus or ExitSignal)
//             "killed"      after lambda.kill. The caller has had its answer by then, but the
//                           function's Log is written only now.
//             "not-started" no process could be started; Message says why (no `node` here)
#pragma once

#include "emulator/core/service.h"

namespace sbemu::lambda {

const Service& service();

}  // namespace sbemu::lambda
