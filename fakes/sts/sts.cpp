#include "fakes/sts/sts.h"

namespace sbemu::sts {

const Service& service() {
    static constexpr Service kService{"sts", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::sts
