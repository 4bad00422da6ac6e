#include "fakes/dynamodb/table_settings.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

namespace {

std::vector<std::int64_t> times_of(const json::object& written, std::string_view name) {
    std::vector<std::int64_t> times;
    if (const json::array* list = find_array(written, name)) {
        for (const json::value& time : *list) times.push_back(time.as_int64());
    }
    return times;
}

std::optional<json::object> object_of(const json::object& written, std::string_view name) {
    const json::object* object = find_object(written, name);
    return object ? std::optional(*object) : std::nullopt;
}

}  // namespace

TableSettings TableSettings::of(const Table& table) {
    const json::object written = json::parse(table.settings.text()).as_object();
    TableSettings settings;
    if (const json::array* updating = find_array(written, "updating")) {
        for (const json::value& what : *updating) settings.updating.emplace_back(what.as_string());
    }
    settings.time_to_live_changed = find_number(written, "time_to_live_changed");
    settings.tags_locked_until = number_member(written, "tags_locked_until", 0);
    if (const json::object* tags = find_object(written, "tags_under_way")) {
        for (const auto& [key, value] : *tags) {
            settings.tags_under_way.emplace_back(key, value.as_string());
        }
    }
    settings.recovery_days = number_member(written, "recovery_days", settings.recovery_days);
    settings.restored_from = text_member(written, "restored_from");
    settings.next_index = number_member(written, "next_index", settings.next_index);
    settings.protection_changed = number_member(written, "protection_changed", 0);
    settings.throughput_soon = object_of(written, "throughput_soon");
    settings.class_soon = text_member(written, "class_soon");
    settings.class_changes = times_of(written, "class_changes");
    settings.encryption_soon = object_of(written, "encryption_soon");
    settings.encryption_changes = times_of(written, "encryption_changes");
    settings.warm_soon = object_of(written, "warm_soon");
    if (const json::object* insights = find_object(written, "insights")) {
        settings.insights = ContributorInsights::of(*insights);
    }
    return settings;
}

void TableSettings::save_in(Table& table) const {
    json::object written{{"updating", json::array(updating.begin(), updating.end())},
                         {"recovery_days", recovery_days}};
    if (time_to_live_changed) written["time_to_live_changed"] = *time_to_live_changed;
    if (tags_locked_until > 0) {
        written["tags_locked_until"] = tags_locked_until;
        json::object& tags = written["tags_under_way"].emplace_object();
        for (const auto& [key, value] : tags_under_way) tags[key] = value;
    }
    if (!restored_from.empty()) written["restored_from"] = restored_from;
    written["next_index"] = next_index;
    if (protection_changed > 0) written["protection_changed"] = protection_changed;
    if (throughput_soon) written["throughput_soon"] = *throughput_soon;
    if (!class_soon.empty()) written["class_soon"] = class_soon;
    if (encryption_soon) written["encryption_soon"] = *encryption_soon;
    for (const auto& [name, times] : {std::pair("class_changes", &class_changes),
                                      std::pair("encryption_changes", &encryption_changes)}) {
        if (!times->empty()) written[name] = json::array(times->begin(), times->end());
    }
    if (warm_soon) written["warm_soon"] = *warm_soon;
    if (insights) written["insights"] = insights->written();
    table.settings = json::serialize(written);
}

}  // namespace sbemu::dynamodb
