// Unmodified programs reach the emulator through AWS's host names, by each mechanism alone and by
// both. What answers is a test server; what is dialled never leaves this machine.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <string>

#include "emulator/host/process/seccomp_filter.h"
#include "emulator/host/redirect/preload_library.h"
#include "emulator/host/redirect/redirect.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/redirect/echo_server.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

struct Mechanisms {
    const char* name;
    bool preload;
    bool seccomp;
};
std::ostream& operator<<(std::ostream& out, const Mechanisms& mechanisms) {
    return out << mechanisms.name;
}

constexpr Mechanisms kPreload{"preload alone", true, false};
constexpr Mechanisms kSeccomp{"seccomp alone", false, true};
constexpr Mechanisms kBoth{"both", true, true};

struct World {
    TemporaryFolder folder;
    CertificateAuthority authority{folder.path(), CertificateAuthority::Kind::ephemeral};
    EchoServer server{authority};
    Environment environment{"PATH=/usr/bin:/bin", "HOME=/nowhere"};

    RedirectSettings settings(Mechanisms mechanisms) {
        return {server.port(), authority.certificate_file(), folder.path(), mechanisms.preload,
                mechanisms.seccomp};
    }
};

struct Outcome {
    std::string output;
    ProcessExit exit;
    int seccomp_error = 0;
};

std::string read_all(const FileDescriptor& pipe) {
    std::string text;
    char part[4096];
    pollfd ready{pipe.get(), POLLIN, 0};
    while (poll(&ready, 1, 20000) == 1) {
        const ssize_t count = read(pipe.get(), part, sizeof part);
        if (count <= 0) break;
        text.append(part, static_cast<std::size_t>(count));
    }
    return text;
}

Outcome run(World& world, Mechanisms mechanisms, const std::vector<std::string>& arguments,
            RedirectedChild kind = RedirectedChild::command) {
    Redirect redirect(world.settings(mechanisms));
    ProcessOptions options;
    options.arguments = arguments;
    options.environment = world.environment;
    options.standard_output = Stream::pipe;
    RedirectedProcess started = redirect.start(options, kind);
    CHECK(started.preload == mechanisms.preload);
    Outcome outcome;
    outcome.output = read_all(started.process.standard_output);
    outcome.exit = started.process.wait();
    outcome.seccomp_error = started.seccomp_error;
    CHECK(redirect.wait_until_unwatched(std::chrono::seconds(5)));
    return outcome;
}

// Whether the kernel lets us: some containers do not, and there only the library works.
bool has_seccomp() {
    static const bool result = [] {
        World world;
        return run(world, kSeccomp, {"/bin/true"}).seccomp_error == 0;
    }();
    if (!result) WARN("no seccomp notifications here: tests of them are skipped");
    return result;
}

bool has_program(const char* program) {
    if (access(program, X_OK) == 0) return true;
    WARN(program << " is missing: its tests are skipped");
    return false;
}

bool can_use(Mechanisms mechanisms) { return !mechanisms.seccomp || has_seccomp(); }

void check_answered(const Outcome& outcome, const std::string& name) {
    CHECK(outcome.exit == ProcessExit{0, 0});
    CHECK_THAT(outcome.output, Catch::Contains("\"host\":\"" + name + "\"") &&
                                   Catch::Contains("\"tls\":\"" + name + "\""));
}

const std::string kDynamoDb = "dynamodb.us-east-1.amazonaws.com";
const std::string kDottedBucket = "my.dotted.bkt.s3.eu-west-1.amazonaws.com";

}  // namespace

