#include "fakes/cloudformation/inline_code.h"

#include <zip.h>

#include "emulator/core/error.h"
#include "fakes/cloudformation/embedded.h"

namespace sbemu::cloudformation {
namespace {

struct File {
    std::string name;
    std::string_view content;
};

// A zip in memory whose bytes depend on nothing but the files: no clock in the entries.
std::string zip_of(const std::vector<File>& files) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error) : nullptr;
    if (!archive) throw std::runtime_error("cannot make a zip in memory");
    zip_source_keep(target);
    for (const File& file : files) {
        zip_source_t* source =
            zip_source_buffer(archive, file.content.data(), file.content.size(), 0);
        const zip_int64_t index =
            zip_file_add(archive, file.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0x21, 0);  // 1980-01-01
    }
    if (zip_close(archive) != 0) throw std::runtime_error("cannot write a zip in memory");
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

}  // namespace

// The triggers are AWS's: facts/cloudformation.md 1.5.
std::string package_inline_code(std::string_view runtime, std::string_view source) {
    if (runtime.starts_with("nodejs")) {
        std::vector<File> files{{"index.js", source}};
        const bool wants_module =
            source.find("require('cfn-response')") != std::string_view::npos ||
            source.find("require(\"cfn-response\")") != std::string_view::npos;
        if (wants_module) files.push_back({"cfn-response.js", node_response_module()});
        return zip_of(files);
    }
    if (runtime.starts_with("python")) {
        std::vector<File> files{{"index.py", source}};
        if (source.find("import cfnresponse") != std::string_view::npos) {
            files.push_back({"cfnresponse.py", python_response_module()});
        }
        return zip_of(files);
    }
    throw ApiError("InvalidParameterValueException",
                   "ZipFile can only be used with Node.js and Python runtimes, not with " +
                       std::string(runtime) + ".");
}

}  // namespace sbemu::cloudformation
