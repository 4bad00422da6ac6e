#include "emulator/core/zip.h"

#include <zip.h>

#include <stdexcept>

namespace sbemu {

std::string make_zip(const std::vector<ZipEntry>& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error) : nullptr;
    if (!archive) throw std::runtime_error("cannot make a zip in memory");
    zip_source_keep(target);
    for (const ZipEntry& entry : entries) {
        zip_source_t* source =
            zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
        const zip_int64_t index =
            source ? zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
        if (index < 0) {
            const std::string reason = zip_strerror(archive);
            if (source) zip_source_free(source);
            zip_discard(archive);
            zip_source_free(target);
            throw std::runtime_error("cannot put " + entry.name + " into a zip: " + reason);
        }
        const auto number = static_cast<zip_uint64_t>(index);
        zip_file_set_dostime(archive, number, 0, 0x21, 0);  // 1980-01-01
        if (entry.unix_mode != 0) {
            zip_file_set_external_attributes(archive, number, 0, ZIP_OPSYS_UNIX,
                                             entry.unix_mode << 16);
        }
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

}  // namespace sbemu
