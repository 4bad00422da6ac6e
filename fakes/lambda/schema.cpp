#include "fakes/lambda/rows.h"

namespace sbemu::lambda {

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS lambda_function (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
        environment TEXT NOT NULL, revision_id TEXT NOT NULL,
        active INTEGER NOT NULL, updating INTEGER NOT NULL, last_modified INTEGER NOT NULL,
        code_hash TEXT NOT NULL, code_sha256 TEXT NOT NULL, code_size INTEGER NOT NULL,
        settings TEXT NOT NULL, tags TEXT NOT NULL,
        policy TEXT NOT NULL, policy_revision_id TEXT NOT NULL,
        PRIMARY KEY (account, region, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS lambda_invocation (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL, region TEXT NOT NULL, function_name TEXT NOT NULL,
        request_id TEXT NOT NULL, invoked_arn TEXT NOT NULL,
        kind INTEGER NOT NULL, state INTEGER NOT NULL,
        deferred_event INTEGER NOT NULL, wants_log INTEGER NOT NULL,
        payload BLOB NOT NULL, client_context TEXT,
        attempt INTEGER NOT NULL, started_at INTEGER,
        memory_size INTEGER NOT NULL, timeout_seconds INTEGER NOT NULL, log_group TEXT NOT NULL,
        mapping TEXT NOT NULL, shard TEXT NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS lambda_mapping (
        number INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL, region TEXT NOT NULL,
        source_arn TEXT NOT NULL, function_name TEXT NOT NULL, function_arn TEXT NOT NULL,
        state INTEGER NOT NULL, enabled INTEGER NOT NULL, batch_size INTEGER NOT NULL,
        starting_position TEXT NOT NULL, starting_timestamp INTEGER,
        maximum_retry_attempts INTEGER NOT NULL, maximum_record_age_seconds INTEGER NOT NULL,
        last_modified INTEGER NOT NULL, last_processing_result TEXT NOT NULL,
        positioned INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS lambda_mapping_source ON lambda_mapping (source_arn, number);

    CREATE TABLE IF NOT EXISTS lambda_shard (
        mapping TEXT NOT NULL REFERENCES lambda_mapping (uuid) ON DELETE CASCADE,
        id TEXT NOT NULL, parent TEXT NOT NULL, adjacent_parent TEXT NOT NULL,
        phase INTEGER NOT NULL, position_type TEXT NOT NULL, position TEXT NOT NULL,
        invocation TEXT NOT NULL, attempts INTEGER NOT NULL,
        batch_count INTEGER NOT NULL, batch_end TEXT NOT NULL,
        PRIMARY KEY (mapping, id)
    ) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sbemu::lambda
