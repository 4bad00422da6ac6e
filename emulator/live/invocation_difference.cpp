#include "emulator/live/invocation_difference.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/capture/captured_text.h"
#include "emulator/capture/member_difference.h"
#include "emulator/capture/world.h"
#include "emulator/core/json_text.h"
#include "emulator/core/regular_expression.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// A call, a PUT or an end, as far as it is compared.
struct Deed {
    std::string name;  // "dynamodb.PutItem", "returned"
    json::value content;
    std::int64_t event = 0;  // which call it is, by its number

    bool operator==(const Deed& other) const {
        return name == other.name && content == other.content;
    }
    std::string text() const { return name + " " + json::serialize(content); }
};

// JSON as JSON, so that its members can be compared.
json::value read_body(const std::string& body) {
    json::error_code error;
    json::value value = parse_json(body, error);
    return error ? captured_text(body) : value;
}

// Where the code lies is another place in each run; on AWS it is this one.
json::value read_error(const std::string& body) {
    static const RegularExpression kCodeFolder("/[^\\s\"]*/functions/code/[0-9a-f]{64}/");
    std::string result;
    std::size_t from = 0;
    for (const auto& match : kCodeFolder.all_in(body)) {
        result += body.substr(from, match.at - from) + "/var/task/";
        from = match.at + match.groups[0].size();
    }
    return read_body(result + body.substr(from));
}

Deed deed_of_call(const CapturedEvent& captured) {
    const Event& event = captured.event;
    if (is_call(event, "cloudformation.PutResponse")) {
        return {"PUT to the ResponseURL", read_body(event.body), captured.number};
    }
    json::object content = event.params;
    if (!event.body.empty()) content["(body)"] = read_body(event.body);
    json::error_code error;
    if (const json::value* code = captured.reply.find_pointer("/code", error)) {
        content["(answered)"] = *code;
    }
    return {event.service + "." + event.operation, std::move(content), captured.number};
}

std::vector<Deed> calls_of(const Transcript* transcript) {
    std::vector<Deed> calls;
    if (!transcript) return calls;
    for (const CapturedEvent& call : transcript->calls) calls.push_back(deed_of_call(call));
    return calls;
}

Deed ending_of(const Transcript& transcript) {
    if (!transcript.ended) return {"did not end", json::object{}};
    const Event& event = transcript.ended->event;
    const std::string outcome = text_or_nothing(event.params, "Outcome");
    if (outcome == "response") return {"returned", read_body(event.body)};
    if (outcome == "error") return {"failed with", read_error(event.body)};
    if (outcome == "init-error") return {"failed to start with", read_error(event.body)};
    json::object how = event.params;
    for (const char* member : {"InvocationId", "Outcome", "DurationMicroseconds", "Log",
                               "InitMicroseconds", "MaxMemoryMegabytes", "LogStream"}) {
        how.erase(member);
    }
    return {"ended by " + outcome, std::move(how)};
}

LiveChange changed(const Deed& before, const Deed& now) {
    const std::string which = before.event == 0 ? "" : " of event " + std::to_string(before.event);
    return {'~', now.name + which, describe_differences("", before.content, now.content)};
}

// What was captured in a place and what is there now: of the same name they are one that changed.
void compare_gap(std::vector<Deed> before, std::vector<Deed> now,
                 std::vector<LiveChange>& changes) {
    auto next = now.begin();
    for (const Deed& deed : before) {
        const auto same = std::find_if(next, now.end(),
                                       [&](const Deed& other) { return other.name == deed.name; });
        if (same == now.end()) {
            changes.push_back({'-', deed.text(), {}});
            continue;
        }
        for (; next != same; ++next) changes.push_back({'+', next->text(), {}});
        changes.push_back(changed(deed, *next++));
    }
    for (; next != now.end(); ++next) changes.push_back({'+', next->text(), {}});
}

// How long a sequence both have in common, from each place in them on.
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<Deed>& before,
                                                     const std::vector<Deed>& now) {
    std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                                 std::vector<std::size_t>(now.size() + 1, 0));
    for (std::size_t i = before.size(); i-- > 0;) {
        for (std::size_t j = now.size(); j-- > 0;) {
            common[i][j] = before[i] == now[j] ? common[i + 1][j + 1] + 1
                                               : std::max(common[i + 1][j], common[i][j + 1]);
        }
    }
    return common;
}

// The longest common sequence stays; what is between is compared place by place.
void compare_calls(const std::vector<Deed>& before, const std::vector<Deed>& now,
                   std::vector<LiveChange>& changes) {
    const auto common = common_lengths(before, now);
    std::vector<Deed> went;
    std::vector<Deed> came;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < now.size()) {
        if (i < before.size() && j < now.size() && before[i] == now[j]) {
            compare_gap(std::exchange(went, {}), std::exchange(came, {}), changes);
            ++i;
            ++j;
        } else if (i < before.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
            went.push_back(before[i++]);
        } else {
            came.push_back(now[j++]);
        }
    }
    compare_gap(std::move(went), std::move(came), changes);
}

