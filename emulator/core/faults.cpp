#include "emulator/core/faults.h"

#include <algorithm>

#include "emulator/store/store.h"

namespace sbemu {

void throw_if_faulted(Context& ctx, std::string_view service, std::string_view operation) {
    const auto faults =
        ctx.store.list<std::int64_t, std::int64_t, std::string, std::string, std::int64_t>(
            "SELECT number, remaining, code, message, status FROM kernel_fault"
            " WHERE service = ? AND operation = ? ORDER BY number",
            service, operation);
    for (const auto& [number, remaining, code, message, status] : faults) {
        auto& fired = ctx.outbox.fired_faults;
        if (remaining <= std::count(fired.begin(), fired.end(), number)) continue;
        fired.push_back(number);
        throw ApiError(code, message, static_cast<int>(status));
    }
}

void count_down_faults(Store& store, const std::vector<std::int64_t>& fired) {
    for (const std::int64_t number : fired) {
        store.run("UPDATE kernel_fault SET remaining = remaining - 1 WHERE number = ?", number);
    }
    if (!fired.empty()) store.run("DELETE FROM kernel_fault WHERE remaining <= 0");
}

}  // namespace sbemu
