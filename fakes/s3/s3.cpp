#include "fakes/s3/s3.h"

#include "fakes/s3/operations.h"
#include "fakes/s3/rows.h"

namespace sbemu::s3 {

const Service& service() {
    static constexpr Operation kOperations[] = {
        {"CreateBucket", create_bucket},
        {"DeleteBucket", delete_bucket},
        {"GetBucketEncryption", get_bucket_encryption},
        {"GetBucketLocation", get_bucket_location},
        {"GetBucketVersioning", get_bucket_versioning},
        {"GetObject", get_object},
        {"HeadBucket", head_bucket},
        {"HeadObject", head_object},
        {"ListBuckets", list_buckets_operation},
        {"PutObject", put_object},
    };
    static const Service kService{"s3", kOperations, {}, {}, kSchema};
    return kService;
}

}  // namespace sbemu::s3
