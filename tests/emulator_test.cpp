// The loop around the kernel: commits, late answers, effects, and the three clocks.
#include "emulator/host/emulator.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "emulator/core/control.h"
#include "emulator/core/timers.h"
#include "emulator/host/state_folder.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

namespace js = boost::json;

// Note {Text, After?, Effect?}: writes a row; After sets a timer; Effect asks for "probe.run".
js::object note(Context& ctx, const js::object& request) {
    const std::string text(request.at("Text").as_string());
    if (text == "broken") ctx.store.run("INSERT INTO probe_note (nothing) VALUES (1)");
    ctx.store.run("INSERT INTO probe_note (text, at) VALUES (?, ?)", text,
                  to_milliseconds(ctx.now));
    if (request.contains("After")) {
        set_timer(ctx, "probe", "ring", text, ctx.now + Duration{request.at("After").as_int64()});
    }
    if (request.contains("Effect")) ctx.effect("probe.run", {{"Text", text}});
    return {{"Id", ctx.random.uuid()}};
}

js::object wait(Context& ctx, const js::object&) {
    ctx.defer();
    return {};
}

// Complete {Event}: answers an earlier Wait.
js::object complete(Context& ctx, const js::object& request) {
    ctx.complete(request.at("Event").as_int64(), Outcome{{{"Answer", "late"}}, ""});
    return {};
}

js::object notes(Context& ctx, const js::object&) {
    std::string all;
    for (const auto& [text] :
         ctx.store.list<std::string>("SELECT text FROM probe_note ORDER BY number")) {
        all += (all.empty() ? "" : ", ") + text;
    }
    return {{"Notes", all}};
}

// A timer whose key begins with "run" starts something that takes real time.
void ring(Context& ctx, std::string_view key) {
    ctx.store.run("INSERT INTO probe_note (text, at) VALUES (?, ?)", "rang " + std::string(key),
                  to_milliseconds(ctx.now));
    if (key.substr(0, 3) == "run") ctx.effect("probe.run", {{"Text", key}});
}

void restarted(Context& ctx) {
    ctx.store.run("INSERT INTO probe_note (text, at) VALUES ('restarted', 0)");
}

const Service& probe() {
    static constexpr Operation kOperations[] = {
        {"Note", note}, {"Wait", wait}, {"Complete", complete}, {"Notes", notes}};
    static constexpr TimerHandler kTimers[] = {{"ring", ring}};
    static constexpr Service kService{
        "probe",
        {},
        kOperations,
        kTimers,
        "CREATE TABLE probe_note (number INTEGER PRIMARY KEY, text TEXT, at INTEGER) STRICT",
        nullptr,
        restarted};
    return kService;
}

const Registry& registry() {
    static const Registry kRegistry({&control::service(), &probe()});
    return kRegistry;
}

Event event(std::string operation, std::string_view params = "{}") {
    Event made;
    made.service = "probe";
    made.operation = std::move(operation);
    made.params = js::parse(params).as_object();
    return made;
}

constexpr Time kWall{Duration{1488326400000}};

// An emulator whose loop runs in the test's thread, as long as the test says.
class Running {
  public:
    explicit Running(ClockMode clock, std::string database = ":memory:")
        : emulator(io, registry(), options(clock, std::move(database))) {
        emulator.start();
    }

    void submit(std::string operation, std::string_view params = "{}") {
        emulator.submit(event(std::move(operation), params),
                        [this](Applied applied) { answers.push_back(std::move(applied)); });
    }
    // Runs the loop until `done` or for two seconds.
    template <class Done>
    void until(Done done) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{2};
        while (!done() && std::chrono::steady_clock::now() < limit) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds{100});
        }
        REQUIRE(done());
    }
    void settle() {
        io.restart();
        io.poll();
    }
    js::value call(std::string operation, std::string_view params = "{}") {
        const std::size_t before = answers.size();
        submit(std::move(operation), params);
        until([&] { return answers.size() > before; });
        return std::get<Outcome>(answers.back().answer).result;
    }
    std::string notes() { return std::string(call("Notes").at("Notes").as_string()); }
    Advanced advance(Duration by) {
        std::optional<Advanced> report;
        emulator.advance(by, [&](Advanced advanced) { report = advanced; });
        until([&] { return report.has_value(); });
        return *report;
    }

    boost::asio::io_context io;
    Emulator emulator;
    std::vector<Applied> answers;

  private:
    static EmulatorOptions options(ClockMode clock, std::string database) {
        EmulatorOptions chosen;
        chosen.database = std::move(database);
        chosen.clock = clock;
        chosen.seed = 7;
        if (clock != ClockMode::real_time) chosen.wall = [] { return kWall; };
        return chosen;
    }
};

}  // namespace

