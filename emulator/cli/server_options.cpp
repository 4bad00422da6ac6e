#include "emulator/cli/server_options.h"

#include <map>
#include <random>
#include <system_error>

#include "emulator/cli/command.h"
#include "emulator/cli/version.h"
#include "emulator/empty_state/empty_state.h"
#include "emulator/host/log/log.h"
#include "emulator/host/state_folder.h"
#include "emulator/store/store.h"
#include "fakes/services.h"

namespace sbemu {
namespace {

const std::map<std::string, ClockMode>& clock_modes() {
    static const std::map<std::string, ClockMode> kModes{{"real", ClockMode::real_time},
                                                         {"fast", ClockMode::fast_time},
                                                         {"virtual", ClockMode::virtual_time}};
    return kModes;
}

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

std::string cannot_listen(const ServerFlags& flags, const std::system_error& error) {
    const std::string place = flags.address + ":" + std::to_string(flags.port);
    if (error.code() == std::errc::address_in_use) {
        return "port " + std::to_string(flags.port) + " of " + flags.address +
               " is in use. Another sbemu? Ask it with `sbemu status --endpoint http://" + place +
               "`, or choose another port with --port N (0 takes a free one).";
    }
    if (error.code() == std::errc::permission_denied) {
        return "not allowed to listen on " + place + ". Choose a port above 1023 with --port N.";
    }
    return "cannot listen on " + place + ": " + error.code().message() + ".";
}

}  // namespace

void add_emulator_flags(const Command& command, ServerFlags& flags) {
    command
        .add_option("--clock", flags.clock,
                    "real: the machine's time. fast: jumps to what is due next whenever nothing is "
                    "running. virtual: stands still until `sbemu clock advance`")
        .one_of({"real", "fast", "virtual"})
        .shows_default();
    command
        .add_option("--latency", flags.latency,
                    "aws: tables and their indexes take as long to be made, changed and deleted as "
                    "on AWS, on the emulator's clock. none: at once")
        .one_of({"none", "aws"})
        .shows_default();
    command.add_option("--seed", flags.seed,
                       "Makes every id and random choice repeatable (default: a new seed)");
    command
        .add_option("--node-path", flags.node_path,
                    "A node_modules folder that Node functions may require from, for runtimes that "
                    "brought aws-sdk with them")
        .existing_folder();
    command.add_flag("-v,--verbose", flags.verbose, "Write a line per call to standard error");
}

std::unique_ptr<Server> start_server(boost::asio::io_context& io, const ServerFlags& flags) {
    log_to_standard_error(flags.verbose);
    ServerOptions options;
    options.address = flags.address;
    options.port = flags.port;
    if (!flags.ephemeral) options.state_folder = flags.state;
    options.empty_state = empty_state();
    options.clock = clock_modes().at(flags.clock);
    options.latency = flags.latency == name_of(Latency::aws) ? Latency::aws : Latency::none;
    options.seed = flags.seed ? *flags.seed : random_seed();
    options.node_path = flags.node_path;
    options.paused = flags.paused;
    options.log_calls = flags.verbose;
    options.version = version();
    try {
        return std::make_unique<Server>(io, all_services(), std::move(options));
    } catch (const StateInUse& error) {
        throw CommandError(error.what(), kInUse);
    } catch (const StoreError& error) {
        throw CommandError("cannot open the state in " + flags.state + ": " + error.what() +
                           ". Move the folder away, or choose another with --state DIR.");
    } catch (const std::system_error& error) {
        throw CommandError(cannot_listen(flags, error),
                           error.code() == std::errc::address_in_use ? kInUse : kFailed);
    } catch (const std::invalid_argument& error) {
        throw CommandError(std::string(error.what()) + ". Give --host an address of this machine.",
                           kWrongUsage);
    }
}

}  // namespace sbemu
