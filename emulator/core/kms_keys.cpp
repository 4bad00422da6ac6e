#include "emulator/core/kms_keys.h"

#include "emulator/core/arn.h"
#include "emulator/core/encoding.h"

namespace sbemu {

std::string kms_key_arn(const Caller& caller, std::string_view key) {
    Caller owner = caller;
    std::string name(key);
    if (const auto arn = parse_arn(key)) {
        owner.account = arn->account;
        owner.region = arn->region;
        name = arn->resource;
    }
    if (!name.starts_with("alias/")) {
        return key.starts_with("arn:") ? std::string(key) : caller.arn("kms", "key/" + name);
    }
    const std::string id = hex_encode(md5(owner.account + " " + owner.region + " " + name));
    return owner.arn("kms", "key/" + id.substr(0, 8) + "-" + id.substr(8, 4) + "-" +
                                id.substr(12, 4) + "-" + id.substr(16, 4) + "-" + id.substr(20));
}

}  // namespace sbemu
