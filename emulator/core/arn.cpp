#include "emulator/core/arn.h"

#include <array>

namespace sbemu {

std::string Arn::text() const {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
}

std::optional<Arn> parse_arn(std::string_view text) {
    if (!text.starts_with("arn:")) return std::nullopt;
    std::array<std::string, 5> parts;
    for (std::string& part : parts) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (text.empty()) return std::nullopt;
    return Arn{parts[1], parts[2], parts[3], parts[4], std::string(text)};
}

}  // namespace sbemu
