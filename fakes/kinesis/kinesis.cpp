#include "fakes/kinesis/kinesis.h"

namespace sbemu::kinesis {

const Service& service() {
    static constexpr Service kService{"kinesis", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::kinesis
