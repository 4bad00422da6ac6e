#include "fakes/logs/logs.h"

namespace sbemu::logs {

const Service& service() {
    static constexpr Service kService{"logs", {}, {}, {}, ""};
    return kService;
}

}  // namespace sbemu::logs
