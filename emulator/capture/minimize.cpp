#include "emulator/capture/minimize.h"

#include <algorithm>
#include <boost/json.hpp>

#include "emulator/capture/simulation.h"
#include "emulator/core/json_text.h"

namespace sbemu {
namespace json = boost::json;
namespace {

// Of the parameters that are lists of things which can be left out one by one.
constexpr const char* kBatches[] = {"Records", "Entries", "logEvents"};

// Keeps what `keep` says of the items by as few calls as it can, in Zeller's order: first large
// pieces, then smaller ones.
template <class Item>
std::vector<Item> minimized(std::vector<Item> items,
                            const std::function<bool(const std::vector<Item>&)>& fails) {
    std::size_t pieces = 2;
    while (items.size() >= 2) {
        const std::size_t size = (items.size() + pieces - 1) / pieces;
        bool is_smaller = false;
        for (std::size_t start = 0; start < items.size(); start += size) {
            std::vector<Item> rest(items.begin(),
                                   items.begin() + static_cast<std::ptrdiff_t>(start));
            rest.insert(
                rest.end(),
                items.begin() + static_cast<std::ptrdiff_t>(std::min(start + size, items.size())),
                items.end());
            if (!fails(rest)) continue;
            items = std::move(rest);
            pieces = std::max<std::size_t>(pieces - 1, 2);
            is_smaller = true;
            break;
        }
        if (is_smaller) continue;
        if (pieces >= items.size()) break;
        pieces = std::min(pieces * 2, items.size());
    }
    if (items.size() == 1 && fails({})) items.clear();
    return items;
}

// The batch of an event, if it has one, taken out and put back.
class Batch {
  public:
    explicit Batch(const Event& event) : event_(event) {
        for (const char* name : kBatches) {
            const json::value* list = event.params.if_contains(name);
            if (!list || !list->is_array()) continue;
            name_ = name;
            entries_.assign(list->as_array().begin(), list->as_array().end());
            return;
        }
        if (!is_call(event, "lambda.Invoke")) return;
        json::error_code error;
        body_ = parse_json(event.body, error);
        if (error || !body_.is_object()) return;
        const json::value* list = body_.as_object().if_contains("Records");
        if (list && list->is_array()) {
            entries_.assign(list->as_array().begin(), list->as_array().end());
        }
    }

    const std::vector<json::value>& entries() const { return entries_; }

    Event with(const std::vector<json::value>& entries) const {
        Event changed = event_;
        json::array list(entries.begin(), entries.end());
        if (!name_.empty()) {
            changed.params[name_] = std::move(list);
        } else {
            json::object body = body_.as_object();
            body["Records"] = std::move(list);
            changed.body = json::serialize(body);
        }
        return changed;
    }

  private:
    Event event_;
    std::string name_;  // of the parameter; empty: in the body
    json::value body_;
    std::vector<json::value> entries_;
};

class Minimizing {
  public:
    Minimizing(const Capture& capture, const StillFails& fails,
               const std::function<void(const MinimizeProgress&)>& progress)
        : fails_(fails), progress_(progress), line_(take_apart(capture)) {
        best_.version = capture.version;
        best_.withheld = capture.withheld;
        if (!capture.events.empty()) last_ = capture.events.back().event.at;
    }

    Capture run() {
        if (!try_events(line_.outside)) {
            throw CaptureError(
                "the check does not fail with the capture as it is: there is nothing to look for");
        }
        std::size_t size = 0;
        do {
            size = count();
            line_.outside = minimized<CapturedEvent>(
                line_.outside, [this](const auto& events) { return try_events(events); });
            for (std::size_t i = 0; i < line_.outside.size(); ++i) shrink_batch(i);
        } while (count() < size);
        tell();
        return best_;
    }

  private:
    void shrink_batch(std::size_t index) {
        const Batch batch(line_.outside[index].event);
        if (batch.entries().size() < 2) return;
        const auto with = [&](const std::vector<json::value>& entries) {
            std::vector<CapturedEvent> events = line_.outside;
            events[index].event = batch.with(entries);
            return events;
        };
        const auto left = minimized<json::value>(batch.entries(), [&](const auto& entries) {
            return !entries.empty() && try_events(with(entries));
        });
        line_.outside = with(left);
    }

    bool try_events(const std::vector<CapturedEvent>& outside) {
        StoryLine line = line_;
        line.outside = outside;
        CapturedBehaviour behaviour;
        Capture candidate = simulate(line, last_, behaviour);
        candidate.version = best_.version;
        candidate.withheld = best_.withheld;
        ++tries_;
        const bool still_fails = fails_(candidate);
        if (still_fails) best_ = std::move(candidate);
        tell();
        return still_fails;
    }

    void tell() const { progress_({line_.outside.size(), count() - line_.outside.size(), tries_}); }

    std::size_t count() const {
        std::size_t count = line_.outside.size();
        for (const CapturedEvent& captured : line_.outside) {
            count += Batch(captured.event).entries().size();
        }
        return count;
    }

    const StillFails& fails_;
    const std::function<void(const MinimizeProgress&)>& progress_;
    StoryLine line_;
    Time last_{};
    Capture best_;
    std::size_t tries_ = 0;
};

}  // namespace

Capture minimize(const Capture& capture, const StillFails& fails,
                 const std::function<void(const MinimizeProgress&)>& progress) {
    return Minimizing(capture, fails, progress).run();
}

}  // namespace sbemu
