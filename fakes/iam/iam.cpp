#include "fakes/iam/iam.h"

namespace sbemu::iam {

const Service& service() {
    static constexpr Service kService{"iam", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::iam
