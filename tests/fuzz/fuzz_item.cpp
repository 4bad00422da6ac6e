#include <boost/json.hpp>

#include "tests/fuzz/fuzzed_request.h"

using namespace sbemu::dynamodb;

// Any JSON, checked as the wire checks it only as far as that it is an object: what is no attribute
// value must be refused, and the normal form of what is one is its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::json::error_code error;
    const boost::json::value value =
        boost::json::parse(std::string_view(text_of_fuzzer(data, size)), error);
    if (error || !value.is_object()) return 0;
    return refusing([&] {
        Item item;
        try {
            item = normalize_item(value.as_object());
        } catch (const std::invalid_argument&) {
            return;  // a member of the wrong JSON type: the wire refuses it before
        }
        if (normalize_item(item) != item) __builtin_trap();
        if (!equal_items(item, item)) __builtin_trap();
        static_cast<void>(size_of_item(item));
    });
}