TEST_CASE("Emulator", "[emulator]") {
    Running running(ClockMode::real_time);
    Emulator& emulator = running.emulator;

    SECTION("answers what arrived together, in order, at one time") {
        for (const char* text : {"a", "b", "c"}) {
            running.submit("Note", R"({"Text": ")" + std::string(text) + R"("})");
        }
        CHECK(running.answers.empty());
        running.until([&] { return running.answers.size() == 3; });
        CHECK(running.answers[2].event == 3);
        CHECK(running.answers[0].request_id != running.answers[1].request_id);
        CHECK(running.notes() == "a, b, c");
    }

    SECTION("keeps the others when one event of a batch breaks the store") {
        running.submit("Note", R"({"Text": "a"})");
        running.submit("Note", R"({"Text": "broken"})");
        running.submit("Note", R"({"Text": "c"})");
        running.until([&] { return running.answers.size() == 3; });
        const auto& error = std::get<ApiError>(running.answers[1].answer);
        CHECK(error.status == 500);
        CHECK(std::string(error.what()).find("cannot write its state") != std::string::npos);
        CHECK(running.notes() == "a, c");
    }

    SECTION("refuses what functions ask when the state is replaced before they are answered") {
        CHECK(running.notes().empty());
        const std::string image = emulator.state_image();
        running.call("Note", R"({"Text": "before"})");
        std::optional<std::string> loaded;
        emulator.load_state(image, [&](const std::string& error) { loaded = error; });
        Event late = event("Note", R"({"Text": "of a function"})");
        late.function = "arn:aws:lambda:us-east-1:123456789012:function:f";
        std::optional<Applied> refused;
        emulator.submit(late, [&](Applied applied) { refused = std::move(applied); });
        running.submit("Note", R"({"Text": "of a client"})");
        running.until([&] { return loaded && refused && running.answers.size() == 3; });
        CHECK(loaded->empty());
        CHECK(std::get<ApiError>(refused->answer).status == 500);
        CHECK(running.notes() == "restarted, of a client");
    }

    SECTION("keeps a deferred call until it is completed") {
        running.submit("Wait");
        running.settle();
        CHECK(running.answers.empty());
        CHECK(emulator.deferred() == 1);
        running.submit("Complete", R"({"Event": 1})");
        running.until([&] { return running.answers.size() == 2; });
        const Applied& late = running.answers[1];
        CHECK(late.event == 1);
        CHECK_FALSE(late.deferred);
        CHECK_FALSE(late.request_id.empty());
        CHECK(std::get<Outcome>(late.answer).result == js::parse(R"({"Answer": "late"})"));
        CHECK(emulator.deferred() == 0);
    }

    SECTION("hands effects to whoever carries out their kind, after the answer") {
        std::vector<std::string> ran;
        emulator.on_effect("other.", [&](const Effect&) { ran.emplace_back("wrong"); });
        emulator.on_effect("probe.", [&](const Effect& effect) {
            ran.emplace_back(effect.kind + " " +
                             std::string(effect.payload.at("Text").as_string()) + " after " +
                             std::to_string(running.answers.size()));
        });
        running.call("Note", R"({"Text": "a", "Effect": true})");
        running.settle();
        CHECK(ran == std::vector<std::string>{"probe.run a after 1"});
    }

    SECTION("rings timers when they are due") {
        running.call("Note", R"({"Text": "now", "After": 0})");
        running.call("Note", R"({"Text": "soon", "After": 30})");
        CHECK(running.notes() == "now, rang now, soon");
        const auto begun = std::chrono::steady_clock::now();
        running.until([&] { return running.notes() == "now, rang now, soon, rang soon"; });
        CHECK(std::chrono::steady_clock::now() - begun > std::chrono::milliseconds{20});
    }
}

