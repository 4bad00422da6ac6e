#include "emulator/capture/places.h"

#include <boost/json.hpp>
#include <set>

#include "emulator/capture/stand_ins.h"
#include "emulator/core/regular_expression.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// ARNs, accounts and regions as they are here.
class Places {
  public:
    explicit Places(const ImportOptions& options) : options_(options) {}

    json::object rewrite(const json::object& event) {
        std::set<std::string> foreign;
        learn(event, foreign);
        StandIns accounts;
        for (const std::string& account : foreign) accounts.replace(account, options_.account);
        return places(accounts.apply(event)).as_object();
    }

  private:
    static const RegularExpression& arn_pattern() {
        static const RegularExpression kArn(
            "arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):([0-9]{12}):");
        return kArn;
    }

    void learn(const json::value& value, std::set<std::string>& accounts) const {
        if (value.is_string()) {
            for (const auto& match : arn_pattern().all_in(value.as_string())) {
                if (match.groups[3] != options_.account) accounts.insert(match.groups[3]);
            }
        } else if (value.is_array()) {
            for (const json::value& element : value.as_array()) learn(element, accounts);
        } else if (value.is_object()) {
            for (const auto& [name, member] : value.as_object()) learn(member, accounts);
        }
    }

    json::value places(const json::value& value) const {
        if (value.is_string()) {
            const std::string text(value.as_string());
            const std::string region = options_.region;
            std::string result;
            std::size_t from = 0;
            for (const auto& match : arn_pattern().all_in(text)) {
                const std::string& own = match.groups[2];
                result += text.substr(from, match.at - from);
                result += "arn:aws:" + match.groups[1] + ":" +
                          (own.empty() || region.empty() ? own : region) + ":" + match.groups[3] +
                          ":";
                from = match.at + match.groups[0].size();
            }
            result += text.substr(from);
            return json::value(result);
        }
        if (const json::array* array = value.if_array()) {
            json::array result;
            for (const json::value& element : *array) result.push_back(places(element));
            return result;
        }
        if (!value.is_object()) return value;
        json::object result;
        for (const auto& [name, member] : value.as_object()) result[name] = places(member);
        if (!options_.region.empty() && result.contains("awsRegion")) {
            result["awsRegion"] = options_.region;
        }
        return result;
    }

    const ImportOptions& options_;
};

}  // namespace

json::object in_our_places(const json::object& event, const ImportOptions& options) {
    return Places(options).rewrite(event);
}

json::value without_places(const json::value& value) {
    static const std::set<std::string_view> kOther{"ResponseURL",
                                                   "StackId",
                                                   "RequestId",
                                                   "ServiceToken",
                                                   "sequenceNumber",
                                                   "eventID",
                                                   "SequenceNumber",
                                                   "SizeBytes",
                                                   "awsRegion",
                                                   "eventSourceARN",
                                                   "invokeIdentityArn",
                                                   "approximateArrivalTimestamp",
                                                   "ApproximateCreationDateTime"};
    if (const json::array* array = value.if_array()) {
        json::array result;
        for (const json::value& element : *array) result.push_back(without_places(element));
        return result;
    }
    if (!value.is_object()) return value;
    json::object result;
    for (const auto& [name, member] : value.as_object()) {
        if (!kOther.contains(name)) result[name] = without_places(member);
    }
    return result;
}

}  // namespace sbemu
