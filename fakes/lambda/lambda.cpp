#include "fakes/lambda/lambda.h"

namespace sbemu::lambda {

const Service& service() {
    static constexpr Service kService{"lambda", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::lambda