void compare_events(const Transcript* before, const Transcript* now,
                    std::vector<LiveChange>& changes) {
    if (before && now && before->payload == now->payload) return;
    const std::string name = "was invoked with";
    std::vector<Deed> went;
    std::vector<Deed> came;
    if (before) went.push_back({name, read_body(before->payload)});
    if (now) came.push_back({name, read_body(now->payload)});
    compare_gap(std::move(went), std::move(came), changes);
}

void compare_endings(const Transcript* before, const Transcript& now,
                     std::vector<LiveChange>& changes) {
    const Deed ending = ending_of(now);
    std::vector<Deed> went;
    if (before) went.push_back(ending_of(*before));
    if (before && went.front() == ending) return;
    compare_gap(std::move(went), {ending}, changes);
}

// ------------------------------------------------------------------------------------- rows

const Row* row_in(const std::optional<Row>& row) { return row ? &*row : nullptr; }

LiveChange written(char sign, const std::string& table, const Columns& columns, const Row* before,
                   const Row* after) {
    RowDifference row = describe_change(table, columns, before, after);
    const char* verb = sign == '~'       ? "wrote a row of "
                       : row.sign == '+' ? "wrote a new row of "
                       : row.sign == '-' ? "deleted a row of "
                                         : "changed a row of ";
    return {sign, verb + row.table + ": " + row.key, std::move(row.columns)};
}

// What CloudFormation notes of its own work: the stack's resources tell the same.
bool is_bookkeeping(const std::string& table) {
    return table == "cloudformation_work" || table == "cloudformation_request" ||
           table == "cloudformation_event";
}

// A row that is in the end as it was has not been written, for whoever looks at it afterwards.
const RowChange* find_change(const RowChanges& changes, const RowChanges::key_type& place) {
    const auto found = changes.find(place);
    if (found == changes.end() || found->second.before == found->second.after) return nullptr;
    return &found->second;
}

const RowChanges& rows_of(const Seen& seen) {
    static const RowChanges kNone;
    if (!seen.transcript) return kNone;
    const auto found = seen.rows.by_invocation.find(seen.transcript->invocation);
    return found == seen.rows.by_invocation.end() ? kNone : found->second;
}

void compare_rows(const Seen& before, const Seen& now, std::vector<LiveChange>& changes) {
    const RowChanges& old_rows = rows_of(before);
    const RowChanges& new_rows = rows_of(now);
    RowChanges places = old_rows;
    append_changes(places, new_rows);
    for (const auto& [place, either] : places) {
        const std::string& table = place.first;
        if (is_bookkeeping(table)) continue;
        const RowChange* went = find_change(old_rows, place);
        const RowChange* came = find_change(new_rows, place);
        if (went && came && went->after && came->after) {
            if (*went->after == *came->after) continue;
            LiveChange change =
                written('~', table, now.rows.columns.at(table), &*went->after, &*came->after);
            changes.push_back(std::move(change));
            continue;
        }
        if (went && came && !went->after && !came->after) continue;
        if (went) {
            changes.push_back(written('-', table, before.rows.columns.at(table),
                                      row_in(went->before), row_in(went->after)));
        }
        if (came) {
            changes.push_back(written('+', table, now.rows.columns.at(table), row_in(came->before),
                                      row_in(came->after)));
        }
    }
}

}  // namespace

WrittenRows written_rows(const Capture& capture, const StoryLine& line) {
    std::map<std::int64_t, std::string> callers;  // by number of the event
    for (const Transcript& transcript : line.transcripts) {
        for (const CapturedEvent& call : transcript.calls) {
            callers[call.number] = transcript.invocation;
        }
    }
    World world;
    RowWatch watch(world.store);
    WrittenRows written;
    for (const CapturedEvent& captured : capture.events) {
        world.kernel.apply(captured.event);
        RowChanges changes = watch.take();
        const auto caller = callers.find(captured.number);
        if (caller == callers.end()) continue;
        append_changes(written.by_invocation[caller->second], std::move(changes));
    }
    for (const std::string& table : tables_of(world.store)) {
        written.columns[table] = columns_of(world.store, table);
    }
    return written;
}

InvocationChange compare_invocations(const Seen& before, const Seen& now) {
    InvocationChange change;
    const Transcript& one = now.transcript ? *now.transcript : *before.transcript;
    change.function = function_name_of(one.function);
    change.invocation = one.invocation;
    if (before.transcript && before.transcript->started) {
        change.event = before.transcript->started->number;
    }
    compare_events(before.transcript, now.transcript, change.changes);
    if (now.transcript) {
        compare_calls(calls_of(before.transcript), calls_of(now.transcript), change.changes);
        compare_endings(before.transcript, *now.transcript, change.changes);
    }
    compare_rows(before, now, change.changes);
    return change;
}

}  // namespace sbemu