TEST_CASE("curl reaches AWS's names", "[redirect][clients]") {
    const Mechanisms mechanisms = GENERATE(kPreload, kSeccomp, kBoth);
    if (!has_program("/usr/bin/curl") || !can_use(mechanisms)) return;
    INFO(mechanisms);
    World world;
    SECTION("over TLS") {
        for (const std::string& name : {kDynamoDb, kDottedBucket}) {
            const auto url = "https://" + name + "/";
            check_answered(run(world, mechanisms, {"curl", "-sS", url}), name);
        }
    }
    SECTION("without TLS") {
        const auto outcome = run(world, mechanisms, {"curl", "-sS", "http://" + kDynamoDb + "/"});
        CHECK_THAT(outcome.output, Catch::Contains("\"host\":\"" + kDynamoDb + "\"") &&
                                       Catch::Contains("\"tls\":\"no\""));
    }
    SECTION("on other ports, which keep their number") {
        const auto port = std::to_string(world.server.port());
        const auto outcome =
            run(world, mechanisms, {"curl", "-sS", "https://" + kDynamoDb + ":" + port + "/"});
        CHECK_THAT(outcome.output, Catch::Contains("\"tls\":\"" + kDynamoDb + "\""));
    }
    SECTION("and this machine as before") {
        const auto url = "http://127.0.0.1:" + std::to_string(world.server.port()) + "/";
        CHECK(run(world, mechanisms, {"curl", "-sS", url}).exit.succeeded());
    }
    SECTION("and no metadata server: it is refused at once") {
        const std::string url =
            GENERATE("http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/v2/");
        CHECK(run(world, mechanisms, {"curl", "-s", "--max-time", "5", url}).exit.code == 7);
    }
}

TEST_CASE("python reaches AWS's names", "[redirect][clients]") {
    const Mechanisms mechanisms = GENERATE(kPreload, kSeccomp, kBoth);
    if (!has_program("/usr/bin/python3") || !can_use(mechanisms)) return;
    INFO(mechanisms);
    World world;
    SECTION("as strictly as it can check") {
        const std::string script =
            "import ssl, urllib.request as r\n"
            "c = ssl.create_default_context()\n"
            "c.verify_flags |= ssl.VERIFY_X509_STRICT\n"
            "print(r.urlopen('https://" +
            kDottedBucket + "/', context=c).read().decode())\n";
        check_answered(run(world, mechanisms, {"/usr/bin/python3", "-c", script}), kDottedBucket);
    }
    SECTION("when its variables say something else") {
        world.environment.emplace_back("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt");
        const std::string script =
            "import urllib.request as r\n"
            "print(r.urlopen('https://" +
            kDynamoDb + "/').read().decode())\n";
        check_answered(run(world, mechanisms, {"/usr/bin/python3", "-c", script}), kDynamoDb);
    }
}

TEST_CASE("node reaches AWS's names", "[redirect][clients]") {
    const Mechanisms mechanisms = GENERATE(kPreload, kSeccomp, kBoth);
    if (!has_program("/usr/bin/node") || !can_use(mechanisms)) return;
    INFO(mechanisms);
    World world;
    const std::string script =
        "require('https').get('https://" + kDynamoDb + "/', answer => answer.pipe(process.stdout))";
    SECTION("as a command") {
        check_answered(run(world, mechanisms, {"node", "-e", script}), kDynamoDb);
    }
    SECTION("as a function") {
        check_answered(run(world, mechanisms, {"node", "-e", script}, RedirectedChild::lambda),
                       kDynamoDb);
    }
    SECTION("by its own resolver, c-ares, when the library is there") {
        if (!mechanisms.preload) return;
        const auto outcome =
            run(world, mechanisms,
                {"node", "-e",
                 "require('dns').resolve4('" + kDynamoDb + "', (e, a) => console.log(e || a))"});
        CHECK(outcome.output == "[ '127.85.0.1' ]\n");
    }
}

TEST_CASE("A static program reaches AWS's names", "[redirect][clients]") {
    if (!has_seccomp()) return;
    World world;
    const auto probe = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), REDIRECT_PROBE);
        return run(world, kSeccomp, arguments);
    };
    SECTION("by IPv4") {
        CHECK_THAT(probe({"connect", "127.85.0.1", "443"}).output,
                   Catch::Contains("\"host\":\"probe\""));
        CHECK_THAT(probe({"connect", "127.85.200.9", "80"}).output,
                   Catch::Contains("\"host\":\"probe\""));
    }
    SECTION("by IPv4 in IPv6's form") {
        CHECK_THAT(probe({"connect", "::ffff:127.85.0.1", "443"}).output,
                   Catch::Contains("\"host\":\"probe\""));
    }
    SECTION("by any name server it knows, asked in either way") {
        const std::string way = GENERATE("connect", "sendto");
        const std::string server = GENERATE("192.0.2.53", "2001:db8::53", "127.0.0.1");
        INFO(way << " " << server);
        CHECK(probe({"resolve", way, server, kDynamoDb, "1"}).output ==
              "code 0 answers 1 127.85.0.1\n");
        CHECK(probe({"resolve", way, server, kDynamoDb, "28"}).output == "code 0 answers 0\n");
    }
    SECTION("but not its neighbours") {
        CHECK(probe({"connect", "127.84.0.1", "1"}).output == "Connection refused\n");
        CHECK(probe({"connect", "169.254.169.254", "80"}).output == "Connection refused\n");
    }
}

