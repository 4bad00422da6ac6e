#include "emulator/host/functions/package.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "emulator/host/process/file_descriptor.h"

namespace sbemu {
namespace {

// facts/lambda.md 3.4. Checked again here because a zip may hold more than it declares.
constexpr std::uint64_t kUnpackedLimit = 262'144'000;
constexpr std::size_t kPieceSize = 256 * 1024;
// Up to this an entry is inflated whole, by libdeflate: three times as fast as in pieces by zlib.
constexpr std::uint64_t kInflatedWhole = 32 * 1024 * 1024;

struct ArchiveDeleter {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, ArchiveDeleter>;

struct EntryDeleter {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using OpenEntry = std::unique_ptr<zip_file_t, EntryDeleter>;

struct DecompressorDeleter {
    void operator()(libdeflate_decompressor* inflate) const {
        libdeflate_free_decompressor(inflate);
    }
};
using Decompressor = std::unique_ptr<libdeflate_decompressor, DecompressorDeleter>;

std::string reason_of(zip_error_t& error) {
    std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    return reason;
}

// The archive reads from `zip`, which must outlive it.
Archive open_archive(std::string_view zip) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(zip.data(), zip.size(), 0, &error);
    zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
        if (source != nullptr) zip_source_free(source);
        throw PackageError("the package is not a zip file: " + reason_of(error));
    }
    zip_error_fini(&error);
    return Archive(archive);
}

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
    throw PackageError("the package's entry '" + name + "' " + reason);
}

[[noreturn]] void fail(const std::string& name, int error_number) {
    refuse(name, "cannot be unpacked: " + std::generic_category().message(error_number));
}

// "a/./b/" as {"a", "b"}. Refuses what is not inside the folder.
std::vector<std::string> segments_of(const std::string& name) {
    if (name.starts_with('/')) refuse(name, "has an absolute name");
    std::vector<std::string> segments;
    std::size_t start = 0;
    while (start <= name.size()) {
        const std::size_t end = std::min(name.find('/', start), name.size());
        std::string segment = name.substr(start, end - start);
        if (segment == "..") refuse(name, "leads out of its folder by '..'");
        if (!segment.empty() && segment != ".") segments.push_back(std::move(segment));
        start = end + 1;
    }
    return segments;
}

// Leading ".." may climb up to the package's root; after them the path only goes down.
bool stays_inside(const std::string& target, std::size_t depth) {
    if (target.empty() || target.starts_with('/')) return false;
    std::size_t start = 0;
    bool descending = false;
    while (start <= target.size()) {
        const std::size_t end = std::min(target.find('/', start), target.size());
        const std::string_view segment = std::string_view(target).substr(start, end - start);
        start = end + 1;
        if (segment.empty() || segment == ".") continue;
        if (segment != "..") {
            descending = true;
        } else if (descending || depth-- == 0) {
            return false;
        }
    }
    return true;
}

// The permissions and type that a Unix zip program noted, if one did.
std::optional<mode_t> unix_mode(zip_t* archive, zip_uint64_t index) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0 ||
        system != ZIP_OPSYS_UNIX || (attributes >> 16) == 0) {
        return std::nullopt;
    }
    return static_cast<mode_t>(attributes >> 16);
}

