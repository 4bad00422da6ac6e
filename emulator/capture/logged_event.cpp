#include "emulator/capture/logged_event.h"

#include <boost/json.hpp>

#include "emulator/capture/capture.h"
#include "emulator/capture/captured_text.h"
#include "emulator/core/members.h"
#include "emulator/core/regular_expression.h"

namespace sbemu {
namespace json = boost::json;
namespace {

std::optional<Time> time_of(const json::value* seconds) {
    if (!seconds || !seconds->is_number()) return std::nullopt;
    const double value = seconds->to_number<double>();
    if (value < 0 || value > 4e9) return std::nullopt;
    return from_milliseconds(static_cast<std::int64_t>(value * 1000 + 0.5));
}

}  // namespace

const json::array& records_of(const json::object& event) {
    const json::array* records = find_array(event, "Records");
    if (!records) throw CaptureError("an event has no Records");
    return *records;
}

const json::object& member_object(const json::object& object, const char* name,
                                  const std::string& of) {
    const json::object* member = find_object(object, name);
    if (!member) throw CaptureError(of + " has no " + name + ", or it is no object");
    return *member;
}

std::string required_text(const json::object& object, const char* name, const std::string& of) {
    const auto text = find_text(object, name);
    if (!text || text->empty()) throw CaptureError(of + " has no " + name);
    return *text;
}

const json::object& record_at(const json::object& event, std::size_t index, const std::string& of) {
    const json::value& record = records_of(event).at(index);
    if (!record.is_object()) throw CaptureError(of + " has a record that is no object");
    return record.as_object();
}

std::optional<Time> time_of_record(const json::object& record) {
    if (const json::object* kinesis = find_object(record, "kinesis")) {
        return time_of(kinesis->if_contains("approximateArrivalTimestamp"));
    }
    const json::object* change = find_object(record, "dynamodb");
    return change ? time_of(change->if_contains("ApproximateCreationDateTime")) : std::nullopt;
}

std::optional<Time> time_of_event(const json::object& event) {
    if (const json::array* records = find_array(event, "Records")) {
        for (const json::value& record : *records) {
            if (record.is_object()) return time_of_record(record.as_object());
        }
    }
    static const RegularExpression kStamp(R"(X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z)");
    const auto match = kStamp.first_in(text_member(event, "ResponseURL"));
    if (!match) return std::nullopt;
    const std::vector<std::string>& part = match->groups;
    return parse_iso_time(part[1] + "-" + part[2] + "-" + part[3] + "T" + part[4] + ":" + part[5] +
                          ":" + part[6] + ".000Z");
}

}  // namespace sbemu
