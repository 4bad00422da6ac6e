#include "fakes/cloudformation/embedded.h"

extern "C" {
extern const char sbemu_cfn_response_js[];
extern const char sbemu_cfn_response_js_end[];
extern const char sbemu_cfnresponse_py[];
extern const char sbemu_cfnresponse_py_end[];
}

namespace sbemu::cloudformation {

std::string_view node_response_module() {
    return {sbemu_cfn_response_js, sbemu_cfn_response_js_end};
}
std::string_view python_response_module() {
    return {sbemu_cfnresponse_py, sbemu_cfnresponse_py_end};
}

}  // namespace sbemu::cloudformation
