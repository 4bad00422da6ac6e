#include "emulator/core/kms_keys.h"

#include "emulator/core/encoding.h"

namespace sbemu {

std::string kms_key_arn(const Caller& caller, std::string_view key) {
    const auto alias = key.find("alias/");
    if (alias == std::string_view::npos) {
        return key.starts_with("arn:") ? std::string(key)
                                       : caller.arn("kms", "key/" + std::string(key));
    }
    const std::string id = hex_encode(
        md5(caller.account + " " + caller.region + " " + std::string(key.substr(alias))));
    return caller.arn("kms", "key/" + id.substr(0, 8) + "-" + id.substr(8, 4) + "-" +
                                 id.substr(12, 4) + "-" + id.substr(16, 4) + "-" + id.substr(20));
}

}  // namespace sbemu
