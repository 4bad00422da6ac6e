// sbemu snapshot and sbemu reset: the whole state of a running sbemu, kept and put back.
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "emulator/capture/state_difference.h"
#include "emulator/cli/command.h"
#include "emulator/cli/endpoint.h"
#include "emulator/cli/terminal.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu snapshot save empty-stacks         keep the state as it is now\n"
    "  sbemu snapshot load empty-stacks         and have it back\n"
    "  sbemu snapshot diff empty-stacks         what has changed since, row by row\n"
    "  sbemu reset                              a new, empty state\n"
    "\n"
    "A snapshot is everything: rows, event log, timers, what is in flight. Loading one ends "
    "running\n"
    "functions; calls that wait get an error, and what was in flight in the snapshot goes on. "
    "Over\n"
    "HTTP: POST /_sbemu/snapshots/NAME, POST /_sbemu/snapshots/NAME/load, POST /_sbemu/reset.\n"
    "Snapshots are in the state folder; with --ephemeral they end with the emulator.";

struct Options {
    std::string endpoint;
    std::string name;
    bool json = false;
};

std::string path_of(const Options& options) { return "/_sbemu/snapshots/" + options.name; }

json::object control(const Options& options, std::string method, std::string path) {
    return ask_control(chosen_endpoint(options.endpoint), std::move(method), std::move(path));
}

void list(const Options& options) {
    const json::object answer = control(options, "GET", "/_sbemu/snapshots");
    if (options.json) {
        std::cout << json::serialize(answer) << "\n";
        return;
    }
    for (const json::value& name : answer.at("snapshots").as_array()) {
        std::cout << std::string_view(name.as_string()) << "\n";
    }
}

void load_image(const Options& options, const std::string& path, Store& store) {
    const wire::HttpResponse answer = ask(chosen_endpoint(options.endpoint), {"GET", path, {}, {}});
    if (answer.status != 200) throw CommandError(answer.body);
    store.load(answer.body);
}

json::object as_json(const StateDifference& difference) {
    json::array rows;
    for (const RowDifference& row : difference.rows) {
        json::array columns;
        for (const std::string& column : row.columns) columns.emplace_back(column);
        rows.push_back(json::object{{"table", row.table},
                                    {"change", std::string(1, row.sign)},
                                    {"key", row.key},
                                    {"columns", std::move(columns)}});
    }
    return {{"events", difference.events}, {"rows", std::move(rows)}};
}

void diff(const Options& options) {
    Store before(":memory:");
    Store after(":memory:");
    load_image(options, path_of(options), before);
    load_image(options, "/_sbemu/state", after);
    const StateDifference difference = compare_states(before, after);
    if (options.json) {
        std::cout << json::serialize(as_json(difference)) << "\n";
        return;
    }
    std::string table;
    for (const RowDifference& row : difference.rows) {
        if (row.table != table) std::cout << row.table << "\n";
        table = row.table;
        const std::string line = std::string("  ") + row.sign + " " + row.key;
        std::cout << (row.sign == '+' ? green(line) : row.sign == '-' ? red(line) : line) << "\n";
        for (const std::string& column : row.columns) std::cout << "      " << column << "\n";
    }
    std::cout << difference.rows.size() << " rows differ; " << difference.events
              << " events came since the snapshot\n";
}

}  // namespace

void add_snapshot(const Command& program, int&) {
    const Command command = program.add_command("snapshot", "Keep the whole state and put it back");
    command.footer(kFooter);
    command.require_command(1);
    const auto options = std::make_shared<Options>();
    const auto add = [&](const char* name, const char* what, bool has_name) {
        const Command added = command.add_command(name, what);
        add_endpoint_option(added, options->endpoint);
        if (has_name) added.add_option("name", options->name, "Its name").required();
        return added;
    };
    add("save", "Keep the state as it is now", true).callback([options] {
        control(*options, "POST", path_of(*options));
        std::cout << "saved " << options->name << "\n";
    });
    add("load", "Make it the state", true).callback([options] {
        const json::object answer = control(*options, "POST", path_of(*options) + "/load");
        std::cout << "loaded " << options->name << ", the time is "
                  << std::string_view(answer.at("now").as_string()) << "\n";
    });
    add("delete", "Forget it", true).callback([options] {
        control(*options, "DELETE", path_of(*options));
        std::cout << "deleted " << options->name << "\n";
    });
    const Command list_command = add("list", "Print the names", false);
    list_command.add_flag("--json", options->json, "Print JSON");
    list_command.callback([options] { list(*options); });
    const Command diff_command = add("diff", "Print what has changed since", true);
    diff_command.add_flag("--json", options->json, "Print JSON");
    diff_command.callback([options] { diff(*options); });
}

void add_reset(const Command& program, int&) {
    const Command command = program.add_command("reset", "Make the state a new, empty one");
    const auto options = std::make_shared<Options>();
    add_endpoint_option(command, options->endpoint);
    command.callback([options] {
        control(*options, "POST", "/_sbemu/reset");
        std::cout << "the state is empty\n";
    });
}

}  // namespace sbemu
