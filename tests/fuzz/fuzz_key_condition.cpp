#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/key_condition.h"
#include "tests/fuzz/fuzzed_request.h"

namespace sbemu::dynamodb {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return refusing([&] {
        ExpressionAttributes attributes = fuzzed_attributes();
        static_cast<void>(key_conditions_of(
            parse_condition("KeyConditionExpression", text_of_fuzzer(data, size), attributes)));
    });
}

}  // namespace sbemu::dynamodb
