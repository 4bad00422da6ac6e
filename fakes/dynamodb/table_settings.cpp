#include "fakes/dynamodb/table_settings.h"

#include <boost/json.hpp>

#include "emulator/core/members.h"

namespace sbemu::dynamodb {
namespace json = boost::json;

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
    if (const json::object* soon = find_object(written, "warm_soon")) settings.warm_soon = *soon;
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
    if (warm_soon) written["warm_soon"] = *warm_soon;
    if (insights) written["insights"] = insights->written();
    table.settings = json::serialize(written);
}

}  // namespace sbemu::dynamodb
