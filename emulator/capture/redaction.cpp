#include "emulator/capture/redaction.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/access_key.h"
#include "emulator/core/encoding.h"
#include "emulator/core/kernel.h"
#include "emulator/core/zip.h"

namespace sbemu {
namespace json = boost::json;
namespace {

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

// Of a body that is replaced these would be wrong.
constexpr const char* kChecksums[] = {"ContentMD5",        "ChecksumCRC32", "ChecksumCRC32C",
                                      "ChecksumCRC64NVME", "ChecksumSHA1",  "ChecksumSHA256"};

std::string stand_in_for(const std::string& hash, std::size_t size) {
    const std::string note =
        "The code was left out of the capture (sbemu capture save "
        "--with-code keeps it).\nSHA-256 of the package: " +
        hash + "\nBytes: " + std::to_string(size) + "\n";
    return make_zip({{"CODE_LEFT_OUT", note}});
}

std::string text_member(const json::value& object, std::string_view name) {
    const json::value* value = object.is_object() ? object.as_object().if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The names of the template's parameters that are NoEcho; nothing if the event has no template.
std::optional<std::vector<std::string>> hidden_parameters(const Event& event, Kernel& world) {
    Event question = event;
    question.operation = "ValidateTemplate";
    question.params = {};
    for (const char* member : {"TemplateBody", "TemplateURL"}) {
        if (const json::value* value = event.params.if_contains(member)) {
            question.params[member] = *value;
        }
    }
    const Applied answer = world.apply(question);
    const auto* outcome = std::get_if<Outcome>(&answer.answer);
    const json::value* parameters = outcome ? outcome->result.if_contains("Parameters") : nullptr;
    if (!parameters || !parameters->is_array()) return std::nullopt;
    std::vector<std::string> names;
    for (const json::value& parameter : parameters->as_array()) {
        const json::value* no_echo = parameter.as_object().if_contains("NoEcho");
        if (no_echo && *no_echo == json::value(true)) {
            names.push_back(text_member(parameter, "ParameterKey"));
        }
    }
    return names;
}

}  // namespace

Redaction::Redaction(const std::vector<std::string>& patterns, bool with_code)
    : with_code_(with_code) {
    for (const std::string& pattern : patterns) {
        try {
            patterns_.emplace_back(pattern);
        } catch (const std::invalid_argument& error) {
            throw CaptureError(error.what());
        }
    }
}

Event Redaction::rewrite(const Event& event, Kernel& world) {
    hide_credentials(event);
    hide_parameters(event, world);
    hide_matches(event.params);
    Event rewritten = event;
    if (!with_code_) {
        rewritten.params = withhold_inside(event.params).as_object();
        if (event.service == "s3" && event.operation == "UploadPart" && is_zip(event.body)) {
            warnings_.push_back("a zip was uploaded to S3 in parts: it is in the capture as it is");
        } else if (withhold(rewritten.body)) {
            for (const char* checksum : kChecksums) rewritten.params.erase(checksum);
            if (rewritten.params.contains("ContentLength")) {
                rewritten.params["ContentLength"] =
                    static_cast<std::int64_t>(rewritten.body.size());
            }
        }
    }
    if (!is_zip(rewritten.body)) hide_matches(rewritten.body);
    if (stand_ins_.empty()) return rewritten;
    rewritten.params = stand_ins_.apply(rewritten.params).as_object();
    if (!is_zip(rewritten.body)) rewritten.body = stand_ins_.apply_to_text(rewritten.body);
    rewritten.caller.access_key = stand_ins_.apply_to_text(event.caller.access_key);
    return rewritten;
}

void Redaction::learn(const json::value& before, const json::value& after) {
    if (!stand_ins_.empty() || !withheld_.empty()) stand_ins_.learn(before, after);
}

void Redaction::hide_credentials(const Event& event) {
    const std::string& key = event.caller.access_key;
    // Twelve digits are an account, and the keys of AssumeRole and of ResponseURLs are sbemu's own.
    if (key.empty() || account_of_access_key(key)) return;
    if (event.operation == "PutResponse" || stand_ins_.apply_to_text(key) != key) return;
    const std::string number = std::to_string(++credentials_);
    stand_ins_.replace(
        key,
        "AKIAREDACTED" + std::string(8 - std::min<std::size_t>(8, number.size()), '0') + number);
}

void Redaction::hide_matches(std::string_view text) {
    for (const RegularExpression& pattern : patterns_) {
        for (const auto& match : pattern.all_in(text)) stand_ins_.hide(match.groups[0]);
    }
}

void Redaction::hide_matches(const json::value& value) {
    if (patterns_.empty()) return;
    if (value.is_string()) return hide_matches(std::string_view(value.as_string()));
    if (value.is_array()) {
        for (const json::value& item : value.as_array()) hide_matches(item);
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.as_object()) hide_matches(member);
    }
}

void Redaction::hide_parameters(const Event& event, Kernel& world) {
    const json::value* parameters = event.params.if_contains("Parameters");
    if (event.service != "cloudformation" || !parameters || !parameters->is_array()) return;
    std::vector<std::string>& hidden = hidden_by_stack_[text_member(event.params, "StackName")];
    // With UsePreviousTemplate they are those of before.
    if (auto found = hidden_parameters(event, world)) hidden = std::move(*found);
    for (const json::value& parameter : parameters->as_array()) {
        const std::string key = text_member(parameter, "ParameterKey");
        if (std::find(hidden.begin(), hidden.end(), key) == hidden.end()) continue;
        stand_ins_.hide(text_member(parameter, "ParameterValue"));
    }
}

// Whether the bytes are a package, which is then replaced.
bool Redaction::withhold(std::string& package) {
    if (!is_zip(package)) return false;
    const std::string hash = hex_encode(sha256(package));
    const std::string stand_in = stand_in_for(hash, package.size());
    const bool is_known =
        std::any_of(withheld_.begin(), withheld_.end(),
                    [&](const WithheldCode& other) { return other.sha256 == hash; });
    if (!is_known) {
        withheld_.push_back(
            {{}, hash, static_cast<std::int64_t>(package.size()), hex_encode(sha256(stand_in))});
    }
    package = stand_in;
    return true;
}

// Packages in parameters: Lambda's ZipFile, base64.
json::value Redaction::withhold_inside(const json::value& value) {
    if (!value.is_object()) return value;
    json::object object = value.as_object();
    for (auto& member : object) {
        if (member.key() == "ZipFile" && member.value().is_string()) {
            auto package = base64_decode(member.value().as_string());
            if (package && withhold(*package)) member.value() = base64_encode(*package);
        } else if (member.value().is_object()) {
            member.value() = withhold_inside(member.value());
        }
    }
    return object;
}

}  // namespace sbemu
