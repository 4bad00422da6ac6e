// Requests that make tables with indexes, for tests of what they say and how they change. Names of
// attributes have one letter.
#pragma once

#include <cctype>
#include <string>

#include "tests/test_cloud.h"

namespace sbemu {

inline const std::string kInvalid = "One or more parameter values were invalid: ";
inline const std::string kInUse =
    "ResourceInUseException: Attempt to change a resource which is still in use: ";
inline const char* const kUnits =
    R"("ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2})";

inline std::string definitions(const std::string& names) {
    std::string list;
    for (const char name : names) {
        list += std::string(list.empty() ? "" : ", ") + R"({"AttributeName": ")" + name +
                R"(", "AttributeType": "S"})";
    }
    return R"("AttributeDefinitions": [)" + list + "]";
}

// "Ab": HASH key a, RANGE key b.
inline std::string keys(const std::string& names) {
    std::string list;
    for (const char name : names) {
        const bool is_hash = std::isupper(static_cast<unsigned char>(name));
        list += std::string(list.empty() ? "" : ", ") + R"({"AttributeName": ")" +
                static_cast<char>(std::tolower(name)) + R"(", "KeyType": ")" +
                (is_hash ? "HASH" : "RANGE") + "\"}";
    }
    return R"("KeySchema": [)" + list + "]";
}

inline std::string index(const std::string& name, const std::string& key_names,
                         const std::string& more = "",
                         const std::string& projection = R"({"ProjectionType": "ALL"})") {
    return R"({"IndexName": ")" + name + "\", " + keys(key_names) + R"(, "Projection": )" +
           projection + more + "}";
}

// Attributes, keys, and what else there is.
inline std::string table(const std::string& attributes, const std::string& key_names,
                         const std::string& more) {
    return R"({"TableName": "env", )" + definitions(attributes) + ", " + keys(key_names) + more +
           "}";
}

inline std::string global(const std::string& indexes) {
    return R"(, "GlobalSecondaryIndexes": [)" + indexes + "]";
}
inline std::string local(const std::string& indexes) {
    return R"(, "LocalSecondaryIndexes": [)" + indexes + "]";
}

inline const char* const kOnDemand = R"(, "BillingMode": "PAY_PER_REQUEST")";

struct Indexed : TestCloud {
    std::string create(const std::string& request) {
        return error_of(call("dynamodb.CreateTable", request));
    }
    std::string update(const std::string& members) {
        return error_of(call("dynamodb.UpdateTable", R"({"TableName": "env", )" + members + "}"));
    }
    std::string change_index(const std::string& entries, const std::string& more = "") {
        return update(R"("GlobalSecondaryIndexUpdates": [)" + entries + "]" + more);
    }
    boost::json::value described(const std::string& pointer = "") {
        return result("dynamodb.DescribeTable", R"({"TableName": "env"})")
            .at_pointer("/Table" + pointer);
    }
    void put(const std::string& item) {
        result("dynamodb.PutItem", R"({"TableName": "env", "Item": )" + item + "}");
    }
    // One pulse: the next of the things that are due.
    void pulse() { kernel.apply(Kernel::pulse_at(now(), ++pulses_)); }

  private:
    std::uint64_t pulses_ = 1000;
};

inline std::string make(const std::string& created) { return R"({"Create": )" + created + "}"; }
inline std::string drop(const std::string& name) {
    return R"({"Delete": {"IndexName": ")" + name + "\"}}";
}
inline std::string alter(const std::string& name, const std::string& more) {
    return R"({"Update": {"IndexName": ")" + name + "\"" + more + "}}";
}

}  // namespace sbemu
