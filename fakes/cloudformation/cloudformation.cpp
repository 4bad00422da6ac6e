#include "fakes/cloudformation/cloudformation.h"

namespace sbemu::cloudformation {

const Service& service() {
    static constexpr Service kService{"cloudformation", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::cloudformation
