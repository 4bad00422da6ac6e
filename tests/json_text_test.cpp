// Values as JSON text: what Boost.JSON writes, in fewer steps.
#include "emulator/core/json_text.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace sbemu {

namespace {

std::string written(const boost::json::value& value) {
    std::string text;
    append_json(text, value);
    return text;
}

}  // namespace

TEST_CASE("json: every byte at every place of a string", "[json]") {
    for (std::size_t size = 1; size <= 18; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                boost::json::string text(size, 'a');
                text[place] = static_cast<char>(byte);
                if (written(text) != boost::json::serialize(text)) {
                    FAIL("byte " << byte << " at " << place << " of " << size << ": "
                                 << written(text));
                }
            }
        }
    }
    boost::json::string all;
    for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
    CHECK(written(all) == boost::json::serialize(all));
}

TEST_CASE("json: objects, lists and what is in them", "[json]") {
    for (
        const char* text :
        {"null", "true", "false", "[]", "{}", "[[],{}]", R"({"":""})", "-1", "0",
         "9223372036854775807", "18446744073709551615", R"({"a":[1,null,{"b\n":"\u0001"}],"c":{}})",
         R"({"Item":{"id":{"S":"a \"quoted\" text"},"n":{"N":"12"},"l":{"L":[{"BOOL":true}]}}})"}) {
        CHECK(written(parse_json(text)) == text);
    }
    CHECK(written(parse_json("[1.5, 1e300, -0.25]")) == "[1.5,1e+300,-0.25]");
}

}  // namespace sbemu
