#include "fakes/s3/s3.h"

namespace sbemu::s3 {

const Service& service() {
    static constexpr Service kService{"s3", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::s3