TEST_CASE("Emulator with a fast clock", "[emulator]") {
    Running running(ClockMode::fast_time);

    SECTION("jumps to what is due when nothing runs") {
        running.call("Note", R"({"Text": "hour", "After": 3600000})");
        running.until([&] { return !running.emulator.kernel().next_due(); });
        CHECK(running.notes() == "hour, rang hour");
        CHECK(running.emulator.now() == kWall + std::chrono::hours{1});
    }

    SECTION("does not jump while something runs") {
        running.emulator.raise_busy();
        running.call("Note", R"({"Text": "hour", "After": 3600000})");
        running.io.run_for(std::chrono::milliseconds{20});
        CHECK(running.notes() == "hour");
        running.emulator.lower_busy();
        running.until([&] { return !running.emulator.kernel().next_due(); });
        CHECK(running.notes() == "hour, rang hour");
    }
}

TEST_CASE("Emulator with a virtual clock", "[emulator]") {
    Running running(ClockMode::virtual_time);
    Emulator& emulator = running.emulator;

    SECTION("stands still by itself") {
        running.call("Note", R"({"Text": "a", "After": 1})");
        running.io.run_for(std::chrono::milliseconds{20});
        CHECK(running.notes() == "a");
        CHECK(emulator.now() == kWall);
    }

    SECTION("rings what falls due on the way, in order") {
        running.call("Note", R"({"Text": "late", "After": 2000})");
        running.call("Note", R"({"Text": "soon", "After": 1000})");
        running.call("Note", R"({"Text": "after", "After": 2001})");
        const Advanced report = running.advance(Duration{2000});
        CHECK(report.now == kWall + Duration{2000});
        CHECK(report.pulses == 2);
        CHECK(report.settled);
        CHECK(running.notes() == "late, soon, after, rang soon, rang late");
    }

    SECTION("goes on until no timer is left, or the limit") {
        running.call("Note", R"({"Text": "soon", "After": 1000})");
        running.call("Note", R"({"Text": "late", "After": 90000})");
        const auto until_idle = [&](Duration at_most) {
            std::optional<Advanced> report;
            emulator.advance_until_idle(at_most, [&](Advanced advanced) { report = advanced; });
            running.until([&] { return report.has_value(); });
            return *report;
        };
        const Advanced limited = until_idle(Duration{5000});
        CHECK_FALSE(limited.idle);
        CHECK(limited.now == kWall + Duration{5000});
        CHECK(limited.pulses == 1);
        const Advanced whole = until_idle(Duration{86'400'000});
        CHECK(whole.idle);
        CHECK(whole.now == kWall + Duration{90'000});
        CHECK(running.notes() == "soon, late, rang soon, rang late");
    }

    SECTION("moves to the next timer, and not at all without one") {
        std::vector<Time> times;
        const auto remember = [&](Advanced advanced) { times.push_back(advanced.now); };
        emulator.advance_to_next(remember);
        running.until([&] { return times.size() == 1; });
        running.call("Note", R"({"Text": "a", "After": 5000})");
        emulator.advance_to_next(remember);
        running.until([&] { return times.size() == 2; });
        CHECK(times == std::vector<Time>{kWall, kWall + Duration{5000}});
        CHECK(running.notes() == "a, rang a");
    }

    SECTION("waits for what runs before time goes on") {
        emulator.on_effect("probe.", [&](const Effect&) {
            emulator.raise_busy();
            auto timer = std::make_shared<boost::asio::steady_timer>(running.io);
            timer->expires_after(std::chrono::milliseconds{20});
            timer->async_wait([&, timer](const boost::system::error_code&) {
                running.submit("Note", R"({"Text": "ended"})");
                emulator.lower_busy();
            });
        });
        running.call("Note", R"({"Text": "run", "After": 1000})");
        running.call("Note", R"({"Text": "later", "After": 60000})");
        CHECK(running.advance(Duration{60'000}).settled);
        CHECK(running.notes() == "run, later, rang run, ended, rang later");
    }

    SECTION("gives what hangs the real time until the next timer, which may end it") {
        emulator.on_effect("probe.", [&](const Effect& effect) {
            if (effect.payload.at("Text") == "run") return emulator.raise_busy();
            emulator.lower_busy();
        });
        running.call("Note", R"({"Text": "run", "After": 10})");
        running.call("Note", R"({"Text": "run out", "After": 40})");
        const auto begun = std::chrono::steady_clock::now();
        const Advanced report = running.advance(Duration{3'600'000});
        CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds{29});
        CHECK(running.notes() == "run, run out, rang run, rang run out");
        CHECK(report.settled);
    }

    SECTION("draws the same ids again from the same seed") {
        Running other(ClockMode::virtual_time);
        CHECK(running.call("Note", R"({"Text": "a"})") == other.call("Note", R"({"Text": "a"})"));
        CHECK(running.call("Note", R"({"Text": "b"})") == other.call("Note", R"({"Text": "b"})"));
        CHECK(running.call("Note", R"({"Text": "c"})") != running.call("Note", R"({"Text": "c"})"));
    }
}

TEST_CASE("Emulator opened again", "[emulator]") {
    const TemporaryFolder folder;
    const std::string database = (folder.path() / "state.db").string();
    std::string first_id;
    {
        Running before(ClockMode::virtual_time, database);
        first_id = js::serialize(before.call("Note", R"({"Text": "a", "After": 60000})"));
        before.advance(Duration{1000});
    }
    Running after(ClockMode::virtual_time, database);

    SECTION("tells the services first and goes on at the time it was") {
        CHECK(after.notes() == "a, restarted");
        CHECK(after.emulator.now() == kWall + Duration{1000});
    }
    SECTION("rings the timers that were set") {
        after.advance(Duration{59'000});
        CHECK(after.notes() == "a, restarted, rang a");
    }
    SECTION("does not draw the same ids again") {
        CHECK(js::serialize(after.call("Note", R"({"Text": "b"})")) != first_id);
    }
}

TEST_CASE("Clock", "[emulator]") {
    Time wall = kWall;
    const auto read = [&] { return wall; };

    SECTION("never goes back") {
        Clock clock(ClockMode::real_time, Time{}, read);
        CHECK(clock.now() == kWall);
        wall -= Duration{5000};
        CHECK(clock.now() == kWall);
        wall += Duration{5001};
        CHECK(clock.now() == kWall + Duration{1});
    }
    SECTION("goes on from a state that is ahead of the wall clock") {
        Clock clock(ClockMode::real_time, kWall + Duration{60'000}, read);
        wall += Duration{10};
        CHECK(clock.now() == kWall + Duration{60'010});
    }
    SECTION("of a virtual clock starts at the wall clock's time once") {
        CHECK(Clock(ClockMode::virtual_time, Time{}, read).now() == kWall);
        CHECK(Clock(ClockMode::virtual_time, kWall - Duration{9}, read).now() ==
              kWall - Duration{9});
    }
}

TEST_CASE("StateFolder", "[emulator]") {
    const TemporaryFolder parent;
    const auto folder = parent.path() / "deep" / "state";

    SECTION("is made, and locked against a second sbemu") {
        const StateFolder first = StateFolder::open(folder);
        CHECK(first.database() == (folder / "state.db").string());
        try {
            StateFolder::open(folder);
            FAIL("opened twice");
        } catch (const StateInUse& error) {
            const std::string text = error.what();
            CHECK(text.find(folder.string() + " is in use by another sbemu (process " +
                            std::to_string(::getpid())) != std::string::npos);
            CHECK(text.find("--state DIR") != std::string::npos);
        }
    }
    SECTION("can be opened again when the first is gone") {
        { const StateFolder first = StateFolder::open(folder); }
        CHECK_NOTHROW(StateFolder::open(folder));
    }
    SECTION("says what is in its way") {
        { const StateFolder first = StateFolder::open(folder); }
        CHECK_THROWS_WITH(StateFolder::open(folder / "lock"),
                          Catch::Contains("cannot use the state folder"));
    }
    SECTION("that is ephemeral is removed at the end") {
        std::filesystem::path path;
        {
            const StateFolder ephemeral = StateFolder::ephemeral();
            path = ephemeral.path();
            CHECK(std::filesystem::exists(path));
            CHECK(ephemeral.database() == ":memory:");
        }
        CHECK_FALSE(std::filesystem::exists(path));
    }
}

}  // namespace sbemu
