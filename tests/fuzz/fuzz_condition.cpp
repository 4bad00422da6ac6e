#include <boost/json.hpp>

#include "fakes/dynamodb/expressions/condition.h"
#include "tests/fuzz/fuzzed_request.h"

namespace sbemu::dynamodb {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return refusing([&] {
        ExpressionAttributes attributes = fuzzed_attributes();
        const Node node =
            parse_condition("ConditionExpression", text_of_fuzzer(data, size), attributes);
        static_cast<void>(holds(node, fuzzed_item()));
        static_cast<void>(holds(node, {}));
    });
}

}  // namespace sbemu::dynamodb
