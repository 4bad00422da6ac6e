// sbemu replay: does again what a capture has, and says where it comes out differently.
#include "emulator/capture/replay.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>

#include "emulator/cli/captures.h"
#include "emulator/cli/command.h"
#include "emulator/cli/server_options.h"
#include "emulator/cli/terminal.h"
#include "emulator/host/emulator.h"
#include "emulator/live/live_replay.h"
#include "emulator/live/package_folder.h"

namespace sbemu {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu replay bug.capture                  every event again; the first difference is shown\n"
    "  sbemu replay bug.capture --until 17       stops after event 17, listening: look around\n"
    "  sbemu replay bug.capture --step           one event after the other, Enter by Enter\n"
    "  sbemu replay bug.capture --live --code my-function=./src\n"
    "                                            the functions run again, with today's code\n"
    "\n"
    "The events are applied to an empty state, with their own times and seeds; functions do not "
    "run,\n"
    "their answers are in the capture. It ends with the unseed, one number over all replies: on "
    "every\n"
    "machine it is the same. With --until and --step an emulator listens meanwhile, in which time\n"
    "stands still: the AWS CLI, SDKs and `sbemu status` show the state at that point.\n"
    "\n"
    "With --live what came from outside happens again, and functions run as real processes. Told "
    "is,\n"
    "for each invocation, what it calls, PUTs, returns and writes otherwise than it did.\n"
    "\n"
    "Exit codes: 0 all replies are the same, 1 one differs or the file is no capture, 2 wrong "
    "usage.";

struct Options {
    std::string file;
    std::optional<std::int64_t> until;
    bool step = false;
    bool live = false;
    std::vector<std::string> code;  // FUNCTION=FOLDER
    std::string node_path;
    bool json = false;
    std::uint16_t port = 4566;
};

void print(const ReplayDifference& difference) {
    std::cout << red("differs  ") << name_of(difference.captured) << "\n"
              << difference.explain() << "- is captured, + is what is answered now.\n";
}

int replay_all(const Options& options, const Capture& capture) {
    const Replayed replayed = replay(capture);
    const bool is_same = !replayed.difference;
    if (options.json) {
        json::object report{{"events", capture.events.size()},
                            {"applied", replayed.events},
                            {"same", is_same},
                            {"unseed", replayed.unseed}};
        if (!is_same) {
            report["difference"] = {{"event", replayed.difference->captured.number},
                                    {"captured", replayed.difference->captured.reply},
                                    {"answered", replayed.difference->answered}};
        }
        std::cout << json::serialize(report) << "\n";
        return is_same ? 0 : kFailed;
    }
    if (!is_same) print(*replayed.difference);
    std::cout << (is_same ? green("same     ") : std::string())
              << (is_same ? std::to_string(replayed.events) + " events"
                          : std::to_string(replayed.events) + " of " +
                                std::to_string(capture.events.size()) + " events were applied")
              << ", unseed " << replayed.unseed << "\n";
    return is_same ? 0 : kFailed;
}

// An emulator that stands still, and the events that are still to come.
class Stepping {
  public:
    Stepping(const Options& options, const Capture& capture)
        : options_(options), capture_(capture), input_(io_) {
        ServerFlags flags;
        flags.port = options.port;
        flags.ephemeral = true;
        flags.paused = true;
        server_ = start_server(io_, flags);
    }

    int run() {
        asio::signal_set signals(io_, SIGINT, SIGTERM);
        signals.async_wait([this](const boost::system::error_code&, int) { io_.stop(); });
        std::cout << "An emulator in which time stands still listens on " << server_->url() << "\n";
        while (next_ < capture_.events.size() && options_.until &&
               capture_.events[next_].number <= *options_.until) {
            apply_next();
        }
        if (options_.step) {
            ask();
        } else {
            say_where();
            std::cout << "Ctrl-C ends it.\n" << std::flush;
        }
        io_.run();
        return differed_ ? kFailed : 0;
    }

  private:
    void apply_next() {
        const CapturedEvent& captured = capture_.events[next_++];
        json::value answered = describe_reply(server_->emulator().replay(captured.event));
        if (options_.step) {
            std::cout << name_of(captured) << "\n  " << json::serialize(captured.event.params)
                      << "\n  " << faint(json::serialize(answered)) << "\n";
        }
        if (captured.reply.is_null() || answered == captured.reply) return;
        differed_ = true;
        print({captured, std::move(answered)});
    }

    void say_where() const {
        if (next_ == 0) {
            std::cout << "No event has been applied.\n";
        } else {
            std::cout << "It stands after " << name_of(capture_.events[next_ - 1]) << ".\n";
        }
    }

    void ask() {
        say_where();
        if (next_ == capture_.events.size()) {
            std::cout << "That was the last one. Ctrl-C ends it.\n" << std::flush;
            return;
        }
        std::cout << "Enter applies " << name_of(capture_.events[next_]) << "; Ctrl-C ends it.\n"
                  << std::flush;
        if (!input_.is_open()) input_.assign(::dup(0));
        asio::async_read_until(input_, line_, '\n',
                               [this](const boost::system::error_code& error, std::size_t size) {
                                   if (error) return io_.stop();
                                   line_.consume(size);
                                   apply_next();
                                   ask();
                               });
    }

