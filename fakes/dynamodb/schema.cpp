#include "fakes/dynamodb/rows.h"

namespace sbemu::dynamodb {

// Streams outlive their tables by a day, so they do not refer to them. Items are rows by number
// with an index of their keys: in a b-tree of the keys themselves few items of a page make it deep.
const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS dynamodb_table (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
        partition_name TEXT NOT NULL, partition_type TEXT NOT NULL,
        sort_name TEXT, sort_type TEXT, stream INTEGER, time_to_live TEXT,
        recovery_from INTEGER, item_count INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
        indexes TEXT NOT NULL, description TEXT NOT NULL, settings TEXT NOT NULL,
        UNIQUE (account, region, name)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dynamodb_item (
        id INTEGER PRIMARY KEY,
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        hash INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
        size INTEGER NOT NULL, expires INTEGER, item TEXT NOT NULL,
        UNIQUE (table_id, hash, partition, sort)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS dynamodb_item_expiry
        ON dynamodb_item (expires) WHERE expires IS NOT NULL;
    CREATE TABLE IF NOT EXISTS dynamodb_index_entry (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        index_id INTEGER NOT NULL,
        hash INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
        item_hash INTEGER NOT NULL, item_partition BLOB NOT NULL, item_sort BLOB NOT NULL,
        item_id INTEGER NOT NULL, size INTEGER NOT NULL,
        PRIMARY KEY (table_id, index_id, hash, partition, sort,
                     item_hash, item_partition, item_sort)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_transaction (
        account TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL,
        created INTEGER NOT NULL, digest TEXT NOT NULL, reads TEXT NOT NULL,
        PRIMARY KEY (account, region, token)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_tag (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        key TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (table_id, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_destination (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        arn TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL,
        description TEXT NOT NULL, precision TEXT NOT NULL,
        PRIMARY KEY (table_id, arn)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_version (
        table_id INTEGER NOT NULL REFERENCES dynamodb_table (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, replaced INTEGER NOT NULL,
        hash INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL, item TEXT,
        PRIMARY KEY (table_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS dynamodb_version_key
        ON dynamodb_version (table_id, hash, partition, sort, number);
    CREATE TABLE IF NOT EXISTS dynamodb_policy (
        arn TEXT PRIMARY KEY, policy TEXT NOT NULL, revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_backup (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, arn TEXT NOT NULL UNIQUE,
        table_name TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
        created INTEGER NOT NULL, expires INTEGER, size_bytes INTEGER NOT NULL,
        source TEXT NOT NULL, target TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dynamodb_backup_item (
        backup_id INTEGER NOT NULL REFERENCES dynamodb_backup (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY (backup_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_stream (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL, region TEXT NOT NULL, table_name TEXT NOT NULL,
        arn TEXT NOT NULL UNIQUE, label TEXT NOT NULL, status TEXT NOT NULL,
        view_type TEXT NOT NULL, key_schema TEXT NOT NULL, created INTEGER NOT NULL,
        ended INTEGER, next_sequence INTEGER NOT NULL, shard_opened INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dynamodb_shard (
        stream INTEGER NOT NULL REFERENCES dynamodb_stream (id) ON DELETE CASCADE,
        id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER, parent TEXT, closed INTEGER,
        PRIMARY KEY (stream, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dynamodb_record (
        stream INTEGER NOT NULL REFERENCES dynamodb_stream (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL, created INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (stream, sequence)
    ) STRICT, WITHOUT ROWID;
)sql";

}  // namespace sbemu::dynamodb
