// sbemu generate-event: prints an event as AWS would send it.
#include <iostream>
#include <memory>

#include "emulator/capture/generated_event.h"
#include "emulator/cli/command.h"

namespace sbemu {
namespace {

constexpr const char* kFooter =
    "\nExamples:\n"
    "  sbemu generate-event cloudformation --request-type Update --property Size=2 \\\n"
    "        --old-property Size=1\n"
    "  sbemu generate-event kinesis --data one --data two --stream clicks\n"
    "  sbemu generate-event dynamodb --event-name MODIFY --item '{\"id\": {\"S\": \"7\"}}'\n"
    "  sbemu generate-event sqs --body '{\"order\": 7}' | sbemu invoke my-function --event -\n"
    "\n"
    "The same options give the same event; another --seed gives other ids. Property values that "
    "are\n"
    "JSON objects or lists stay such, all others are texts, as CloudFormation sends them. Nothing\n"
    "answers a generated ResponseURL: `sbemu import` makes a stack that asks for real.\n"
    "\n"
    "Exit codes: 0 printed, 2 wrong usage.";

struct Options {
    std::string kind;
    EventOptions event;
    std::vector<std::string> properties;
    std::vector<std::string> old_properties;
};

std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& option,
                                                          const std::vector<std::string>& texts) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw CommandError(option + " takes NAME=VALUE, not '" + text + "'.", kWrongUsage);
        }
        pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return pairs;
}

void run(Options options) {
    options.event.properties = pairs_of("--property", options.properties);
    options.event.old_properties = pairs_of("--old-property", options.old_properties);
    try {
        std::cout << print_event(generate_event(options.kind, options.event));
    } catch (const EventError& error) {
        throw CommandError(std::string(error.what()) + ".", kWrongUsage);
    }
}

// A list whose every element is an occurrence of the option: values may begin with [.
}  // namespace

void add_generate_event(const Command& program, int&) {
    const Command command =
        program.add_command("generate-event", "Print an event as AWS would send it");
    command.footer(kFooter);
    const auto options = std::make_shared<Options>();
    EventOptions& event = options->event;
    std::string kinds;
    for (const std::string& kind : event_kinds()) kinds += (kinds.empty() ? "" : ", ") + kind;
    command.add_option("kind", options->kind, kinds).required();
    command.add_option("--request-type", event.request_type,
                       "cloudformation: Create, Update or Delete");
    command.add_repeated_option("--property", options->properties, "cloudformation: NAME=VALUE");
    command.add_repeated_option("--old-property", options->old_properties,
                                "cloudformation, Update: NAME=VALUE as it was before");
    command.add_option("--service-token", event.service_token,
                       "cloudformation: the function's ARN");
    command.add_option("--resource-type", event.resource_type, "cloudformation");
    command.add_option("--logical-id", event.logical_id, "cloudformation");
    command.add_option("--physical-id", event.physical_id, "cloudformation: not of a Create");
    command.add_option("--stack", event.stack, "cloudformation: the stack's name");
    command.add_repeated_option("--data", event.data,
                                "kinesis: a record's data, as text; one record each");
    command.add_option("--partition-key", event.partition_key, "kinesis");
    command.add_option("--stream", event.stream, "kinesis: the stream's name");
    command.add_option("--table", event.table, "dynamodb: the table's name");
    command.add_option("--event-name", event.event_name, "dynamodb: INSERT, MODIFY or REMOVE");
    command.add_option("--keys", event.keys, "dynamodb: key attributes, {\"id\": {\"S\": \"1\"}}");
    command.add_option("--item", event.item, "dynamodb: the item, or the new one");
    command.add_option("--old-item", event.old_item, "dynamodb: the item as it was before");
    command.add_repeated_option(
        "--body", event.bodies,
        "sqs, sns: a message, one record each; eventbridge: the detail, JSON");
    command.add_option("--queue", event.queue, "sqs: the queue's name");
    command.add_option("--topic", event.topic, "sns: the topic's name");
    command.add_option("--bucket", event.bucket, "s3: the bucket's name");
    command.add_repeated_option("--key", event.object_keys, "s3: an object's key; one record each");
    command.add_option("--account", event.account, "Twelve digits");
    command.add_option("--region", event.region, "A region's name");
    command.add_option("--seed", event.seed, "Of ids and sequence numbers");
    command.option("--request-type").shows_default();
    command.callback([options] { run(*options); });
}

}  // namespace sbemu
