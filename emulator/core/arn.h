// Amazon Resource Names: arn:<partition>:<service>:<region>:<account>:<resource>.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sbemu {

struct Arn {
    std::string partition = "aws";
    std::string service;
    std::string region;
    std::string account;
    std::string resource;  // may hold further colons

    std::string text() const;
};

// Nothing if the text is not an ARN of six parts.
std::optional<Arn> parse_arn(std::string_view text);

}  // namespace sbemu
