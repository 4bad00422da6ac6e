// The wall clock that functions see (emulator/host/functions/function_clock.h).

#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "emulator/host/clock.h"
#include "emulator/host/functions/function_clock.h"
#include "emulator/host/log/log.h"
#include "emulator/host/redirect/redirect.h"
#include "emulator/host/tls/certificate_authority.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/functions_world.h"

namespace sbemu::functions_test {

namespace {

constexpr Duration kDay = std::chrono::hours(24);
// How long a test machine may take over one invocation.
constexpr Duration kPatience = std::chrono::seconds(20);

// Functions that are started redirected, as an emulator starts them.
struct ClockWorld {
    TemporaryFolder folder;
    CertificateAuthority authority{folder.path(), CertificateAuthority::Kind::ephemeral};
    std::optional<Redirect> redirect;
    std::optional<FunctionsWorld> world;

    ClockWorld() {
        RedirectSettings settings;
        settings.port = 4566;
        settings.certificate_authority = authority.certificate_file();
        settings.folder = folder.path();
        redirect.emplace(settings);
        world.emplace([this](FunctionSettings& functions) {
            functions.start = [this](ProcessOptions options) {
                return redirect->start(std::move(options), RedirectedChild::lambda).process;
            };
        });
    }

    void move_to(Duration ahead) {
        world->ahead_of_machine = ahead;
        world->functions->follow_clock();
    }
    // The milliseconds since 1970 that the function answers, in a list.
    std::vector<Time> times_of(const boost::json::object& function, const std::string& id) {
        const Event& ended = world->call(function, id);
        INFO(story_of(ended) << log_of(ended));
        REQUIRE(ended.params.at("Outcome") == "response");
        std::vector<Time> times;
        const boost::json::value answered = boost::json::parse(ended.body);
        for (const auto& each : answered.as_array()) {
            times.push_back(from_milliseconds(each.to_number<std::int64_t>()));
        }
        return times;
    }
    // All its clocks are ahead of the machine's by this much; whole seconds may lag behind.
    void check(const boost::json::object& function, const std::string& id, Duration ahead) {
        wait_out_the_tick();
        const Time before = wall_time() + ahead;
        const std::vector<Time> times = times_of(function, id);
        REQUIRE_FALSE(times.empty());
        for (const Time time : times) {
            CHECK(time >= before - std::chrono::seconds(1));
            CHECK(time <= before + kPatience);
        }
    }
    // time(2) tells the last second until the kernel's next tick, every 4 or 10 ms.
    static void wait_out_the_tick() {
        constexpr Duration kTick{20};
        while (wall_time().time_since_epoch() % std::chrono::seconds(1) < kTick) {
            std::this_thread::sleep_for(kTick);
        }
    }
    void check_follows(const boost::json::object& function) {
        check(function, "real", Duration{0});
        move_to(400 * kDay);  // the process is a warm one
        check(function, "later", 400 * kDay);
        move_to(-3000 * kDay);
        check(function, "earlier", -3000 * kDay);
        move_to(Duration{0});
        check(function, "back", Duration{0});
        CHECK(world->functions->process_count() == 1);
    }
    boost::json::object function(const std::string& runtime, const std::string& file,
                                 const std::string& handler, const std::string& code) {
        return world->function("f", runtime, handler, zip_of({{file, code, kExecutable}}));
    }
};

bool has(const std::string& runtime) {
    const bool found = !Interpreters(current_environment()).find(runtime).path.empty();
    if (!found) WARN("not tested: " << runtime << " is not on this machine");
    return found;
}

}  // namespace

TEST_CASE("a Node function sees the emulator's time", "[functions][clock]") {
    if (!has("nodejs20.x")) return;
    ClockWorld world;
    world.check_follows(world.function("nodejs20.x", "index.js", "index.handler", R"(
        exports.handler = async () => [Date.now(), new Date().getTime()];)"));
}

TEST_CASE("a Python function sees the emulator's time", "[functions][clock]") {
    if (!has("python3.11")) return;
    ClockWorld world;
    world.check_follows(world.function("python3.11", "app.py", "app.main", R"(
import calendar, datetime, time
def main(event, context):
    return [int(time.time() * 1000), time.time_ns() // 1000000,
            calendar.timegm(time.gmtime()) * 1000,
            int(datetime.datetime.now().timestamp() * 1000)]
)"));
}

TEST_CASE("a function on provided sees the emulator's time", "[functions][clock]") {
    if (!has("python3.11")) return;
    ClockWorld world;
    // Its own clock and that of a program that it starts.
    world.check_follows(
        world.function("provided.al2023", "bootstrap", "x", custom_runtime("import subprocess", R"(
    date = subprocess.check_output(['/bin/sh', '-c', 'date +%s'])
    respond('[%d, %d]' % (time.time() * 1000, int(date) * 1000))
)")));
}

TEST_CASE("a function's time goes on while the emulator's stands still", "[functions][clock]") {
    if (!has("python3.11")) return;
    ClockWorld world;
    const auto function = world.function("python3.11", "app.py", "app.main", R"(
import queue, threading, time
def main(event, context):
    seen = [time.time()]
    deadline = time.time() + 0.05
    while time.time() < deadline:
        pass
    seen.append(time.time())
    try:
        queue.Queue().get(timeout=0.05)
    except queue.Empty:
        seen.append(time.time())
    seen.append(time.time() + context.get_remaining_time_in_millis() / 1000)
    return [int(moment * 1000) for moment in seen]
)");
    // The emulator's time stands: each time it is as far ahead as makes the same moment.
    const Time moment = wall_time() + 10 * kDay;
    for (const char* id : {"first", "second"}) {
        world.world->ahead_of_machine = moment - wall_time();
        world.world->start = moment;
        world.world->started = std::chrono::steady_clock::now();
        const std::vector<Time> times = world.times_of(function, id);
        REQUIRE(times.size() == 4);
        CHECK(times[0] >= moment - Duration{1});
        CHECK(times[0] < moment + kPatience);
        CHECK(times[1] - times[0] >= Duration{50});
        CHECK(times[2] - times[1] >= Duration{49});
        // The deadline is three seconds after the start, by the same clock.
        const Duration timeout = times[3] - moment;
        CHECK(timeout > Duration{2900});
        CHECK(timeout < Duration{3000} + kPatience);
    }
}

TEST_CASE("a working function's time never goes back", "[functions][clock]") {
    TemporaryFolder folder;
    const auto ahead_in = [](const std::filesystem::path& file) {
        std::int64_t nanoseconds = 0;
        const std::string bytes = read_whole_file(file);
        REQUIRE(bytes.size() == sizeof nanoseconds);
        std::memcpy(&nanoseconds, bytes.data(), sizeof nanoseconds);
        return std::chrono::nanoseconds(nanoseconds);
    };
    const auto file = folder.path() / "clock";
    {
        FunctionClock clock(file, Duration{-5});
        CHECK(clock.file() == file);
        CHECK(ahead_in(file) == Duration{-5});
        clock.move_forward(Duration{1000});
        CHECK(ahead_in(file) == Duration{1000});
        clock.move_forward(Duration{999});
        CHECK(ahead_in(file) == Duration{1000});
        clock.set(Duration{3});
        CHECK(ahead_in(file) == Duration{3});
    }
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(FunctionClock(folder.path() / "no-folder/clock", Duration{1}).file().empty());
}

TEST_CASE("a clock knows how far it is ahead of the machine's", "[functions][clock]") {
    constexpr Time kStart{std::chrono::hours(400'000)};
    Time wall = kStart;
    const auto read = [&] { return wall; };
    Clock real(ClockMode::real_time, Time{}, read);
    CHECK(real.ahead() == Duration{0});
    wall += Duration{7};
    CHECK(real.ahead() == Duration{0});
    real.freeze();
    wall += Duration{10};
    CHECK(real.ahead() == Duration{-10});
    real.jump_to(real.now() + kDay);
    CHECK(real.ahead() == kDay - Duration{10});
    real.resume();
    wall += Duration{20};
    CHECK(real.ahead() == kDay - Duration{10});
    Clock fast(ClockMode::fast_time, wall + kDay, read);
    fast.jump_to(wall + 3 * kDay);
    wall += Duration{30};
    CHECK(fast.ahead() == 3 * kDay);
    CHECK(Clock(ClockMode::virtual_time, wall - kDay, read).ahead() == -kDay);
}

TEST_CASE("a function that is a static program is told of, once", "[functions][clock]") {
    std::ostringstream said;
    const LogTo log(said);
    ClockWorld world;
    const auto function =
        world.function("provided.al2023", "bootstrap", "x", read_whole_file(REDIRECT_PROBE));
    world.world->call(function, "1");
    CHECK(said.str().empty());
    world.move_to(kDay);
    world.world->call(function, "2");
    CHECK_THAT(said.str(), Catch::Contains("function f: its bootstrap is a static program"));
    said.str("");
    world.world->call(function, "3");
    CHECK(said.str().empty());
}

TEST_CASE("static programs are known", "[functions][clock]") {
    TemporaryFolder folder;
    const auto script = [&](const std::string& line) {
        auto file = folder.path() / "script";
        std::ofstream(file) << line << "\n";
        return file;
    };
    CHECK(is_static_program(REDIRECT_PROBE));
    CHECK(is_static_program(script("#!" REDIRECT_PROBE " connect")));
    CHECK_FALSE(is_static_program("/bin/sh"));
    CHECK_FALSE(is_static_program(script("#! /bin/sh")));
    CHECK_FALSE(is_static_program(script("text")));
    CHECK_FALSE(is_static_program(folder.path() / "nothing"));
}

}  // namespace sbemu::functions_test
