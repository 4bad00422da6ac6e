#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/projection.h"
#include "tests/fuzz/fuzzed_request.h"

namespace sbemu::dynamodb {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return refusing([&] {
        ExpressionAttributes attributes = fuzzed_attributes();
        const Item part =
            project(parse_projection(text_of_fuzzer(data, size), attributes), fuzzed_item());
        if (size_of_item(part) > size_of_item(fuzzed_item())) __builtin_trap();
    });
}

}  // namespace sbemu::dynamodb
