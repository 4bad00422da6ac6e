#include "fakes/s3/errors.h"

#include <boost/json.hpp>

namespace sbemu::s3 {
namespace {

ApiError with_fields(ApiError error, boost::json::object fields) {
    error.fields = std::move(fields);
    return error;
}

}  // namespace

ApiError no_such_bucket(std::string_view bucket) {
    return with_fields({"NoSuchBucket", "The specified bucket does not exist", 404},
                       {{"BucketName", bucket}});
}

ApiError no_such_key(std::string_view key) {
    return with_fields({"NoSuchKey", "The specified key does not exist.", 404}, {{"Key", key}});
}

ApiError no_such_upload(std::string_view upload_id) {
    return with_fields({"NoSuchUpload",
                        "The specified upload does not exist. The upload ID may be invalid, or "
                        "the upload may have been aborted or completed.",
                        404},
                       {{"UploadId", upload_id}});
}

ApiError precondition_failed(std::string_view condition) {
    return with_fields({"PreconditionFailed",
                        "At least one of the pre-conditions you specified did not hold", 412},
                       {{"Condition", condition}});
}

ApiError not_modified(std::string_view etag, std::int64_t modified) {
    return with_fields({"NotModified", "Not Modified", 304},
                       {{"ETag", etag}, {"LastModified", modified}});
}

ApiError invalid_argument(const std::string& message, std::string_view name,
                          std::string_view value) {
    return with_fields({"InvalidArgument", message, 400},
                       {{"ArgumentName", name}, {"ArgumentValue", value}});
}

ApiError invalid_request(const std::string& message) { return {"InvalidRequest", message, 400}; }

ApiError malformed_xml() {
    return {"MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema",
            400};
}

ApiError invalid_range(std::string_view range, std::int64_t size) {
    return with_fields({"InvalidRange", "The requested range is not satisfiable", 416},
                       {{"ActualObjectSize", std::to_string(size)}, {"RangeRequested", range}});
}

ApiError access_denied() { return {"AccessDenied", "Access Denied", 403}; }

ApiError unsupported_setting(std::string_view member) {
    return not_implemented("the S3 setting " + std::string(member));
}

}  // namespace sbemu::s3
