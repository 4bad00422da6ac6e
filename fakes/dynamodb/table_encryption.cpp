#include "fakes/dynamodb/table_encryption.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/core/kms_keys.h"
#include "emulator/core/latency.h"
#include "emulator/core/members.h"
#include "emulator/core/timers.h"
#include "fakes/dynamodb/operations.h"
#include "fakes/dynamodb/table_requests.h"
#include "fakes/dynamodb/values/errors.h"

namespace sbemu::dynamodb {
namespace json = boost::json;
namespace {

constexpr std::int64_t kHour = 3'600'000;  // milliseconds
constexpr std::int64_t kWindow = 24 * kHour;
constexpr std::int64_t kBetweenChanges = 6 * kHour;
constexpr std::size_t kFreeChanges = 4;
constexpr const char* kOwnKey = "alias/aws/dynamodb";  // the account's, if a request names none

// The first change begins a day, in which four are free.
void check_may_change(TableSettings& settings, std::int64_t now) {
    std::vector<std::int64_t>& changes = settings.encryption_changes;
    if (!changes.empty() && now >= changes.front() + kWindow) changes.clear();
    if (changes.size() < kFreeChanges || now >= changes.back() + kBetweenChanges) return;
    const auto time = [](std::int64_t milliseconds) {
        return iso_time(from_milliseconds(milliseconds));
    };
    const std::int64_t ends = changes.front() + kWindow;
    throw limit_exceeded(
        "Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending "
        "at " +
        time(ends) +
        ". After the first 4 change, each subsequent change in the same window can be "
        "performed at most once every 21600 seconds. Number of updates today: " +
        std::to_string(changes.size()) + ". Last change at " + time(changes.back()) +
        ". Next changes can be made at " + time(std::min(changes.back() + kBetweenChanges, ends)) +
        ".");
}

void check_key(const json::object& specification, const json::object& current) {
    const auto key = find_text(specification, "KMSMasterKeyId");
    if (!key || *key != text_member(current, "KMSMasterKeyArn")) return;
    throw invalid_values(
        "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if "
        "you want to change Master Key");
}

}  // namespace

// SSEType KMS encrypts also without Enabled (DDB-TABLE-036, 044).
std::optional<json::object> encryption_of(const Context& ctx, const json::object& specification) {
    const std::string key = text_member(specification, "KMSMasterKeyId");
    const std::string type = text_member(specification, "SSEType");
    if (!flag_member(specification, "Enabled", type == "KMS")) {
        if (!type.empty()) throw invalid_values("SSEType can not be specified if Enabled is false");
        if (!key.empty()) {
            throw invalid_values("KMSMasterKeyId can not be specified if Enabled is false");
        }
        return std::nullopt;
    }
    if (type == "AES256") throw invalid_values("SSEType AES256 is not supported");
    if (!key.empty() && type.empty()) {
        throw invalid_values("SSEType KMS is required if KMSMasterKeyId is specified");
    }
    return json::object{{"Status", "ENABLED"},
                        {"SSEType", "KMS"},
                        {"KMSMasterKeyArn", kms_key_arn(ctx.caller, key.empty() ? kOwnKey : key)}};
}

void update_encryption(Context& ctx, TableUpdate& update) {
    const json::object* specification = find_object(update.request, "SSESpecification");
    if (!specification) return;
    TableSettings& settings = update.settings;
    const auto encryption = encryption_of(ctx, *specification);
    const json::object wanted = encryption.value_or(json::object());
    if (settings.encryption_soon) {
        if (wanted == *settings.encryption_soon) return;
        throw resource_in_use("Server-Side Encryption is still being updated");
    }
    const json::object* current = find_object(update.description, "SSEDescription");
    if (!encryption && !current) throw invalid_values("Table is already encrypted by default");
    const std::int64_t now = to_milliseconds(ctx.now);
    check_may_change(settings, now);
    if (current) check_key(*specification, *current);

    settings.encryption_changes.push_back(now);
    settings.encryption_soon = wanted;
    json::object meanwhile = current ? *current : json::object();
    meanwhile["Status"] = "UPDATING";
    update.description["SSEDescription"] = std::move(meanwhile);
    set_timer(ctx, "dynamodb", "settle-encryption", table_arn(ctx.caller, update.table.name),
              ctx.now + usual_duration(ctx, usual::kEncryption));
}

void settle_encryption(Context& ctx, std::string_view arn) {
    auto table = find_table(ctx, names_in_arn(arn).first);
    if (!table) return;
    TableSettings settings = TableSettings::of(*table);
    if (!settings.encryption_soon) return;
    json::object description = json::parse(table->description.text()).as_object();
    if (settings.encryption_soon->empty()) {
        description.erase("SSEDescription");
    } else {
        description["SSEDescription"] = *std::move(settings.encryption_soon);
    }
    settings.encryption_soon.reset();
    settings.save_in(*table);
    table->description = json::serialize(description);
    update_table(ctx, *table);
}

}  // namespace sbemu::dynamodb
