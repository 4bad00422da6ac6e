// sbemu deploy, invoke and logs against an emulator.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli_world.h"

namespace sbemu {
using Catch::Contains;

namespace {

namespace js = boost::json;

// A bucket whose name is a parameter, and a function that fails when it is told to.
constexpr const char* kTemplate = R"(
Parameters:
  Name: {Type: String}
  Size: {Type: Number, Default: 128}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Ref Name}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: greeter
      Runtime: python3.12
      Handler: index.handler
      MemorySize: !Ref Size
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          def handler(event, context):
              print("asked by", event.get("name"))
              if event.get("name") == "nobody":
                  raise ValueError("nobody is there")
              return {"hello": event.get("name")}
Outputs:
  BucketName: {Value: !Ref Bucket}
)";

constexpr const char* kBroken = R"({"Resources": {
  "First": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken"}},
  "Second": {"Type": "AWS::S3::Bucket", "DependsOn": "First",
             "Properties": {"BucketName": "NOT A NAME"}}}})";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("sbemu deploy", "[cli][deploy]") {
    CliWorld world;
    const std::string file = world.file("service.template.yaml", kTemplate);

    SECTION("creates, updates and deletes a stack") {
        const Ran created = world.run({"deploy", file, "--parameter", "Name=events"});
        INFO(created.output << created.errors);
        CHECK(created.exit_code == 0);
        CHECK(first_line(created.output) == "Creating the stack service in us-east-1");
        CHECK_THAT(created.output, Contains("CREATE_COMPLETE       Bucket"));
        CHECK_THAT(created.output, Contains("  BucketName                        events\n"));
        CHECK_THAT(created.output, Contains("service is CREATE_COMPLETE after "));

        // Name keeps its value.
        const Ran updated = world.run({"deploy", file, "--parameter", "Size=256"});
        CHECK(updated.exit_code == 0);
        CHECK_THAT(updated.output, Contains("UPDATE_COMPLETE       Function"));
        CHECK_THAT(updated.output, !Contains("CREATE_COMPLETE"));

        const Ran again = world.run({"deploy", file});
        CHECK(again.exit_code == 0);
        CHECK_THAT(again.output, Contains("No updates"));

        const Ran deleted = world.run({"deploy", "--delete", "--stack", "service"});
        CHECK(deleted.exit_code == 0);
        CHECK_THAT(deleted.output, Contains("service is DELETE_COMPLETE after "));
        const Ran absent = world.run({"deploy", "--delete", "--stack", "service"});
        CHECK(absent.exit_code == 0);
        CHECK(absent.output == "There is no stack service.\n");
    }
    SECTION("fails with a stack that fails, says where it began, and how to go on") {
        const std::string broken = world.file("broken.json", kBroken);
        const Ran ran = world.run({"deploy", broken});
        CHECK(ran.exit_code == 1);
        CHECK_THAT(ran.output, Contains("! ") && Contains("CREATE_FAILED         Second"));
        CHECK_THAT(ran.output, Contains("broken is ROLLBACK_COMPLETE after "));
        CHECK_THAT(ran.output, Contains("It began with Second: "));
        const Ran again = world.run({"deploy", broken});
        CHECK(again.exit_code == 1);
        CHECK_THAT(again.errors, Contains("sbemu deploy --delete --stack broken"));
    }
    SECTION("answers JSON") {
        const Ran ran = world.run({"deploy", file, "--parameter", "Name=events", "--json"});
        const js::value report = js::parse(ran.output);
        CHECK(report.at("Status") == "CREATE_COMPLETE");
        CHECK(report.at("Outputs").at("BucketName") == "events");
        CHECK(report.at("Events").as_array().size() >= 8);
    }
    SECTION("uploads packages, with the bucket, before anything else") {
        const std::string package = world.file("code.zip", "bytes");
        const Ran ran = world.run({"deploy", file, "--parameter", "Name=events", "--package",
                                   "code/a/b c.zip=" + package});
        CHECK(ran.exit_code == 0);
        CHECK_THAT(first_line(ran.output), Contains("(5 B) to s3://code/a/b c.zip"));
        CHECK(world.client().send("s3", {"GET", "/code/a/b%20c.zip", {}, {}}).body == "bytes");
    }
    SECTION("refuses") {
        const auto [wrong, arguments, exit_code, text] =
            GENERATE(table<std::string, std::vector<std::string>, int, std::string>({
                {"no template", {"deploy"}, 2, "say which template to deploy"},
                {"no stack to delete", {"deploy", "--delete"}, 2, "--stack NAME"},
                {"a file that is not there", {"deploy", "none.json"}, 1, "cannot read none.json"},
                {"a parameter without a value",
                 {"deploy", "fixtures/templates/streambot.template.json", "--parameter", "GitSha"},
                 2,
                 "--parameter takes NAME=VALUE, not 'GitSha'"},
                {"a package without a file",
                 {"deploy", "fixtures/templates/streambot.template.json", "--package", "a/b"},
                 2,
                 "--package takes BUCKET/KEY=FILE, not 'a/b'"},
                {"a missing parameter",
                 {"deploy", "fixtures/templates/streambot.template.json"},
                 1,
                 "Parameters: [GitSha] must have values"},
            }));
        INFO("with " << wrong);
        const Ran ran = world.run(arguments);
        CHECK(ran.exit_code == exit_code);
        CHECK_THAT(ran.errors, Contains(text));
    }
}

