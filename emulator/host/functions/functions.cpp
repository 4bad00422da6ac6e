#include "emulator/host/functions/functions.h"

#include <boost/json.hpp>

#include "emulator/host/functions/pool.h"
#include "emulator/host/log/log.h"

namespace sbemu {
namespace json = boost::json;
namespace {

Function function_of(const json::object& payload) {
    return Function::parse(payload.at("Function").as_object());
}

std::string text(const json::object& payload, std::string_view name) {
    return std::string(payload.at(name).as_string());
}

}  // namespace

Functions::Functions(boost::asio::io_context& io, FunctionHost& host, FunctionSettings settings)
    : pool_(std::make_unique<Pool>(io, host, std::move(settings))) {}

Functions::~Functions() = default;

void Functions::carry_out(const Effect& effect) {
    try {
        if (effect.kind == "lambda.prepare") {
            pool_->prepare(function_of(effect.payload));
        } else if (effect.kind == "lambda.invoke") {
            pool_->invoke(function_of(effect.payload), Invocation::parse(effect.payload));
        } else if (effect.kind == "lambda.stop") {
            pool_->stop(text(effect.payload, "Environment"));
        } else if (effect.kind == "lambda.kill") {
            pool_->kill(text(effect.payload, "InvocationId"));
        } else {
            log_error("functions: no effect named " + effect.kind);
        }
    } catch (const std::exception& error) {
        log_error("functions: " + effect.kind + " is not as agreed: " + error.what());
    }
}

void Functions::follow_clock() { pool_->follow_clock(); }

void Functions::forget() { pool_->forget(); }

std::size_t Functions::process_count() const { return pool_->process_count(); }

std::optional<FunctionCaller> Functions::find_caller(std::string_view session_token) const {
    return pool_->find_caller(session_token);
}

std::size_t Functions::invocation_count() const { return pool_->invocation_count(); }

}  // namespace sbemu
