// Tables in memory that whole requests go to, and what must be true of their rows whatever was
// asked for.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "emulator/core/context.h"
#include "emulator/core/service.h"
#include "emulator/core/time.h"
#include "emulator/store/store.h"

namespace sbemu::dynamodb {

// "tab" (p S, s N) with the local index "by-a" (p, a S; ALL), the global ones "a-all" (a S; ALL),
// "a-keys" (a S, n N; KEYS_ONLY) and "several" (h S, b B; n N, a S; INCLUDE m), a stream, times to
// live in n and point-in-time recovery; and "bin" (b B).
class FuzzedTables {
  public:
    FuzzedTables();

    // The answer, checked to be JSON; nothing if the request is refused as AWS refuses, with
    // ApiError. Throws whatever else comes.
    std::optional<boost::json::object> call(std::string_view operation,
                                            const boost::json::object& request);
    // Ends the program unless the counts of the tables and the entries of their indexes are those
    // of their items, and the items are in their normal form.
    void check_rows();
    // The tables are empty again.
    void forget();

  private:
    void create();
    Context context(Random& random, Outbox& outbox);

    Registry registry_;
    Store store_{":memory:"};
    std::optional<Transaction> transaction_;
    std::int64_t event_ = 0;
    Time now_{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};
};

// Says what is not so and ends the program.
[[noreturn]] void found(std::string_view what);

}  // namespace sbemu::dynamodb
