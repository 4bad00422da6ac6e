#include "emulator/capture/capture.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/capture/captured_text.h"
#include "emulator/core/encoding.h"
#include "emulator/core/json_text.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::int64_t kFormat = 1;
// Longer texts stand in lines of their own, named by their hash.
constexpr std::size_t kInlineText = 16UL * 1024;
constexpr std::string_view kBlobMember = "$blob";

using Blobs = std::map<std::string, std::string>;

std::string text_at(const json::object& line, std::string_view name) {
    const json::value* value = line.if_contains(name);
    if (!value || !value->is_string()) {
        throw CaptureError(std::string(name) + " is missing or no text");
    }
    return std::string(value->as_string());
}

std::string optional_text_at(const json::object& line, std::string_view name) {
    return line.contains(name) ? text_at(line, name) : std::string();
}

std::uint64_t hex_number_at(const json::object& line, std::string_view name) {
    const std::string text = text_at(line, name);
    const auto number = parse_hex_number(text);
    if (!number) throw CaptureError("'" + text + "' is no hexadecimal number of 64 bits");
    return *number;
}

std::int64_t number_at(const json::object& line, std::string_view name) {
    const json::value* value = line.if_contains(name);
    if (!value || !value->is_int64()) {
        throw CaptureError(std::string(name) + " is missing or no whole number");
    }
    return value->as_int64();
}

// ------------------------------------------------------------------------------- long texts

json::value moved_out(const std::string& text, Blobs& blobs) {
    const std::string hash = hex_encode(sha256(text));
    blobs.emplace(hash, text);
    return json::object{{kBlobMember, hash}};
}

json::value with_blobs_moved_out(const json::value& value, Blobs& blobs) {
    if (value.is_string() && value.as_string().size() > kInlineText) {
        return moved_out(std::string(value.as_string()), blobs);
    }
    if (value.is_array()) {
        json::array array;
        for (const json::value& item : value.as_array()) {
            array.push_back(with_blobs_moved_out(item, blobs));
        }
        return array;
    }
    if (value.is_object()) {
        json::object object;
        for (const auto& [name, member] : value.as_object()) {
            object[name] = with_blobs_moved_out(member, blobs);
        }
        return object;
    }
    return value;
}

const std::string& blob_at(const json::object& reference, const Blobs& blobs) {
    const auto found = blobs.find(text_at(reference, kBlobMember));
    if (found == blobs.end()) {
        throw CaptureError("there is no line with the blob " + text_at(reference, kBlobMember));
    }
    return found->second;
}

json::value with_blobs_put_back(const json::value& value, const Blobs& blobs) {
    if (value.is_array()) {
        json::array array;
        for (const json::value& item : value.as_array()) {
            array.push_back(with_blobs_put_back(item, blobs));
        }
        return array;
    }
    if (!value.is_object()) return value;
    const json::object& given = value.as_object();
    if (given.size() == 1 && given.contains(kBlobMember)) return json::value(blob_at(given, blobs));
    json::object object;
    for (const auto& [name, member] : given) object[name] = with_blobs_put_back(member, blobs);
    return object;
}

// ----------------------------------------------------------------------------------- events

json::object header_line(const Capture& capture) {
    json::array code;
    for (const WithheldCode& withheld : capture.withheld) {
        json::array functions;
        for (const std::string& function : withheld.functions) functions.emplace_back(function);
        code.push_back(json::object{{"functions", std::move(functions)},
                                    {"sha256", withheld.sha256},
                                    {"bytes", withheld.bytes},
                                    {"stand_in", withheld.stand_in}});
    }
    json::object line{{"sbemu_capture", kFormat},
                      {"version", capture.version},
                      {"events", capture.events.size()},
                      {"unseed", unseed_of(capture)}};
    if (!code.empty()) line["code_left_out"] = std::move(code);
    return line;
}

