#include "fakes/s3/s3.h"

#include "fakes/s3/operations.h"
#include "fakes/s3/rows.h"

namespace sbemu::s3 {

const Service& service() {
    static constexpr Operation kOperations[] = {
        {"AbortMultipartUpload", abort_multipart_upload},
        {"CompleteMultipartUpload", complete_multipart_upload},
        {"CopyObject", copy_object},
        {"CreateBucket", create_bucket},
        {"CreateMultipartUpload", create_multipart_upload},
        {"DeleteBucket", delete_bucket},
        {"DeleteObject", delete_object},
        {"DeleteObjectTagging", delete_object_tagging},
        {"DeleteObjects", delete_objects},
        {"GetBucketEncryption", get_bucket_encryption},
        {"GetBucketLocation", get_bucket_location},
        {"GetBucketVersioning", get_bucket_versioning},
        {"GetObject", get_object},
        {"GetObjectTagging", get_object_tagging},
        {"HeadBucket", head_bucket},
        {"HeadObject", head_object},
        {"ListBuckets", list_buckets_operation},
        {"ListMultipartUploads", list_multipart_uploads},
        {"ListObjects", list_objects},
        {"ListObjectsV2", list_objects_v2},
        {"ListParts", list_parts_operation},
        {"PutObject", put_object},
        {"PutObjectTagging", put_object_tagging},
        {"UploadPart", upload_part},
        {"UploadPartCopy", upload_part_copy},
    };
    static const Service kService{"s3", kOperations, {}, {}, kSchema};
    return kService;
}

}  // namespace sbemu::s3
