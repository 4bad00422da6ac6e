#include <boost/json.hpp>

#include "emulator/core/model.h"
#include "tests/fuzz/fuzzed_request.h"

namespace sbemu::dynamodb {

// Any JSON, as the item of a PutItem that the API model lets through: what is no attribute value
// must be refused, and the normal form of what is one is its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::json::error_code error;
    const boost::json::value value = sbemu::parse_json(text_of_fuzzer(data, size), error);
    if (error || !value.is_object()) return 0;
    return refusing([&] {
        sbemu::check_request("dynamodb", "PutItem", {{"TableName", "tab"}, {"Item", value}});
        const Item item = normalize_item(value.as_object());
        if (normalize_item(item) != item) __builtin_trap();
        if (!equal_items(item, item)) __builtin_trap();
        static_cast<void>(size_of_item(item));
        for (const auto& [name, member] : item) {
            const std::string_view type = type_of(member.as_object());
            if (type == "S" || type == "N" || type == "B") {
                static_cast<void>(sortable_bytes(member.as_object()));
            }
        }
    });
}

}  // namespace sbemu::dynamodb