class Unpacking {
  public:
    Unpacking(std::string_view zip, const std::filesystem::path& folder)
        : archive_(open_archive(zip)), piece_(kPieceSize) {
        if (mkdir(folder.c_str(), 0755) != 0) fail(folder.string(), errno);
        root_ = FileDescriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!root_) fail(folder.string(), errno);
    }

    void run() {
        const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
        for (zip_int64_t i = 0; i < count; ++i) unpack(static_cast<zip_uint64_t>(i));
        // Last, so that no entry is ever written through one.
        for (const Link& link : links_) make(link);
    }

  private:
    struct Link {
        std::string name;
        std::string path;
        std::string target;
    };

    void unpack(zip_uint64_t index) {
        const char* raw_name = zip_get_name(archive_.get(), index, ZIP_FL_ENC_RAW);
        if (raw_name == nullptr) {
            throw PackageError(std::string("the package cannot be read: ") +
                               zip_strerror(archive_.get()));
        }
        const std::string name = raw_name;
        std::vector<std::string> segments = segments_of(name);
        if (segments.empty()) return;
        const auto mode = unix_mode(archive_.get(), index);
        const bool is_folder = name.ends_with('/');
        std::string path = make_folders(name, segments, is_folder);
        if (is_folder) return;
        if (mode && S_ISLNK(*mode)) {
            note_link(index, name, std::move(path), segments.size() - 1);
        } else {
            write_file(index, name, path, mode);
        }
    }

    // Makes the folders above the entry, or the entry itself too; returns its path.
    std::string make_folders(const std::string& name, const std::vector<std::string>& segments,
                             bool is_folder) {
        std::string path;
        for (std::size_t i = 0; i < segments.size(); ++i) {
            path += (i == 0 ? "" : "/") + segments[i];
            if (i + 1 == segments.size() && !is_folder) break;
            if (!folders_.insert(path).second) continue;
            if (mkdirat(root_.get(), path.c_str(), 0755) != 0) fail(name, errno);
        }
        return path;
    }

    void note_link(zip_uint64_t index, const std::string& name, std::string path,
                   std::size_t depth) {
        std::string target;
        read(index, name, [&](std::string_view piece) { target += piece; });
        if (!stays_inside(target, depth)) {
            refuse(name, "is a symbolic link that leads out of its folder, to '" + target + "'");
        }
        links_.push_back({name, std::move(path), std::move(target)});
    }

    void make(const Link& link) {
        if (symlinkat(link.target.c_str(), root_.get(), link.path.c_str()) != 0) {
            fail(link.name, errno);
        }
    }

    void write_file(zip_uint64_t index, const std::string& name, const std::string& path,
                    std::optional<mode_t> noted) {
        // Readable at least, as functions run as the user who unpacks; and not writable, as on AWS,
        // where the whole folder is so: several functions may share it.
        const mode_t mode = noted ? ((*noted & 0555) | 0400) : 0444;
        const FileDescriptor file(openat(root_.get(), path.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                                         mode | 0200));
        if (!file) fail(name, errno);
        read(index, name, [&](std::string_view piece) { write_piece(file, name, piece); });
        if (fchmod(file.get(), mode) != 0) fail(name, errno);
    }

    static void write_piece(const FileDescriptor& file, const std::string& name,
                            std::string_view piece) {
        while (!piece.empty()) {
            const ssize_t written = ::write(file.get(), piece.data(), piece.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(name, errno);
            piece.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    template <typename Take>
    void read(zip_uint64_t index, const std::string& name, const Take& take) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        constexpr zip_uint64_t kNeeded =
            ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC;
        const bool is_known = zip_stat_index(archive_.get(), index, 0, &stat) == 0 &&
                              (stat.valid & kNeeded) == kNeeded;
        if (is_known && stat.comp_method == ZIP_CM_DEFLATE && stat.size <= kInflatedWhole &&
            stat.comp_size <= kInflatedWhole) {
            return take(inflate(index, name, stat));
        }
        read_pieces(index, name, take);
    }

    // The view is good until the next call.
    std::string_view inflate(zip_uint64_t index, const std::string& name, const zip_stat_t& stat) {
        count_unpacked(stat.size);
        const OpenEntry entry(zip_fopen_index(archive_.get(), index, ZIP_FL_COMPRESSED));
        if (!entry) refuse(name, std::string("cannot be read: ") + zip_strerror(archive_.get()));
        compressed_.resize(stat.comp_size);
        inflated_.resize(stat.size);
        const bool is_whole =
            zip_fread(entry.get(), compressed_.data(), compressed_.size()) ==
                static_cast<zip_int64_t>(compressed_.size()) &&
            libdeflate_deflate_decompress(inflate_.get(), compressed_.data(), compressed_.size(),
                                          inflated_.data(), inflated_.size(),
                                          nullptr) == LIBDEFLATE_SUCCESS;
        if (!is_whole) refuse(name, "cannot be read: its compressed data is damaged");
        if (libdeflate_crc32(0, inflated_.data(), inflated_.size()) != stat.crc) {
            refuse(name, "cannot be read: CRC error");
        }
        return {inflated_.data(), inflated_.size()};
    }

    void count_unpacked(std::uint64_t size) {
        unpacked_ += size;
        if (unpacked_ > kUnpackedLimit) {
            throw PackageError("the package's unzipped size is not smaller than " +
                               std::to_string(kUnpackedLimit) + " bytes");
        }
    }

    template <typename Take>
    void read_pieces(zip_uint64_t index, const std::string& name, const Take& take) {
        const OpenEntry entry(zip_fopen_index(archive_.get(), index, 0));
        if (!entry) refuse(name, std::string("cannot be read: ") + zip_strerror(archive_.get()));
        while (true) {
            const zip_int64_t size = zip_fread(entry.get(), piece_.data(), piece_.size());
            if (size == 0) return;
            if (size < 0) {
                refuse(name, std::string("cannot be read: ") + zip_file_strerror(entry.get()));
            }
            count_unpacked(static_cast<std::uint64_t>(size));
            take(std::string_view(piece_.data(), static_cast<std::size_t>(size)));
        }
    }

    Archive archive_;
    FileDescriptor root_;
    std::vector<char> piece_;
    std::vector<char> compressed_;
    std::vector<char> inflated_;
    Decompressor inflate_{libdeflate_alloc_decompressor()};
    std::set<std::string> folders_;
    std::vector<Link> links_;
    std::uint64_t unpacked_ = 0;
};

}  // namespace

void unpack_package(std::string_view zip, const std::filesystem::path& folder) {
    Unpacking(zip, folder).run();
}

}  // namespace sbemu
