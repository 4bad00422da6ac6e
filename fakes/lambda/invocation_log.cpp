#include "fakes/lambda/invocation_log.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"
#include "fakes/lambda/configuration.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

constexpr std::size_t kTailLimit = 4096;  // facts/lambda.md 3.5

// 3014 microseconds as "3.01".
std::string milliseconds_text(std::int64_t microseconds) {
    const std::int64_t hundredths = (microseconds + 5) / 10;
    const std::int64_t fraction = hundredths % 100;
    return std::to_string(hundredths / 100) + (fraction < 10 ? ".0" : ".") +
           std::to_string(fraction);
}

// facts/lambda.md 4.4. Billed are whole milliseconds, a cold start's initialization included.
std::string report_line(const Invocation& invocation, const Verdict& verdict,
                        const json::object& report) {
    std::int64_t duration = find_number(report, "DurationMicroseconds").value_or(0);
    const std::int64_t limit = invocation.timeout_seconds * 1'000'000;
    if (verdict.report_status == "timeout") duration = limit;
    const auto init = find_number(report, "InitMicroseconds");
    const std::int64_t billed = (duration + init.value_or(0) + 999) / 1000;
    std::string line =
        "REPORT RequestId: " + invocation.request_id +
        "\tDuration: " + milliseconds_text(duration) +
        " ms\tBilled Duration: " + std::to_string(billed) +
        " ms\tMemory Size: " + std::to_string(invocation.memory_size) + " MB\tMax Memory Used: " +
        std::to_string(find_number(report, "MaxMemoryMegabytes").value_or(0)) + " MB";
    if (init) line += "\tInit Duration: " + milliseconds_text(*init) + " ms";
    if (verdict.report_status.empty()) return line + "\t\n";
    line += "\tStatus: " + verdict.report_status;
    if (!verdict.error_type.empty()) line += "\tError Type: " + verdict.error_type;
    return line + "\n";
}

class Lines {
  public:
    Lines(std::int64_t first, std::int64_t last) : at_(first), last_(last) {}

    // Logs wants its events in order of time; the function's clock may not be the kernel's.
    void add(std::int64_t at, std::string message) {
        at_ = std::clamp(at, at_, std::max(at_, last_));
        text_ += message;
        events_.push_back(json::object{{"timestamp", at_}, {"message", std::move(message)}});
    }
    void add_last(std::string message) { add(last_, std::move(message)); }

    json::array take_events() { return std::move(events_); }
    std::string tail() const {
        const std::size_t start = text_.size() > kTailLimit ? text_.size() - kTailLimit : 0;
        return base64_encode(std::string_view(text_).substr(start));
    }

  private:
    std::int64_t at_;
    std::int64_t last_;
    std::string text_;
    json::array events_;
};

void add_function_lines(Lines& lines, const json::object& report) {
    const json::array* log = find_array(report, "Log");
    if (!log) return;
    for (const json::value& entry : *log) {
        const json::object& line = entry.as_object();
        lines.add(find_number(line, "Timestamp").value_or(0), required_text(line, "Message"));
    }
}

Lines lines_of(const Context& ctx, const Invocation& invocation, const Verdict& verdict,
               const json::object& report) {
    const std::int64_t now = to_milliseconds(ctx.now);
    const std::int64_t started = invocation.started_at.value_or(now);
    Lines lines(started, now);
    lines.add(started, "START RequestId: " + invocation.request_id + " Version: $LATEST\n");
    add_function_lines(lines, report);
    if (!verdict.log_line.empty()) lines.add_last(verdict.log_line);
    lines.add_last("END RequestId: " + invocation.request_id + "\n");
    lines.add_last(report_line(invocation, verdict, report));
    return lines;
}

// "nodejs20.x" as "nodejs:20.v1": AWS counts the builds of a runtime, here there is one.
std::string runtime_version(std::string_view runtime) {
    const auto digit = runtime.find_first_of("0123456789.");
    std::string version(runtime.substr(0, digit));
    if (digit != std::string_view::npos) {
        std::string_view number = runtime.substr(digit);
        if (number.starts_with('.')) number.remove_prefix(1);
        if (number.ends_with(".x")) number.remove_suffix(2);
        version += ":" + std::string(number);
    }
    return version + ".v1";
}

// The line before START in the log of a new process; LogResult begins with START.
void add_cold_start(Context& ctx, const Invocation& invocation, json::array& events) {
    const auto function = find_function(ctx, invocation.function_name);
    if (!function) return;
    const std::string_view runtime = function->settings.at("Runtime").as_string();
    const json::value first = events.front().at("timestamp");
    events.insert(
        events.begin(),
        json::object{
            {"timestamp", first},
            {"message", "INIT_START Runtime Version: " + runtime_version(runtime) +
                            "\tRuntime Version ARN: " + runtime_version_arn(ctx, runtime) + "\n"}});
}

void put_log_events(Context& ctx, const std::string& group, const std::string& stream,
                    json::array events) {
    if (stream.empty()) return;
    const json::object name{{"logGroupName", group}};
    const json::object stream_name{{"logGroupName", group}, {"logStreamName", stream}};
    json::object request = stream_name;
    request["logEvents"] = std::move(events);
    const auto answer = ctx.try_call("logs", "PutLogEvents", request);
    const auto* error = std::get_if<ApiError>(&answer);
    if (!error || error->code != "ResourceNotFoundException") return;
    ctx.try_call("logs", "CreateLogGroup", name);  // it may be there already
    ctx.try_call("logs", "CreateLogStream", stream_name);
    ctx.try_call("logs", "PutLogEvents", request);
}

}  // namespace

std::string write_log(Context& ctx, const Invocation& invocation, const Verdict& verdict,
                      const json::object& report) {
    Lines lines = lines_of(ctx, invocation, verdict, report);
    json::array events = lines.take_events();
    if (find_number(report, "InitMicroseconds")) add_cold_start(ctx, invocation, events);
    put_log_events(ctx, invocation.log_group, find_text(report, "LogStream").value_or(""),
                   std::move(events));
    return lines.tail();
}

std::string log_tail_of(Context& ctx, const Invocation& invocation, const Verdict& verdict) {
    return lines_of(ctx, invocation, verdict, {}).tail();
}

}  // namespace sbemu::lambda
