#include "fakes/cloudformation/inline_code.h"

#include "emulator/core/error.h"
#include "emulator/core/zip.h"
#include "fakes/cloudformation/embedded.h"

namespace sbemu::cloudformation {

// The triggers are AWS's: facts/cloudformation.md 1.5.
std::string package_inline_code(std::string_view runtime, std::string_view source) {
    if (runtime.starts_with("nodejs")) {
        std::vector<ZipEntry> files{{"index.js", source}};
        const bool wants_module =
            source.find("require('cfn-response')") != std::string_view::npos ||
            source.find("require(\"cfn-response\")") != std::string_view::npos;
        if (wants_module) files.push_back({"cfn-response.js", node_response_module()});
        return make_zip(files);
    }
    if (runtime.starts_with("python")) {
        std::vector<ZipEntry> files{{"index.py", source}};
        if (source.find("import cfnresponse") != std::string_view::npos) {
            files.push_back({"cfnresponse.py", python_response_module()});
        }
        return make_zip(files);
    }
    throw ApiError("InvalidParameterValueException",
                   "ZipFile can only be used with Node.js and Python runtimes, not with " +
                       std::string(runtime) + ".");
}

}  // namespace sbemu::cloudformation
