#include "emulator/capture/save.h"

#include <boost/json.hpp>

#include "emulator/capture/redaction.h"
#include "emulator/capture/world.h"
#include "emulator/core/event_log.h"

namespace sbemu {
namespace json = boost::json;
namespace {

constexpr std::int64_t kBatch = 256;

// Functions by the package that they have at the end.
void name_functions(Store& store, std::vector<WithheldCode>& withheld) {
    for (const auto& [account, region, name, hash] :
         store.list<std::string, std::string, std::string, std::string>(
             "SELECT account, region, name, code_hash FROM lambda_function"
             " ORDER BY account, region, name")) {
        for (WithheldCode& code : withheld) {
            if (code.stand_in != hash) continue;
            code.functions.push_back(Caller{account, region, {}}.arn("lambda", "function:" + name));
        }
    }
}

}  // namespace

SavedCapture save_capture(Store& log, const SaveOptions& options) {
    SavedCapture saved;
    saved.capture.version = options.version;
    Redaction redaction(options.patterns, options.with_code);
    World original;
    World captured;
    bool has_differed = false;
    std::int64_t last = 0;
    while (true) {
        const std::vector<LoggedEvent> events = read_events(log, last, kBatch);
        if (events.empty()) break;
        for (const LoggedEvent& logged : events) {
            last = logged.number;
            // Before the event: the redaction looks at the state that the event finds.
            Event rewritten = redaction.rewrite(logged.event, original.kernel);
            const Applied before = original.kernel.apply(logged.event);
            if (!has_differed && (reply_fingerprint(before) != logged.reply ||
                                  before.last_draw != logged.last_draw)) {
                has_differed = true;
                saved.warnings.push_back(
                    "event " + std::to_string(logged.number) + " (" + logged.event.service + "." +
                    logged.event.operation +
                    ") and perhaps later ones answer differently from what was logged: another "
                    "version of sbemu wrote the log. The capture has what this one answers");
            }
            const Applied after = captured.kernel.apply(rewritten);
            json::value reply = describe_reply(after);
            redaction.learn(describe_reply(before), reply);
            saved.capture.events.push_back({logged.number, std::move(rewritten), std::move(reply)});
        }
    }
    saved.capture.withheld = redaction.withheld();
    name_functions(captured.store, saved.capture.withheld);
    saved.warnings.insert(saved.warnings.end(), redaction.warnings().begin(),
                          redaction.warnings().end());
    return saved;
}

}  // namespace sbemu