json::object event_line(const CapturedEvent& captured, Blobs& blobs) {
    const Event& event = captured.event;
    json::object line{{"event", captured.number},
                      {"at", iso_time(event.at)},
                      {"call", event.service + "." + event.operation},
                      {"account", event.caller.account},
                      {"region", event.caller.region}};
    if (!event.caller.access_key.empty()) line["access_key"] = event.caller.access_key;
    if (!event.function.empty()) line["function"] = event.function;
    if (!event.invocation.empty()) line["invocation"] = event.invocation;
    line["seed"] = hex_number(event.seed);
    line["params"] = with_blobs_moved_out(event.params, blobs);
    if (event.body.size() > kInlineText) {
        line["body"] = moved_out(event.body, blobs);
    } else if (!event.body.empty()) {
        line["body"] = captured_text(event.body);
    }
    if (!captured.reply.is_null()) line["reply"] = with_blobs_moved_out(captured.reply, blobs);
    return line;
}

CapturedEvent parse_event(const json::object& line, const Blobs& blobs) {
    CapturedEvent captured;
    captured.number = number_at(line, "event");
    Event& event = captured.event;
    const auto at = parse_iso_time(text_at(line, "at"));
    if (!at) throw CaptureError("at is no time (2017-03-01T00:00:00.000Z)");
    event.at = *at;
    const std::string call = text_at(line, "call");
    const auto dot = call.find('.');
    if (dot == std::string::npos) throw CaptureError("call is not service.Operation");
    event.service = call.substr(0, dot);
    event.operation = call.substr(dot + 1);
    event.caller = {text_at(line, "account"), text_at(line, "region"),
                    optional_text_at(line, "access_key")};
    event.function = optional_text_at(line, "function");
    event.invocation = optional_text_at(line, "invocation");
    event.seed = hex_number_at(line, "seed");
    const json::value* params = line.if_contains("params");
    if (!params || !params->is_object()) throw CaptureError("params is missing or no object");
    event.params = with_blobs_put_back(*params, blobs).as_object();
    if (const json::value* body = line.if_contains("body")) {
        const bool is_blob = body->is_object() && body->as_object().contains(kBlobMember);
        const auto bytes = is_blob ? blob_at(body->as_object(), blobs) : bytes_of(*body);
        if (!bytes) throw CaptureError("body is neither a text nor {\"base64\": ...}");
        event.body = *bytes;
    }
    if (const json::value* reply = line.if_contains("reply")) {
        captured.reply = with_blobs_put_back(*reply, blobs);
    }
    return captured;
}

WithheldCode parse_withheld(const json::object& entry) {
    WithheldCode withheld{
        {}, text_at(entry, "sha256"), number_at(entry, "bytes"), text_at(entry, "stand_in")};
    const json::value* functions = entry.if_contains("functions");
    if (!functions || !functions->is_array()) throw CaptureError("functions is no list");
    for (const json::value& function : functions->as_array()) {
        if (!function.is_string()) throw CaptureError("functions has something else than texts");
        withheld.functions.emplace_back(function.as_string());
    }
    return withheld;
}

void parse_header(const json::object& line, Capture& capture) {
    if (!line.contains("sbemu_capture")) {
        throw CaptureError(
            "this is no capture: its first line is not {\"sbemu_capture\": 1, ...}. To make one of "
            "events that somebody logged, use `sbemu import`");
    }
    const std::int64_t format = number_at(line, "sbemu_capture");
    if (format != kFormat) {
        throw CaptureError("the capture has format " + std::to_string(format) +
                           ", and this sbemu reads " + std::to_string(kFormat));
    }
    capture.version = optional_text_at(line, "version");
    const json::value* code = line.if_contains("code_left_out");
    if (!code) return;
    if (!code->is_array()) throw CaptureError("code_left_out is no list");
    for (const json::value& entry : code->as_array()) {
        if (!entry.is_object()) throw CaptureError("code_left_out has no objects");
        capture.withheld.push_back(parse_withheld(entry.as_object()));
    }
}

json::object parse_line(std::string_view text) {
    json::error_code error;
    json::value value = parse_json(text, error);
    if (error) throw CaptureError("not JSON: " + error.message());
    if (!value.is_object()) throw CaptureError("not a JSON object");
    return value.as_object();
}

