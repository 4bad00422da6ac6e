#include "emulator/capture/stand_ins.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/encoding.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::size_t kShortestPart = 4;
// Anything shorter that happens to be base64 is rather a word.
constexpr std::size_t kShortestBase64 = 8;

}  // namespace

void StandIns::hide(const std::string& secret) {
    if (secret.empty() || whole_.contains(secret)) return;
    replace(secret, "REDACTED-" + std::to_string(++hidden_));
}

void StandIns::replace(const std::string& text, const std::string& stand_in) {
    if (text.empty() || text == stand_in || !whole_.emplace(text, stand_in).second) return;
    if (text.size() < kShortestPart) return;
    const auto place = std::find_if(parts_.begin(), parts_.end(), [&](const auto& part) {
        return part.first.size() < text.size();
    });
    parts_.insert(place, {text, stand_in});
}

void StandIns::learn(const json::value& before, const json::value& after) {
    if (before.is_string() && after.is_string()) {
        // What replacing explains needs no learning.
        const std::string expected = apply_to_text(std::string_view(before.as_string()));
        if (expected != after.as_string()) {
            replace(std::string(before.as_string()), std::string(after.as_string()));
        }
    } else if (before.is_array() && after.is_array()) {
        const std::size_t size = std::min(before.as_array().size(), after.as_array().size());
        for (std::size_t i = 0; i < size; ++i) learn(before.at(i), after.at(i));
    } else if (before.is_object() && after.is_object()) {
        for (const auto& [name, member] : before.as_object()) {
            if (const json::value* other = after.as_object().if_contains(name)) {
                learn(member, *other);
            }
        }
    }
}

std::string StandIns::apply_to_parts(std::string text) const {
    for (const auto& [part, stand_in] : parts_) {
        for (auto at = text.find(part); at != std::string::npos;
             at = text.find(part, at + stand_in.size())) {
            text.replace(at, part.size(), stand_in);
        }
    }
    return text;
}

std::string StandIns::apply_to_text(std::string_view text) const {
    if (const auto found = whole_.find(text); found != whole_.end()) return found->second;
    std::string replaced = apply_to_parts(std::string(text));
    if (replaced != text || text.size() < kShortestBase64 || parts_.empty()) return replaced;
    const auto decoded = base64_decode(text);
    if (!decoded) return replaced;
    const std::string inner = apply_to_parts(*decoded);
    return inner == *decoded ? replaced : base64_encode(inner);
}

json::value StandIns::apply(const json::value& value) const {
    if (empty()) return value;
    if (value.is_string()) return json::value(apply_to_text(std::string_view(value.as_string())));
    if (value.is_array()) {
        json::array array;
        for (const json::value& item : value.as_array()) array.push_back(apply(item));
        return array;
    }
    if (value.is_object()) {
        json::object object;
        for (const auto& [name, member] : value.as_object()) {
            object[apply_to_text(std::string_view(name))] = apply(member);
        }
        return object;
    }
    return value;
}

}  // namespace sbemu
