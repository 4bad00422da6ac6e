#include "fakes/dynamodb/dynamodb.h"

namespace sbemu::dynamodb {

const Service& service() {
    static constexpr Service kService{"dynamodb", {}, {}, {}, ""};
    return kService;
}

const Service& streams_service() {
    static constexpr Service kService{"dynamodbstreams", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::dynamodb
