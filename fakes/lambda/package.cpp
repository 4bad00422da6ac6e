#include "fakes/lambda/package.h"

#include <zip.h>

#include <boost/json.hpp>
#include <memory>
#include <set>
#include <vector>

#include "emulator/core/blobs.h"
#include "emulator/core/encoding.h"
#include "fakes/lambda/errors.h"
#include "fakes/lambda/request.h"

namespace sbemu::lambda {
namespace json = boost::json;
namespace {

// facts/lambda.md 3.4.
constexpr std::size_t kZippedLimit = 52428800;
constexpr std::uint64_t kUnzippedLimit = 262144000;
constexpr std::uint64_t kLinkTargetLimit = 4096;

ApiError broken_zip() {
    return invalid_parameter(
        "Could not unzip uploaded file. Please check your file, then try to upload again.");
}

// Text as reported by users of Lambda (assumed).
ApiError empty_zip() { return invalid_parameter("Uploaded file must be a non-empty zip"); }

// AWS's text for such an entry is not known; it says what is wrong (assumed).
ApiError escaping_entry(const std::string& name) {
    return invalid_parameter("Could not unzip uploaded file: the entry '" + name +
                             "' leads out of the package.");
}

struct CloseZip {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
using ZipHandle = std::unique_ptr<zip_t, CloseZip>;

ZipHandle open_zip(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
    zip_error_fini(&error);
    if (!archive) {
        if (source) zip_source_free(source);
        throw broken_zip();
    }
    return ZipHandle(archive);
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (true) {
        const auto slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (!segment.empty() && segment != ".") segments.emplace_back(segment);
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_symbolic_link(zip_t* archive, zip_uint64_t index) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    zip_file_get_external_attributes(archive, index, 0, &system, &attributes);
    return system == ZIP_OPSYS_UNIX && ((attributes >> 16) & 0170000) == 0120000;
}

std::string link_target(zip_t* archive, zip_uint64_t index, std::uint64_t size) {
    if (size > kLinkTargetLimit) throw broken_zip();
    std::string target(size, '\0');
    zip_file_t* file = zip_fopen_index(archive, index, 0);
    if (!file) throw broken_zip();
    const zip_int64_t read = zip_fread(file, target.data(), size);
    zip_fclose(file);
    if (read != static_cast<zip_int64_t>(size)) throw broken_zip();
    return target;
}

// A link may climb only at its start, and not above the package: then, as no entry lies below a
// link, where it leads is what its text says.
bool link_stays_inside(const std::vector<std::string>& link, std::string_view target) {
    if (target.starts_with('/')) return false;
    std::size_t depth = link.size() - 1;
    bool climbing = true;
    for (const std::string& segment : segments_of(target)) {
        if (segment != "..") {
            climbing = false;
        } else if (!climbing || depth-- == 0) {
            return false;
        }
    }
    return true;
}

struct Entry {
    std::string name;
    std::vector<std::string> segments;
};

bool is_below_a_link(const Entry& entry, const std::set<std::vector<std::string>>& links) {
    std::vector<std::string> parent = entry.segments;
    while (parent.size() > 1) {
        parent.pop_back();
        if (links.contains(parent)) return true;
    }
    return false;
}

}  // namespace

void check_package(std::string_view bytes) {
    if (bytes.empty()) throw empty_zip();
    const ZipHandle archive = open_zip(bytes);
    std::uint64_t unzipped = 0;
    std::vector<Entry> entries;
    std::set<std::vector<std::string>> links;
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    if (count == 0) throw empty_zip();
    for (zip_int64_t number = 0; number < count; ++number) {
        const auto index = static_cast<zip_uint64_t>(number);
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index(archive.get(), index, 0, &stat) != 0 || !stat.name) throw broken_zip();
        Entry entry{stat.name, segments_of(stat.name)};
        unzipped += stat.size;
        if (unzipped >= kUnzippedLimit) {
            throw invalid_parameter("Unzipped size must be smaller than 262144000 bytes");
        }
        const bool climbs =
            std::find(entry.segments.begin(), entry.segments.end(), "..") != entry.segments.end();
        if (entry.name.starts_with('/') || climbs) throw escaping_entry(entry.name);
        if (is_symbolic_link(archive.get(), index) && !entry.segments.empty()) {
            const std::string target = link_target(archive.get(), index, stat.size);
            if (!link_stays_inside(entry.segments, target)) throw escaping_entry(entry.name);
            links.insert(entry.segments);
        }
        entries.push_back(std::move(entry));
    }
    for (const Entry& entry : entries) {
        if (is_below_a_link(entry, links)) throw escaping_entry(entry.name);
    }
}

namespace {

// A zip, and the kernel blob it is in if there is one already.
Outcome read_from_s3(Context& ctx, const json::object& code) {
    json::object request{{"Bucket", required_text(code, "S3Bucket")},
                         {"Key", required_text(code, "S3Key")}};
    if (const auto version = find_text(code, "S3ObjectVersion")) request["VersionId"] = *version;
    auto answer = ctx.try_call("s3", "GetObject", request);
    if (const auto* error = std::get_if<ApiError>(&answer)) {
        throw invalid_parameter("Error occurred while GetObject. S3 Error Code: " + error->code +
                                ". S3 Error Message: " + error->what());
    }
    return std::get<Outcome>(std::move(answer));
}

Outcome read_zip(Context& ctx, const json::object& code) {
    for (const std::string_view member : {"ImageUri", "SourceKMSKeyArn"}) {
        if (asks_for(code, member)) throw not_implemented("lambda Code " + std::string(member));
    }
    if (const auto text = find_text(code, "ZipFile")) {
        auto zip = base64_decode(*text);
        if (!zip) throw broken_zip();
        if (zip->size() > kZippedLimit) {
            throw request_too_large("Zipped size must be smaller than 52428800 bytes");
        }
        return {{}, std::move(*zip)};
    }
    if (!asks_for(code, "S3Bucket") || !asks_for(code, "S3Key")) {
        // Text as reported by clients (assumed).
        throw invalid_parameter("Please provide a source for function code.");
    }
    return read_from_s3(ctx, code);
}

}  // namespace

Package read_package(Context& ctx, const json::object& code) {
    const Outcome zip = read_zip(ctx, code);
    check_package(zip.body);
    const std::string hash = zip.body_blob.empty() ? put_blob(ctx.store, zip.body) : zip.body_blob;
    return {hash, base64_encode(*hex_decode(hash)), static_cast<std::int64_t>(zip.body.size())};
}

}  // namespace sbemu::lambda
