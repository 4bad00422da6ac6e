#include <catch2/catch.hpp>
#include <string>

#include "emulator/core/pattern.h"

namespace sbemu {

TEST_CASE("pattern: matches whole texts as Java does") {
    struct Case {
        const char* pattern;
        const char* text;
        bool matches;
    };
    const Case cases[] = {
        {"[a-zA-Z0-9_.-]+", "a.b-c_9", true},
        {"[a-zA-Z0-9_.-]+", "", false},
        {"[a-zA-Z0-9_.-]+", "a/b", false},
        {"[a-zA-Z0-9-_]*", "a-_", true},
        {"[a-zA-Z0-9-_]*", "", true},
        {"[a-zA-Z0-9-_]*", "a.", false},
        {"abc|de?f", "df", true},
        {"abc|de?f", "abcf", false},
        {"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "2024", false},
        {"(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "v2024", true},
        {"((?!^\\d+$)^[0-9a-zA-Z-_]+$)", "1", false},
        {"((?!^\\d+$)^[0-9a-zA-Z-_]+$)", "1a", true},
        {"[0-9A-Za-z\\.\\-_]*(?<!\\.)", "a.b", true},
        {"[0-9A-Za-z\\.\\-_]*(?<!\\.)", "a.", false},
        {"a{2,3}b{2}c{1,}", "aabbc", true},
        {"a{2,3}b{2}c{1,}", "abbc", false},
        {"a{2,3}b{2}c{1,}", "aaaabbc", false},
        {"0|([1-9]\\d{0,38})", "012", false},
        {"0|([1-9]\\d{0,38})", "340282366920938463463374607431768211455", true},
        {"[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "größe 1", true},
        {"[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "a;b", false},
        {"[\\u0020-\\u00FF]+", "\xc3\xbc", true},
        {"[\\u0020-\\u00FF]+", "\xe2\x82\xac", false},
        {"[\\s\\S]*", "a\nb", true},
        {".*", "a\nb", false},
        {"[^.]([a-zA-Z0-9]+)",
         "\xc3\xbc"
         "a",
         true},
        {"arn:\\b(aws|cn)\\b:x", "arn:aws:x", true},
        {"(a)\\1", "anything: what cannot be expressed accepts", true},
        {"(a|a)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false},
    };
    for (const Case& one : cases) {
        INFO(one.pattern << " on " << one.text);
        CHECK(Pattern(one.pattern).matches(one.text) == one.matches);
    }
}

}  // namespace sbemu