void take_line(const json::object& line, Blobs& blobs, Capture& capture) {
    if (line.contains("blob")) {
        const auto bytes = base64_decode(text_at(line, "base64"));
        if (!bytes) throw CaptureError("base64 is not base64");
        if (hex_encode(sha256(*bytes)) != text_at(line, "blob")) {
            throw CaptureError("the blob's bytes have another hash: the capture was changed");
        }
        blobs[text_at(line, "blob")] = *bytes;
        return;
    }
    CapturedEvent captured = parse_event(line, blobs);
    if (!capture.events.empty() && captured.event.at < capture.events.back().event.at) {
        throw CaptureError("the event is earlier than the one before it");
    }
    capture.events.push_back(std::move(captured));
}

json::value describe_answer(const std::variant<Outcome, ApiError>& answer) {
    if (const auto* error = std::get_if<ApiError>(&answer)) {
        json::object object{
            {"status", error->status}, {"code", error->code}, {"message", error->what()}};
        if (!error->fields.empty()) object["fields"] = error->fields;
        return object;
    }
    const Outcome& outcome = std::get<Outcome>(answer);
    json::object object{{"status", 200}, {"result", outcome.result}};
    if (outcome.body.size() > kInlineText) {
        // Only to be compared: its hash is enough.
        object["body"] = json::object{{"sha256", hex_encode(sha256(outcome.body))},
                                      {"bytes", outcome.body.size()}};
    } else if (!outcome.body.empty()) {
        object["body"] = captured_text(outcome.body);
    }
    return object;
}

// What a function was handed; JSON as JSON, so that it can be read.
json::value describe_invocation(const json::object& invocation) {
    const std::string payload = text_at(invocation, "Payload");
    json::error_code error;
    json::value event = parse_json(payload, error);
    return json::object{{"function", text_at(invocation.at("Function").as_object(), "FunctionArn")},
                        {"invocation", text_at(invocation, "InvocationId")},
                        {"event", error ? captured_text(payload) : std::move(event)}};
}

}  // namespace

Capture parse_capture(std::string_view text) {
    Capture capture;
    Blobs blobs;
    int number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.empty()) continue;
        try {
            const json::object parsed = parse_line(line);
            if (number == 1) {
                parse_header(parsed, capture);
            } else {
                take_line(parsed, blobs, capture);
            }
        } catch (const CaptureError& error) {
            throw CaptureError("line " + std::to_string(number) + ": " + error.what());
        }
    }
    if (number == 0) throw CaptureError("the capture is empty");
    return capture;
}

std::string print_capture(const Capture& capture) {
    std::string text = json::serialize(header_line(capture)) + "\n";
    std::set<std::string> written;
    for (const CapturedEvent& captured : capture.events) {
        Blobs blobs;
        const json::object line = event_line(captured, blobs);
        for (const auto& [hash, bytes] : blobs) {
            if (!written.insert(hash).second) continue;
            text +=
                json::serialize(json::object{{"blob", hash}, {"base64", base64_encode(bytes)}}) +
                "\n";
        }
        text += json::serialize(line) + "\n";
    }
    return text;
}

json::object describe_reply(const Applied& applied) {
    json::object reply;
    if (applied.deferred) {
        reply["deferred"] = true;
    } else {
        reply = describe_answer(applied.answer).as_object();
    }
    if (!applied.completions.empty()) {
        json::array completions;
        for (const Completion& completion : applied.completions) {
            completions.push_back(describe_answer(completion.answer));
        }
        reply["completions"] = std::move(completions);
    }
    json::array invoked;
    for (const Effect& effect : applied.effects) {
        if (effect.kind == "lambda.invoke") invoked.push_back(describe_invocation(effect.payload));
    }
    if (!invoked.empty()) reply["invoked"] = std::move(invoked);
    reply["draw"] = hex_number(applied.last_draw);
    return reply;
}

std::string unseed_of(const Capture& capture) {
    std::uint64_t unseed = 0;
    for (const CapturedEvent& captured : capture.events) {
        unseed = fingerprint(hex_number(unseed) + json::serialize(captured.reply));
    }
    return hex_number(unseed);
}

}  // namespace sbemu
