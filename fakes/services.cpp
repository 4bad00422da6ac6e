#include "fakes/services.h"

#include "emulator/core/control.h"
#include "fakes/cloudformation/cloudformation.h"
#include "fakes/dynamodb/dynamodb.h"
#include "fakes/iam/iam.h"
#include "fakes/kinesis/kinesis.h"
#include "fakes/lambda/lambda.h"
#include "fakes/logs/logs.h"
#include "fakes/s3/s3.h"
#include "fakes/sts/sts.h"

namespace sbemu {

const Registry& all_services() {
    static const Registry kRegistry({
        &control::service(),
        &cloudformation::service(),
        &dynamodb::service(),
        &dynamodb::streams_service(),
        &iam::service(),
        &kinesis::service(),
        &lambda::service(),
        &logs::service(),
        &s3::service(),
        &sts::service(),
    });
    return kRegistry;
}

}  // namespace sbemu
