#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/update.h"
#include "tests/fuzz/fuzzed_request.h"

namespace sbemu::dynamodb {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return refusing([&] {
        ExpressionAttributes attributes = fuzzed_attributes();
        const Update update = parse_update(text_of_fuzzer(data, size), attributes);
        const Item item = apply_update(update, fuzzed_item());
        // What an update makes is an item in its normal form.
        if (normalize_item(item) != item) __builtin_trap();
    });
}

}  // namespace sbemu::dynamodb
