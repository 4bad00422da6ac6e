#include "emulator/capture/member_difference.h"

#include <boost/json.hpp>
#include <set>

namespace sbemu {
namespace json = boost::json;
namespace {

using Differs =
    std::function<void(const std::string&, const json::value* before, const json::value* after)>;

void compare(const std::string& path, const json::value* before, const json::value* after,
             const Differs& differs) {
    if (before && after && *before == *after) return;
    if (before && after && before->is_object() && after->is_object()) {
        std::set<std::string> names;
        for (const auto& [name, member] : before->as_object()) names.emplace(name);
        for (const auto& [name, member] : after->as_object()) names.emplace(name);
        for (const std::string& name : names) {
            compare(path.empty() ? name : path + "." + name, before->as_object().if_contains(name),
                    after->as_object().if_contains(name), differs);
        }
        return;
    }
    if (before && after && before->is_array() && after->is_array() &&
        before->as_array().size() == after->as_array().size()) {
        for (std::size_t i = 0; i < before->as_array().size(); ++i) {
            compare(path + "[" + std::to_string(i) + "]", &before->at(i), &after->at(i), differs);
        }
        return;
    }
    differs(path, before, after);
}

std::string printed(const json::value* value) {
    return value ? shortened(json::serialize(*value)) : "(nothing)";
}

}  // namespace

void for_each_difference(const json::value* before, const json::value* after,
                         const Differs& differs) {
    compare("", before, after, differs);
}

std::vector<std::string> describe_differences(const std::string& path, const json::value& before,
                                              const json::value& after) {
    std::vector<std::string> lines;
    compare(
        path, &before, &after,
        [&](const std::string& where, const json::value* old_part, const json::value* new_part) {
            lines.push_back((where.empty() ? "" : where + ": ") + printed(old_part) + " -> " +
                            printed(new_part));
        });
    return lines;
}

std::string shortened(std::string text) {
    constexpr std::size_t kLongest = 160;
    if (text.size() <= kLongest) return text;
    const std::size_t size = text.size();
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text + "... (" + std::to_string(size) + " bytes)";
}

}  // namespace sbemu
