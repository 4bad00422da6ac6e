#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// Streams outlive their tables by a day, so they do not refer to them.
const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS dynamodb_table (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
        partition_name TEXT NOT NULL, partition_type TEXT NOT NULL,
        sort_name TEXT, sort_type TEXT, stream INTEGER,
        item_count INTEGER NOT NULL, size_bytes INTEGER NOT NULL, description TEXT NOT NULL,
        UNIQUE (account, region, name)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dynamodb_item (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        hash INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
        size INTEGER NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY (table_id, hash, partition, sort)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_tag (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (table_id, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_stream (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, table_name TEXT NOT NULL,
        arn TEXT NOT NULL UNIQUE, label TEXT NOT NULL, status TEXT NOT NULL,
        view_type TEXT NOT NULL, key_schema TEXT NOT NULL, created INTEGER NOT NULL,
        ended INTEGER, next_sequence INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dynamodb_shard (
        stream INTEGER NOT NULL REFERENCES dynamodb_stream (id) ON DELETE CASCADE,
        id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER,
        PRIMARY KEY (stream, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_record (
        stream INTEGER NOT NULL REFERENCES dynamodb_stream (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL, created INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (stream, sequence)
    ) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sbemu::dynamodb