TEST_CASE("sbemu invoke and logs", "[cli][invoke][logs]") {
    CliWorld world;
    CHECK_THAT(world.run({"logs"}).output, Contains("No log groups yet"));
    const Ran early = world.run({"logs", "greeter"});
    CHECK(early.exit_code == 1);
    CHECK_THAT(early.errors, Contains("no log group /aws/lambda/greeter yet"));
    const Ran unknown = world.run({"invoke", "greeter"});
    CHECK(unknown.exit_code == 1);
    CHECK_THAT(unknown.errors, Contains("ResourceNotFoundException: Function not found: "));

    const std::string file = world.file("service.yaml", kTemplate);
    REQUIRE(world.run({"deploy", file, "--parameter", "Name=events"}).exit_code == 0);

    const Ran returned = world.run({"invoke", "greeter", "--payload", R"({"name": "you"})"});
    CHECK(returned.exit_code == 0);
    CHECK_THAT(returned.output,
               Contains("| asked by you\n") && Contains("\n{\"hello\": \"you\"}\n"));

    const std::string event = world.file("event.json", R"({"name": "nobody"})");
    const Ran failed = world.run({"invoke", "greeter", "--event", event});
    CHECK(failed.exit_code == 1);
    CHECK_THAT(failed.output, Contains("The function failed.\nValueError: nobody is there\n"));

    const js::value report =
        js::parse(world.run({"invoke", "greeter", "--event", event, "--json"}).output);
    CHECK(report.at("FunctionError") == "Unhandled");
    CHECK(report.at("Result").at("errorType") == "ValueError");

    const Ran wrong = world.run({"invoke", "greeter", "--payload", "{name}"});
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.errors, Contains("--payload is not JSON"));

    const Ran accepted = world.run({"invoke", "greeter", "--async"});
    CHECK(accepted.exit_code == 0);
    CHECK(accepted.output == "Accepted. What becomes of it: sbemu logs greeter\n");

    CHECK_THAT(world.run({"logs"}).output, Contains("/aws/lambda/greeter"));
    const std::string log = world.run({"logs", "greeter"}).output;
    const auto you = log.find("asked by you");
    const auto nobody = log.find("asked by nobody");
    CHECK(you != std::string::npos);
    CHECK(nobody != std::string::npos);
    CHECK(you < nobody);
    const std::string arn = "arn:aws:lambda:us-east-1:000000000000:function:greeter";
    CHECK_THAT(world.run({"logs", arn, "--since", "1h"}).output, Contains("asked by you"));
    const std::string line = first_line(world.run({"logs", "greeter", "--json"}).output);
    CHECK(js::parse(line).as_object().contains("message"));
    CHECK(world.run({"logs", "greeter", "--since", "yesterday"}).exit_code == 2);
}

TEST_CASE("commands without an sbemu say how to start one", "[cli]") {
    // Nobody listens on the discard port.
    for (const std::vector<std::string>& command : {std::vector<std::string>{"logs"},
                                                    {"invoke", "f"},
                                                    {"deploy", "--delete", "--stack", "s"}}) {
        std::vector<std::string> arguments = command;
        arguments.insert(arguments.end(), {"--endpoint", "http://127.0.0.1:9"});
        const Ran ran = run_sbemu(arguments);
        CHECK(ran.exit_code == 3);
        CHECK_THAT(ran.errors, Contains("Start one with `sbemu up`"));
    }
}

TEST_CASE("query_form flattens parameters as the Query protocol does", "[cli][client]") {
    CHECK(query_form("CreateStack", "2010-05-15",
                     js::parse(R"({"StackName": "a b", "Parameters": [
                         {"ParameterKey": "K", "UsePreviousValue": true}], "Capabilities": ["X"]})")
                         .as_object()) ==
          "Action=CreateStack&Version=2010-05-15&StackName=a%20b"
          "&Parameters.member.1.ParameterKey=K&Parameters.member.1.UsePreviousValue=true"
          "&Capabilities.member.1=X");
}

}  // namespace sbemu
