#include "fakes/cloudformation/rows.h"

#include <boost/json.hpp>

#include "emulator/core/json_text.h"
#include "emulator/store/store.h"

namespace sbemu::cloudformation {
namespace json = boost::json;

const std::string_view kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS cloudformation_stack (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
        status TEXT NOT NULL, created_at INTEGER NOT NULL, sequence INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cloudformation_stack_name
        ON cloudformation_stack (account, region, name, sequence);
    CREATE TABLE IF NOT EXISTS cloudformation_resource (
        stack_id TEXT NOT NULL REFERENCES cloudformation_stack (id) ON DELETE CASCADE,
        logical_id TEXT NOT NULL, type TEXT NOT NULL, physical_id TEXT NOT NULL,
        status TEXT NOT NULL, status_reason TEXT NOT NULL, updated_at INTEGER NOT NULL,
        properties TEXT NOT NULL, attributes TEXT NOT NULL, dependencies TEXT NOT NULL,
        deletion_policy TEXT NOT NULL, update_replace_policy TEXT NOT NULL,
        PRIMARY KEY (stack_id, logical_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS cloudformation_work (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        stack_id TEXT NOT NULL REFERENCES cloudformation_stack (id) ON DELETE CASCADE,
        logical_id TEXT NOT NULL, action TEXT NOT NULL, state TEXT NOT NULL,
        "after" TEXT NOT NULL, physical_id TEXT NOT NULL, "before" TEXT NOT NULL,
        properties TEXT NOT NULL, request_id TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS cloudformation_work_stack ON cloudformation_work (stack_id);
    CREATE TABLE IF NOT EXISTS cloudformation_event (
        number INTEGER PRIMARY KEY,
        stack_id TEXT NOT NULL REFERENCES cloudformation_stack (id) ON DELETE CASCADE,
        event_id TEXT NOT NULL, logical_id TEXT NOT NULL, physical_id TEXT NOT NULL,
        type TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
        properties TEXT NOT NULL, token TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS cloudformation_event_stack ON cloudformation_event (stack_id);
    CREATE TABLE IF NOT EXISTS cloudformation_request (
        request_id TEXT PRIMARY KEY,
        stack_id TEXT NOT NULL REFERENCES cloudformation_stack (id) ON DELETE CASCADE,
        logical_id TEXT NOT NULL, sequence INTEGER NOT NULL, work INTEGER NOT NULL,
        query TEXT NOT NULL,
        expires_at INTEGER NOT NULL, state TEXT NOT NULL, response TEXT NOT NULL,
        verdict TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cloudformation_request_resource
        ON cloudformation_request (stack_id, logical_id, sequence);
)sql";

namespace {

using StackRow = std::tuple<std::string, std::string, std::string, std::int64_t, std::string>;
using ResourceRow =
    std::tuple<std::string, std::string, std::string, std::string, std::string, std::int64_t,
               std::string, std::string, std::string, std::string, std::string>;

Stack stack_of(const StackRow& row) {
    const auto& [id, name, status, created_at, document] = row;
    return {id, name, status, from_milliseconds(created_at), parse_json(document).as_object()};
}

StackResource resource_of(std::string_view stack_id, const ResourceRow& row) {
    const auto& [logical_id, type, physical_id, status, reason, updated_at, properties, attributes,
                 dependencies, deletion_policy, replace_policy] = row;
    return {std::string(stack_id),
            logical_id,
            type,
            physical_id,
            status,
            reason,
            from_milliseconds(updated_at),
            parse_json(properties).as_object(),
            parse_json(attributes).as_object(),
            parse_json(dependencies).as_array(),
            deletion_policy,
            replace_policy};
}

using WorkRow = std::tuple<std::int64_t, std::string, std::string, std::string, std::string,
                           std::string, std::string, std::string, std::string, std::string>;

Work work_of(const WorkRow& row) {
    const auto& [number, stack_id, logical_id, action, state, after, physical_id, before,
                 properties, request_id] = row;
    return {number,
            stack_id,
            logical_id,
            action,
            state,
            parse_json(after).as_array(),
            physical_id,
            parse_json(before).as_object(),
            parse_json(properties).as_object(),
            request_id};
}

}  // namespace

std::string Stack::text(std::string_view member) const {
    const json::value* value = document.if_contains(member);
    return value && value->is_string() ? std::string(value->as_string()) : "";
}

void insert_stack(Context& ctx, const Stack& stack) {
    ctx.store.run(
        "INSERT INTO cloudformation_stack"
        " (id, account, region, name, status, created_at, sequence, document)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        stack.id, ctx.caller.account, ctx.caller.region, stack.name, stack.status,
        to_milliseconds(stack.created_at), ctx.event, json::serialize(stack.document));
}

void update_stack(Context& ctx, const Stack& stack) {
    ctx.store.run("UPDATE cloudformation_stack SET status = ?, document = ? WHERE id = ?",
                  stack.status, json::serialize(stack.document), stack.id);
}

std::optional<Stack> find_stack(Context& ctx, std::string_view name_or_id) {
    std::optional<StackRow> row;
    if (name_or_id.starts_with("arn:")) {
        row = ctx.store.find<std::string, std::string, std::string, std::int64_t, std::string>(
            "SELECT id, name, status, created_at, document FROM cloudformation_stack"
            " WHERE id = ? AND account = ? AND region = ?",
            name_or_id, ctx.caller.account, ctx.caller.region);
    } else {
        row = ctx.store.find<std::string, std::string, std::string, std::int64_t, std::string>(
            "SELECT id, name, status, created_at, document FROM cloudformation_stack"
            " WHERE account = ? AND region = ? AND name = ? AND status <> 'DELETE_COMPLETE'"
            " ORDER BY sequence DESC LIMIT 1",
            ctx.caller.account, ctx.caller.region, name_or_id);
    }
    if (!row) return std::nullopt;
    return stack_of(*row);
}

std::vector<Stack> list_stacks(Context& ctx) {
    std::vector<Stack> stacks;
    for (const StackRow& row :
         ctx.store.list<std::string, std::string, std::string, std::int64_t, std::string>(
             "SELECT id, name, status, created_at, document FROM cloudformation_stack"
             " WHERE account = ? AND region = ? ORDER BY sequence DESC, id",
             ctx.caller.account, ctx.caller.region)) {
        stacks.push_back(stack_of(row));
    }
    return stacks;
}

void put_resource(Context& ctx, const StackResource& r) {
    ctx.store.run(
        "INSERT OR REPLACE INTO cloudformation_resource (stack_id, logical_id, type, physical_id,"
        " status, status_reason, updated_at, properties, attributes, dependencies,"
        " deletion_policy, update_replace_policy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.stack_id, r.logical_id, r.type, r.physical_id, r.status, r.status_reason,
        to_milliseconds(r.updated_at), json::serialize(r.properties), json::serialize(r.attributes),
        json::serialize(r.dependencies), r.deletion_policy, r.update_replace_policy);
}

void delete_resource(Context& ctx, std::string_view stack_id, std::string_view logical_id) {
    ctx.store.run("DELETE FROM cloudformation_resource WHERE stack_id = ? AND logical_id = ?",
                  stack_id, logical_id);
}

std::optional<StackResource> find_resource(Context& ctx, std::string_view stack_id,
                                           std::string_view logical_id) {
    const auto row = ctx.store.find<std::string, std::string, std::string, std::string, std::string,
                                    std::int64_t, std::string, std::string, std::string,
                                    std::string, std::string>(
        "SELECT logical_id, type, physical_id, status, status_reason, updated_at, properties,"
        " attributes, dependencies, deletion_policy, update_replace_policy"
        " FROM cloudformation_resource WHERE stack_id = ? AND logical_id = ?",
        stack_id, logical_id);
    if (!row) return std::nullopt;
    return resource_of(stack_id, *row);
}

std::vector<StackResource> list_resources(Context& ctx, std::string_view stack_id) {
    std::vector<StackResource> resources;
    for (const ResourceRow& row :
         ctx.store.list<std::string, std::string, std::string, std::string, std::string,
                        std::int64_t, std::string, std::string, std::string, std::string,
                        std::string>(
             "SELECT logical_id, type, physical_id, status, status_reason, updated_at, properties,"
             " attributes, dependencies, deletion_policy, update_replace_policy"
             " FROM cloudformation_resource WHERE stack_id = ? ORDER BY logical_id",
             stack_id)) {
        resources.push_back(resource_of(stack_id, row));
    }
    return resources;
}

std::optional<std::string> find_stack_of_resource(Context& ctx, std::string_view physical_id) {
    return ctx.store.value<std::string>(
        "SELECT r.stack_id FROM cloudformation_resource r JOIN cloudformation_stack s"
        " ON s.id = r.stack_id WHERE r.physical_id = ? AND s.account = ? AND s.region = ?"
        " ORDER BY s.sequence DESC LIMIT 1",
        physical_id, ctx.caller.account, ctx.caller.region);
}

Work insert_work(Context& ctx, const Work& work) {
    ctx.store.run(
        "INSERT INTO cloudformation_work (stack_id, logical_id, action, state, \"after\","
        " physical_id, \"before\", properties, request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        work.stack_id, work.logical_id, work.action, work.state, json::serialize(work.after),
        work.physical_id, json::serialize(work.before), json::serialize(work.properties),
        work.request_id);
    Work inserted = work;
    inserted.number = *ctx.store.value<std::int64_t>("SELECT max(number) FROM cloudformation_work");
    return inserted;
}

void update_work(Context& ctx, const Work& work) {
    ctx.store.run(
        "UPDATE cloudformation_work SET state = ?, physical_id = ?, \"before\" = ?,"
        " properties = ?, request_id = ? WHERE number = ?",
        work.state, work.physical_id, json::serialize(work.before),
        json::serialize(work.properties), work.request_id, work.number);
}

std::optional<Work> find_work(Context& ctx, std::int64_t number) {
    const auto row =
        ctx.store.find<std::int64_t, std::string, std::string, std::string, std::string,
                       std::string, std::string, std::string, std::string, std::string>(
            "SELECT number, stack_id, logical_id, action, state, \"after\", physical_id,"
            " \"before\", properties, request_id FROM cloudformation_work WHERE number = ?",
            number);
    if (!row) return std::nullopt;
    return work_of(*row);
}

std::vector<Work> list_work(Context& ctx, std::string_view stack_id) {
    std::vector<Work> list;
    for (const WorkRow& row :
         ctx.store.list<std::int64_t, std::string, std::string, std::string, std::string,
                        std::string, std::string, std::string, std::string, std::string>(
             "SELECT number, stack_id, logical_id, action, state, \"after\", physical_id,"
             " \"before\", properties, request_id FROM cloudformation_work WHERE stack_id = ?"
             " ORDER BY number",
             stack_id)) {
        list.push_back(work_of(row));
    }
    return list;
}

void clear_work(Context& ctx, std::string_view stack_id) {
    ctx.store.run("DELETE FROM cloudformation_work WHERE stack_id = ?", stack_id);
}

void append_event(Context& ctx, StackEvent event) {
    const auto last = ctx.store.value<std::int64_t>(
        "SELECT at FROM cloudformation_event WHERE stack_id = ? ORDER BY number DESC LIMIT 1",
        event.stack_id);
    event.at = ctx.now;
    if (last && event.at <= from_milliseconds(*last)) {
        event.at = from_milliseconds(*last) + Duration{1};
    }
    event.event_id = event.type == "AWS::CloudFormation::Stack"
                         ? ctx.random.time_uuid(event.at)
                         : event.logical_id + "-" + event.status + "-" + iso_time(event.at);
    ctx.store.run(
        "INSERT INTO cloudformation_event (stack_id, event_id, logical_id, physical_id, type, at,"
        " status, reason, properties, token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        event.stack_id, event.event_id, event.logical_id, event.physical_id, event.type,
        to_milliseconds(event.at), event.status, event.reason, event.properties, event.token);
}

std::vector<StackEvent> list_events(Context& ctx, std::string_view stack_id) {
    std::vector<StackEvent> events;
    for (auto& [number, event_id, logical_id, physical_id, type, at, status, reason, properties,
                token] :
         ctx.store.list<std::int64_t, std::string, std::string, std::string, std::string,
                        std::int64_t, std::string, std::string, std::string, std::string>(
             "SELECT number, event_id, logical_id, physical_id, type, at, status, reason,"
             " properties, token FROM cloudformation_event WHERE stack_id = ?"
             " ORDER BY number DESC",
             stack_id)) {
        events.push_back({number, std::string(stack_id), event_id, logical_id, physical_id, type,
                          from_milliseconds(at), status, reason, properties, token});
    }
    return events;
}

void insert_request(Context& ctx, const CustomRequest& request) {
    ctx.store.run(
        "INSERT INTO cloudformation_request (request_id, stack_id, logical_id, sequence, work, "
        "query,"
        " expires_at, state, response, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        request.request_id, request.stack_id, request.logical_id, ctx.event, request.work,
        request.query, to_milliseconds(request.expires_at), request.state, request.response,
        request.verdict);
}

void update_request(Context& ctx, const CustomRequest& request) {
    ctx.store.run(
        "UPDATE cloudformation_request SET state = ?, response = ?, verdict = ?"
        " WHERE request_id = ?",
        request.state, request.response, request.verdict, request.request_id);
}

std::optional<CustomRequest> find_request(Context& ctx, std::string_view request_id) {
    const auto row = ctx.store.find<std::string, std::string, std::int64_t, std::string,
                                    std::int64_t, std::string, std::string, std::string>(
        "SELECT stack_id, logical_id, work, query, expires_at, state, response, verdict"
        " FROM cloudformation_request WHERE request_id = ?",
        request_id);
    if (!row) return std::nullopt;
    const auto& [stack_id, logical_id, work, query, expires_at, state, response, verdict] = *row;
    return CustomRequest{std::string(request_id),       stack_id, logical_id, work,   query,
                         from_milliseconds(expires_at), state,    response,   verdict};
}

std::optional<std::string> find_last_request(Context& ctx, std::string_view stack_id,
                                             std::string_view logical_id) {
    return ctx.store.value<std::string>(
        "SELECT request_id FROM cloudformation_request WHERE stack_id = ? AND logical_id = ?"
        " ORDER BY sequence DESC LIMIT 1",
        stack_id, logical_id);
}

}  // namespace sbemu::cloudformation
