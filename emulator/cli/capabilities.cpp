// sbemu capabilities: what is implemented, out of the operation tables themselves.
#include <boost/json.hpp>
#include <iostream>

#include "emulator/cli/command.h"
#include "emulator/cli/terminal.h"
#include "emulator/core/model.h"
#include "fakes/cloudformation/provider.h"
#include "fakes/services.h"

namespace sbemu {
namespace {

namespace json = boost::json;

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu capabilities               how much of each service there is, and resource types\n"
    "  sbemu capabilities lambda        its operations, those that are there and those missing\n"
    "  sbemu capabilities --json        all of it for scripts\n"
    "\n"
    "What is missing answers the error NotImplemented and names itself; nothing succeeds quietly.";

struct Options {
    std::string service;
    bool json = false;
};

struct Support {
    std::string service;
    std::vector<std::string> built;
    std::vector<std::string> missing;
};

Support support_of(const Service& service) {
    Support support{std::string(service.name), {}, {}};
    for (const std::string& name : model::operation_names(service.name)) {
        const bool built =
            std::any_of(service.operations.begin(), service.operations.end(),
                        [&name](const Operation& operation) { return operation.name == name; });
        (built ? support.built : support.missing).push_back(name);
    }
    return support;
}

std::vector<Support> all_support() {
    std::vector<Support> all;
    for (const Service* service : all_services().services()) {
        if (model::find_service(service->name)) all.push_back(support_of(*service));
    }
    return all;
}

std::vector<std::string> resource_types() {
    std::vector<std::string> types;
    for (const cloudformation::Provider* provider : cloudformation::providers()) {
        if (cloudformation::is_custom_type(provider->type)) {
            types.insert(types.end(), {"AWS::CloudFormation::CustomResource", "Custom::*"});
        } else {
            types.emplace_back(provider->type);
        }
    }
    std::sort(types.begin(), types.end());
    return types;
}

void print_list(const std::vector<std::string>& names) {
    for (const std::string& name : names) std::cout << "  " << name << "\n";
}

void print_overview(const std::vector<Support>& all) {
    for (const Support& support : all) {
        const std::size_t total = support.built.size() + support.missing.size();
        std::cout << padded(support.service, 18) << support.built.size() << " of " << total
                  << " operations\n";
    }
    std::cout << "\nCloudFormation resource types\n";
    print_list(resource_types());
    std::cout << "\nThe operations of one: sbemu capabilities SERVICE\n";
}

void print_service(const Support& support) {
    std::cout << support.service << ": " << support.built.size() << " operations\n";
    print_list(support.built);
    if (!support.missing.empty()) {
        std::cout << "\nNot implemented: " << support.missing.size() << "\n";
        for (const std::string& name : support.missing) std::cout << "  " << faint(name) << "\n";
    }
    if (support.service == "cloudformation") {
        std::cout << "\nResource types\n";
        print_list(resource_types());
    }
}

json::array as_json(const std::vector<std::string>& names) {
    return json::array(names.begin(), names.end());
}

void run(const Options& options) {
    std::vector<Support> all = all_support();
    if (!options.service.empty()) {
        std::string known;
        for (const Support& support : all) known += (known.empty() ? "" : ", ") + support.service;
        std::erase_if(all,
                      [&](const Support& support) { return support.service != options.service; });
        if (all.empty()) {
            throw CommandError(
                "sbemu has no service '" + options.service + "'. It has " + known + ".",
                kWrongUsage);
        }
    }
    if (!options.json) {
        if (options.service.empty()) {
            print_overview(all);
        } else {
            print_service(all.front());
        }
        return;
    }
    json::object services;
    for (const Support& support : all) {
        services[support.service] = json::object{{"operations", as_json(support.built)},
                                                 {"not_implemented", as_json(support.missing)}};
    }
    std::cout << json::serialize(json::object{{"services", std::move(services)},
                                              {"resource_types", as_json(resource_types())}})
              << "\n";
}

}  // namespace

void add_capabilities(const Command& program, int&) {
    const Command command =
        program.add_command("capabilities", "List what sbemu implements of each service");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    command.add_option("service", options->service, "Only this service: dynamodb, lambda, ...");
    command.add_flag("--json", options->json, "Print JSON");
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
