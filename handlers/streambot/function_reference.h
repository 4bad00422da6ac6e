// The forms in which a function can be named (lambda.md 1.5) and when two of them name the same.
#pragma once
#include <string>
#include <string_view>

namespace sbemu::streambot {

struct FunctionReference {
    std::string region;   // "" when the form leaves it open
    std::string account;  // "" when the form leaves it open
    std::string name;
    std::string qualifier;  // "" when there is none; $LATEST is one

    // name[:qualifier], function:name[:qualifier], account:function:name[:qualifier], full ARN.
    static FunctionReference parse(std::string_view text);
};

// True when nothing that both forms say differs. A name with a qualifier and the same name without
// are two: mappings of theirs are distinct (lambda.md 1.4).
bool is_same_function(std::string_view one, std::string_view other);

}  // namespace sbemu::streambot
