#include "emulator/core/kms_keys.h"

#include <catch2/catch.hpp>

namespace sbemu {

TEST_CASE("Names of KMS keys lead to ARNs", "[core]") {
    const Caller caller{"123456789012", "us-east-1", ""};
    const std::string here = "arn:aws:kms:us-east-1:123456789012:";
    CHECK(kms_key_arn(caller, "mine") == here + "key/mine");
    CHECK(kms_key_arn(caller, here + "key/mine") == here + "key/mine");
    const std::string key = kms_key_arn(caller, "alias/a");
    CHECK(key.starts_with(here + "key/"));
    CHECK(kms_key_arn(caller, here + "alias/a") == key);
    CHECK(kms_key_arn(caller, "alias/b") != key);
    CHECK(kms_key_arn(caller, "arn:aws:kms:eu-west-1:111122223333:alias/a")
              .starts_with("arn:aws:kms:eu-west-1:111122223333:key/"));
}

}  // namespace sbemu
