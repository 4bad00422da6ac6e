#include <boost/json.hpp>

#include "fakes/cloudformation/provider.h"

namespace sbemu::cloudformation {
namespace json = boost::json;
namespace {

constexpr Property kProperties[] = {{.name = "BucketName", .replaces = true}};

constexpr std::string_view kAttributes[] = {"Arn", "DomainName", "DualStackDomainName",
                                            "RegionalDomainName", "WebsiteURL"};

json::object attributes_of(const std::string& bucket, const std::string& region) {
    return {{"Arn", "arn:aws:s3:::" + bucket},
            {"DomainName", bucket + ".s3.amazonaws.com"},
            {"DualStackDomainName", bucket + ".s3.dualstack." + region + ".amazonaws.com"},
            {"RegionalDomainName", bucket + ".s3." + region + ".amazonaws.com"},
            {"WebsiteURL", "http://" + bucket + ".s3-website-" + region + ".amazonaws.com"}};
}

// Bucket names are lower case (facts/cloudformation.md 2.2).
std::string bucket_name(Context& ctx, const ResourceRequest& resource) {
    std::string name = resource.stack_name + "-" + resource.logical_id;
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    constexpr std::size_t kLongest = 63;
    constexpr std::size_t kSuffix = 12;
    name.resize(std::min(name.size(), kLongest - kSuffix - 1));
    return name + "-" + ctx.random.text(kSuffix, kLowerAlphanumeric);
}

Progress create(Context& ctx, const ResourceRequest& resource) {
    const std::string name = resource.properties.contains("BucketName")
                                 ? text_property(resource.properties, "BucketName")
                                 : bucket_name(ctx, resource);
    json::object request{{"Bucket", name}};
    if (ctx.caller.region != "us-east-1") {
        request["CreateBucketConfiguration"] =
            json::object{{"LocationConstraint", ctx.caller.region}};
    }
    ctx.call("s3", "CreateBucket", request);
    return Progress::done(name, attributes_of(name, ctx.caller.region));
}

Progress update(Context& ctx, const ResourceRequest& resource) {
    return Progress::done(resource.physical_id,
                          attributes_of(resource.physical_id, ctx.caller.region));
}

Progress remove(Context& ctx, const ResourceRequest& resource) {
    ctx.call("s3", "DeleteBucket", {{"Bucket", resource.physical_id}});
    return Progress::done(resource.physical_id);
}

}  // namespace

// Ref: the bucket's name.
const Provider& s3_bucket_provider() {
    static constexpr Provider kProvider{
        "AWS::S3::Bucket", kProperties, "BucketName", kAttributes, create, update, remove, nullptr};
    return kProvider;
}

}  // namespace sbemu::cloudformation