TEST_CASE("A child with a cleared environment is reached by seccomp", "[redirect][clients]") {
    if (!has_seccomp() || !has_program("/usr/bin/curl")) return;
    World world;
    const auto outcome =
        run(world, kBoth, {"env", "-i", "/usr/bin/curl", "-sSk", "https://" + kDynamoDb + "/"});
    check_answered(outcome, kDynamoDb);
}

TEST_CASE("Redirect falls back to the library alone", "[redirect]") {
    if (!has_seccomp() || !has_program("/usr/bin/curl")) return;
    World world;
    SECTION("inside another one, which has the listener already") {
        world.environment.emplace_back("SBEMU_EXEC=1");
        const auto outcome = run(world, kBoth, {"curl", "-sS", "https://" + kDynamoDb + "/"});
        check_answered(outcome, kDynamoDb);
        CHECK(outcome.seccomp_error == 0);
    }
    SECTION("where the kernel says that there is a listener") {
        const RedirectSettings settings = world.settings(kBoth);
        const auto world_of_its_own = [&settings] {
            const FileDescriptor first(install_connect_filter());
            if (!first) return 1;
            Redirect redirect(settings);
            ProcessOptions options;
            options.arguments = {"/bin/true"};
            RedirectedProcess started = redirect.start(options, RedirectedChild::lambda);
            if (started.seccomp || !started.preload || started.seccomp_error != EBUSY) return 2;
            return started.process.wait().succeeded() ? 0 : 3;
        };
        const pid_t child = fork();
        if (child == 0) _exit(world_of_its_own());
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
}

TEST_CASE("Redirect serves many children at once and forgets them", "[redirect]") {
    if (!has_seccomp()) return;
    World world;
    Redirect redirect(world.settings(kBoth));
    std::vector<RedirectedProcess> children;
    for (int i = 0; i < 12; ++i) {
        ProcessOptions options;
        options.arguments = {"/bin/sh", "-c",
                             "for i in 1 2 3; do \"$0\" connect 127.85.0.1 443; done",
                             REDIRECT_PROBE};
        options.environment = world.environment;
        options.standard_output = Stream::pipe;
        children.push_back(redirect.start(options, RedirectedChild::lambda));
    }
    for (RedirectedProcess& child : children) {
        const std::string output = read_all(child.process.standard_output);
        std::size_t answers = 0;
        for (std::size_t at = 0; (at = output.find("\"host\"", at)) != std::string::npos; ++at) {
            ++answers;
        }
        CHECK(answers == 3);
        CHECK(child.process.wait().succeeded());
    }
    CHECK(redirect.wait_until_unwatched(std::chrono::seconds(5)));
    CHECK(redirect.watched() == 0);
}

TEST_CASE("Redirect survives children that are killed while connecting", "[redirect]") {
    if (!has_seccomp()) return;
    World world;
    Redirect redirect(world.settings(kSeccomp));
    for (int i = 0; i < 10; ++i) {
        ProcessOptions options;
        options.arguments = {"/bin/sh", "-c",
                             "while :; do \"$0\" connect 127.85.0.1 9 & wait; done",
                             REDIRECT_PROBE};
        options.environment = world.environment;
        options.standard_output = Stream::null;
        options.own_process_group = true;
        auto child = redirect.start(options, RedirectedChild::lambda);
        usleep(5000);
        child.process.signal(SIGKILL);
        CHECK(child.process.wait() == ProcessExit{0, SIGKILL});
    }
    CHECK(redirect.wait_until_unwatched(std::chrono::seconds(5)));
}

TEST_CASE("The preloaded library", "[redirect]") {
    const TemporaryFolder folder;
    const auto file = write_preload_library(folder.path() / "new");
    CHECK(read_whole_file(file) == preload_library());
    CHECK(preload_library().substr(0, 4) ==
          "\x7f"
          "ELF");
    CHECK(std::filesystem::status(file).permissions() == std::filesystem::perms(0755));
    CHECK(write_preload_library(folder.path() / "new") == file);
}

}  // namespace sbemu
