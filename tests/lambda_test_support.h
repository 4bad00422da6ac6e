// Functions and their packages for tests, and the part of the host played by the test.
#pragma once

#include <zip.h>

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "emulator/core/encoding.h"
#include "tests/test_cloud.h"

namespace sbemu {

struct PackageEntry {
    std::string name;
    std::string content;
    bool is_link = false;
};

inline std::string make_package(const std::vector<PackageEntry>& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(target);
    zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    for (const PackageEntry& entry : entries) {
        zip_source_t* content =
            zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
        const auto index = static_cast<zip_uint64_t>(
            zip_file_add(archive, entry.name.c_str(), content, ZIP_FL_ENC_UTF_8));
        zip_file_set_mtime(archive, index, 1488326400, 0);
        const zip_uint32_t mode = entry.is_link ? 0120777 : 0100644;
        zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, mode << 16);
    }
    zip_close(archive);
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    const auto size = static_cast<std::size_t>(zip_source_tell(target));
    zip_source_seek(target, 0, SEEK_SET);
    std::string bytes(size, '\0');
    zip_source_read(target, bytes.data(), size);
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

inline std::string zip_file_member(const std::vector<PackageEntry>& entries) {
    return base64_encode(make_package(entries));
}

// CreateFunction's input; `extra` are further members, as `, "Timeout": 5`.
inline std::string function_request(const std::string& name, const std::string& extra = "") {
    return R"({"FunctionName": ")" + name +
           R"(", "Runtime": "nodejs20.x", "Handler": "index.handler",
               "Role": "arn:aws:iam::123456789012:role/worker",
               "Code": {"ZipFile": ")" +
           zip_file_member({{"index.js", "exports.handler = async () => 1;"}}) + R"("})" + extra +
           "}";
}

// A cloud with the active function "worker".
inline void create_worker(TestCloud& cloud, const std::string& extra = "") {
    cloud.result("lambda.CreateFunction", function_request("worker", extra));
    cloud.settle();
    cloud.effects.clear();
}

// Takes the effects of one kind that were asked for since.
inline std::vector<boost::json::object> take_effects(TestCloud& cloud, std::string_view kind) {
    std::vector<boost::json::object> taken;
    std::vector<Effect> kept;
    for (Effect& effect : cloud.effects) {
        if (effect.kind == kind) {
            taken.push_back(std::move(effect.payload));
        } else {
            kept.push_back(std::move(effect));
        }
    }
    cloud.effects = std::move(kept);
    return taken;
}

// The one invocation that was handed to the host since.
inline boost::json::object take_invocation(TestCloud& cloud) {
    auto invocations = take_effects(cloud, "lambda.invoke");
    REQUIRE(invocations.size() == 1);
    return std::move(invocations.front());
}

inline std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

inline std::string member_text(const boost::json::object& object, std::string_view member) {
    return std::string(object.at(member).as_string());
}

// Reports as the host does. `extra` are further members of the report.
inline void report_started(TestCloud& cloud, const boost::json::object& invocation) {
    cloud.result("lambda.InvocationStarted",
                 R"({"InvocationId": ")" + member_text(invocation, "InvocationId") + R"("})");
}

inline void report_ended(TestCloud& cloud, const boost::json::object& invocation,
                         const std::string& outcome, const std::string& body,
                         const std::string& extra = "") {
    cloud.result("lambda.InvocationEnded",
                 R"({"InvocationId": ")" + member_text(invocation, "InvocationId") +
                     R"(", "Outcome": ")" + outcome +
                     R"(", "DurationMicroseconds": 3014, "MaxMemoryMegabytes": 36,
                         "LogStream": "2017/03/01/[$LATEST]0123456789abcdef0123456789abcdef",
                         "Log": [])" +
                     extra + "}",
                 body);
    cloud.settle();
}

}  // namespace sbemu
