#include "fakes/iam/paging.h"

#include "emulator/core/encoding.h"
#include "emulator/core/members.h"
#include "fakes/iam/errors.h"

namespace sbemu::iam {
namespace json = boost::json;
namespace {

constexpr std::int64_t kDefaultPage = 100;  // API_ListRoles, MaxItems

}  // namespace

void put_page(json::object& result, std::string_view member, const json::object& request,
              const json::array& entries,
              const std::function<std::string(const json::value&)>& name_of) {
    // AWS's markers are opaque; ours name the last entry of the page before.
    const json::value* first = entries.begin();
    if (const auto marker = find_text(request, "Marker")) {
        const auto last_name = base64_decode(*marker);
        while (last_name && first != entries.end() && name_of(*first) != *last_name) ++first;
        if (!last_name || first == entries.end()) throw validation_error("Invalid Marker.");
        ++first;
    }
    const auto limit =
        static_cast<std::size_t>(find_number(request, "MaxItems").value_or(kDefaultPage));
    json::array page;
    while (first != entries.end() && page.size() < limit) page.push_back(*first++);
    result["IsTruncated"] = first != entries.end();
    if (first != entries.end() && !page.empty()) {
        result["Marker"] = base64_encode(name_of(page.back()));
    }
    result[member] = std::move(page);
}

}  // namespace sbemu::iam
