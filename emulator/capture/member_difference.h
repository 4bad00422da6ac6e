// Where two JSON values differ, member by member, for people.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

namespace sbemu {

// Calls `differs` for each smallest part that is not the same, in order of the names: "Item.v.N",
// "Records[2].id", "" for the whole. What one of them does not have is null.
void for_each_difference(
    const boost::json::value* before, const boost::json::value* after,
    const std::function<void(const std::string& path, const boost::json::value* before,
                             const boost::json::value* after)>& differs);

// A line for each: "path: before -> after", long values shortened. `path` goes in front of all.
std::vector<std::string> describe_differences(const std::string& path,
                                              const boost::json::value& before,
                                              const boost::json::value& after);

// The beginning of a long text, and how long it is, without half a character at its end.
std::string shortened(std::string text);

}  // namespace sbemu