    const Options& options_;
    const Capture& capture_;
    asio::io_context io_{1};
    asio::posix::stream_descriptor input_;
    asio::streambuf line_;
    std::unique_ptr<Server> server_;
    std::size_t next_ = 0;
    bool differed_ = false;
};

LiveOptions live_options(const Options& options) {
    LiveOptions live;
    live.node_path = options.node_path;
    for (const std::string& code : options.code) {
        const auto equals = code.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw CommandError("--code takes FUNCTION=FOLDER, not '" + code + "'.", kWrongUsage);
        }
        live.code[code.substr(0, equals)] = package_of(code.substr(equals + 1));
    }
    return live;
}

json::object as_json(const LiveChange& change) {
    json::array members;
    for (const std::string& member : change.members) members.emplace_back(member);
    return {{"change", std::string(1, change.sign)},
            {"what", change.what},
            {"members", std::move(members)}};
}

json::object as_json(const LiveReplay& replayed) {
    json::array changed;
    for (const InvocationChange& invocation : replayed.changes) {
        json::array changes;
        for (const LiveChange& change : invocation.changes) changes.push_back(as_json(change));
        changed.push_back(json::object{{"function", invocation.function},
                                       {"invocation", invocation.invocation},
                                       {"event", invocation.event},
                                       {"changes", std::move(changes)}});
    }
    return {{"invocations", replayed.invocations},
            {"changed", std::move(changed)},
            {"unseed", unseed_of(replayed.capture)}};
}

void print(const InvocationChange& invocation) {
    std::cout << red("differs  ") << invocation.function
              << (invocation.event == 0 ? ", not invoked when it was captured"
                                        : ", from event " + std::to_string(invocation.event))
              << "\n";
    for (const LiveChange& change : invocation.changes) {
        const std::string line = std::string("  ") + change.sign + " " + change.what;
        std::cout << (change.sign == '+'   ? green(line)
                      : change.sign == '-' ? red(line)
                                           : line)
                  << "\n";
        for (const std::string& member : change.members) std::cout << "      " << member << "\n";
    }
}

int replay_with_functions(const Options& options, const Capture& capture) {
    LiveReplay replayed;
    try {
        replayed = replay_live(capture, live_options(options));
    } catch (const CaptureError& error) {
        throw CommandError(std::string(error.what()) + ".");
    }
    if (options.json) {
        std::cout << json::serialize(as_json(replayed)) << "\n";
        return replayed.changes.empty() ? 0 : kFailed;
    }
    for (const InvocationChange& invocation : replayed.changes) print(invocation);
    if (!replayed.changes.empty()) {
        std::cout << "- is captured, + is what happens now, ~ is what happens otherwise.\n";
    }
    std::cout << (replayed.changes.empty() ? green("same     ") : std::string())
              << replayed.invocations
              << (replayed.invocations == 1 ? " invocation" : " invocations") << " ran, "
              << replayed.changes.size() << " did otherwise than captured, unseed "
              << unseed_of(replayed.capture) << "\n";
    return replayed.changes.empty() ? 0 : kFailed;
}

int run(const Options& options) {
    const Capture capture = read_capture(options.file);
    if (options.live) return replay_with_functions(options, capture);
    if (!options.code.empty()) throw CommandError("--code is for --live.", kWrongUsage);
    if (options.until && !options.step) {
        const bool is_there = std::any_of(
            capture.events.begin(), capture.events.end(),
            [&](const CapturedEvent& captured) { return captured.number == *options.until; });
        if (!is_there) {
            throw CommandError("the capture has no event " + std::to_string(*options.until) + ".",
                               kWrongUsage);
        }
    }
    if (options.until || options.step) return Stepping(options, capture).run();
    return replay_all(options, capture);
}

}  // namespace

void add_replay(const Command& program, int& exit_code) {
    const Command command = program.add_command("replay", "Do again what a capture has");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("file", options->file, "The capture; - reads standard input").required();
    command.add_option("--until", options->until,
                       "Stop after the event of this number, and listen");
    command.add_flag("--step", options->step, "Apply one event after the other, and listen");
    const Option live = command.add_flag("--live", options->live,
                                         "Run the functions again, and say what they do otherwise");
    command.add_repeated_option(
        "--code", options->code,
        "FUNCTION=FOLDER: today's code of a function (a folder or a zip); repeatable");
    command
        .add_option("--node-path", options->node_path,
                    "As for `sbemu up`: a node_modules folder for Node functions")
        .existing_folder();
    live.excludes("--until").excludes("--step");
    command.add_option("--port", options->port, "Where to listen with --until or --step; 0: any")
        .in_range(0, 65535)
        .shows_default();
    command.add_flag("--json", options->json, "Print JSON");
    command.callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace sbemu
