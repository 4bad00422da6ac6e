// The kernel: one event in, one reply out, everything or nothing.
#include <catch2/catch.hpp>

#include "emulator/core/timers.h"
#include "tests/test_cloud.h"

namespace sbemu {

namespace {

namespace js = boost::json;

js::object remember(Context& ctx, const js::object& request) {
    ctx.store.run("INSERT INTO probe_note (text) VALUES (?)",
                  std::string(request.at("Text").as_string()));
    ctx.effect("probe.effect", {{"Text", request.at("Text")}});
    if (request.contains("Fail")) throw ApiError("ProbeFailed", "as asked");
    if (request.contains("After")) {
        set_timer(ctx, "probe", "ring", request.at("Text").as_string(),
                  ctx.now + Duration{request.at("After").as_int64()});
    }
    return {{"Id", ctx.random.uuid()}};
}

js::object notes(Context& ctx, const js::object&) {
    js::array texts;
    for (auto& [text] :
         ctx.store.list<std::string>("SELECT text FROM probe_note ORDER BY number")) {
        texts.emplace_back(text);
    }
    return {{"Notes", texts}};
}

// Two calls, of which the second may fail without costing the first.
js::object twice(Context& ctx, const js::object&) {
    ctx.call("probe", "Remember", {{"Text", "kept"}});
    const auto second = ctx.try_call("probe", "Remember", {{"Text", "undone"}, {"Fail", true}});
    return {{"SecondFailed", std::holds_alternative<ApiError>(second)}};
}

void ring(Context& ctx, std::string_view key) {
    ctx.store.run("INSERT INTO probe_note (text) VALUES (?)", "rang " + std::string(key));
    if (key == "broken") throw ApiError("ProbeFailed", "in a timer");
    if (key == "buggy") throw std::out_of_range("in a timer");
}

constexpr Operation kSignals[] = {{"Remember", remember}, {"Notes", notes}, {"Twice", twice}};
constexpr TimerHandler kTimers[] = {{"ring", ring}};
constexpr Service kProbe{"probe",
                         {},
                         kSignals,
                         kTimers,
                         "CREATE TABLE probe_note (number INTEGER PRIMARY KEY, text TEXT) STRICT"};

class Probe {
  public:
    Applied call(std::string operation, std::string_view params = "{}") {
        Applied applied = kernel_.apply(
            Event{now, ++seed_, {}, "probe", std::move(operation), json(params).as_object(), {}});
        return applied;
    }
    js::value notes() { return std::get<Outcome>(call("Notes").answer).result["Notes"]; }
    Applied pulse() { return kernel_.apply(Kernel::pulse_at(now, ++seed_)); }
    Kernel& kernel() { return kernel_; }

    Time now{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}};

  private:
    std::uint64_t seed_ = 0;
    Store store_{":memory:"};
    Registry registry_{{&control_service(), &kProbe}};
    Kernel kernel_{store_, registry_, {}};

    static const Service& control_service() { return *all_services().find("sbemu"); }
};

}  // namespace

TEST_CASE("Kernel", "[kernel]") {
    Probe probe;

    SECTION("undoes rows and effects of a failed operation") {
        const Applied applied = probe.call("Remember", R"({"Text": "a", "Fail": true})");
        CHECK(error_of(applied) == "ProbeFailed: as asked");
        CHECK(applied.effects.empty());
        CHECK(probe.notes() == json("[]"));
    }

    SECTION("undoes only that of several events which fails") {
        const auto event = [&](std::string_view params) {
            return Event{probe.now, 7, {}, "probe", "Remember", json(params).as_object(), {}};
        };
        const std::vector<Event> events{event(R"({"Text": "a"})"),
                                        event(R"({"Text": "b", "Fail": true})"),
                                        event(R"({"Text": "c"})")};
        const auto applied = probe.kernel().apply(events);
        REQUIRE(applied.size() == 3);
        CHECK(applied[0].event == 1);
        CHECK(applied[0].effects.size() == 1);
        CHECK(error_of(applied[1]) == "ProbeFailed: as asked");
        CHECK(applied[1].effects.empty());
        CHECK(applied[2].event == 3);
        CHECK(probe.notes() == json(R"(["a", "c"])"));
        CHECK(probe.kernel().event_count() == 4);
    }

    SECTION("keeps the rest when a tried call fails inside an operation") {
        const Applied applied = probe.call("Twice");
        CHECK(std::get<Outcome>(applied.answer).result == json(R"({"SecondFailed": true})"));
        CHECK(applied.effects.size() == 1);
        CHECK(probe.notes() == json(R"(["kept"])"));
    }

    SECTION("gives the same reply for the same event") {
        Probe other;
        const auto one = probe.call("Remember", R"({"Text": "a"})");
        const auto two = other.call("Remember", R"({"Text": "a"})");
        CHECK(std::get<Outcome>(one.answer).result == std::get<Outcome>(two.answer).result);
        CHECK(one.request_id == two.request_id);
        CHECK(one.request_id != probe.call("Notes").request_id);
    }

    SECTION("answers an error that names what it does not do") {
        CHECK(error_of(probe.call("Nonsense")) ==
              "NotImplemented: sbemu does not implement probe:Nonsense yet.");
    }

    SECTION("runs timers in order of due time, one per pulse") {
        probe.call("Remember", R"({"Text": "late", "After": 20})");
        probe.call("Remember", R"({"Text": "soon", "After": 10})");
        CHECK(probe.kernel().next_due() == probe.now + Duration{10});
        probe.now += Duration{30};
        probe.pulse();
        probe.pulse();
        CHECK(probe.notes() == json(R"(["late", "soon", "rang soon", "rang late"])"));
        CHECK_FALSE(probe.kernel().next_due().has_value());
    }

    SECTION("drops a timer whose handler fails, and says so") {
        probe.call("Remember", R"({"Text": "broken", "After": 0})");
        const auto report = std::get<Outcome>(probe.pulse().answer).result;
        CHECK(report.at("Error") == "ProbeFailed: in a timer");
        CHECK(probe.notes() == json(R"(["broken"])"));
        CHECK_FALSE(probe.kernel().next_due().has_value());
    }

    SECTION("drops a timer whose handler has a bug, or it would be due for ever") {
        probe.call("Remember", R"({"Text": "buggy", "After": 0})");
        const auto report = std::get<Outcome>(probe.pulse().answer).result;
        CHECK(report.at("Error") == "InternalFailure: in a timer");
        CHECK(probe.notes() == json(R"(["buggy"])"));
        CHECK_FALSE(probe.kernel().next_due().has_value());
    }

    SECTION("fires an armed fault as often as asked") {
        probe.kernel().apply(Event{probe.now,
                                   1,
                                   {},
                                   "sbemu",
                                   "ArmFault",
                                   json(R"({"Service": "probe", "Operation": "Remember",
                                            "Code": "Throttled", "Message": "slow down",
                                            "Count": 2})")
                                       .as_object(),
                                   {}});
        CHECK(error_of(probe.call("Remember", R"({"Text": "a"})")) == "Throttled: slow down");
        CHECK(error_of(probe.call("Remember", R"({"Text": "a"})")) == "Throttled: slow down");
        CHECK(error_of(probe.call("Remember", R"({"Text": "a"})")) == "none");
    }
}

}  // namespace sbemu
