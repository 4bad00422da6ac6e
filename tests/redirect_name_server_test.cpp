// The small name server that redirected programs ask.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "emulator/host/redirect/name_server.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

std::string query(const std::string& name, char type) {
    std::string message("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
    std::size_t begin = 0;
    while (begin < name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        message += static_cast<char>(end - begin);
        message += name.substr(begin, end - begin);
        begin = end + 1;
    }
    message += std::string("\0\0", 2) + type + std::string("\0\1", 2);
    return message;
}

std::string address_text(const std::optional<NameServerAddress>& server) {
    if (!server) return "none";
    char text[INET6_ADDRSTRLEN] = "";
    const void* address = &reinterpret_cast<const sockaddr_in*>(&server->address)->sin_addr;
    if (server->address.ss_family == AF_INET6) {
        address = &reinterpret_cast<const sockaddr_in6*>(&server->address)->sin6_addr;
    }
    inet_ntop(server->address.ss_family, address, text, sizeof text);
    return text;
}

// What the server answers to the query; empty when nothing comes.
std::string asked(NameServer& server, const std::string& message) {
    const FileDescriptor client(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(server.port());
    sendto(client.get(), message.data(), message.size(), 0,
           reinterpret_cast<const sockaddr*>(&address), sizeof address);
    for (int i = 0; i < 20; ++i) {
        pollfd ready[] = {{client.get(), POLLIN, 0},
                          {server.client_socket(), POLLIN, 0},
                          {server.upstream_socket(), POLLIN, 0}};
        poll(ready, 3, 100);
        if (ready[1].revents != 0) server.answer_clients();
        if (ready[2].revents != 0) server.pass_on_answers();
        if (ready[0].revents == 0) continue;
        char answer[1024];
        const ssize_t count = recv(client.get(), answer, sizeof answer, 0);
        return {answer, static_cast<std::size_t>(count)};
    }
    return {};
}

}  // namespace

TEST_CASE("The name server answers AWS's names", "[redirect]") {
    const std::string name = GENERATE("s3.amazonaws.com", "KINESIS.cn-north-1.AmazonAWS.com.cn",
                                      "lambda.us-east-1.api.aws", "x.lambda-url.eu-west-1.on.aws");
    INFO(name);
    const std::string asked_address = query(name, 1);
    std::string expected = asked_address;
    expected[2] = '\x81';
    expected[3] = '\x80';
    CHECK(answer_for_aws_name(query(name, 28)).value().substr(12) == query(name, 28).substr(12));
    expected[7] = 1;
    expected += std::string("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\x55\0\1", 16);
    CHECK(answer_for_aws_name(asked_address) == expected);
}

TEST_CASE("The name server does not know", "[redirect]") {
    SECTION("other names") {
        for (const auto* name : {"example.com", "amazonaws.com", "notamazonaws.com",
                                 "amazonaws.com.example.com", ""}) {
            CHECK_FALSE(answer_for_aws_name(query(name, 1)));
        }
    }
    SECTION("what is no query") {
        const std::string good = query("s3.amazonaws.com", 1);
        for (std::size_t size = 0; size < good.size(); ++size) {
            CHECK_FALSE(answer_for_aws_name(good.substr(0, size)));
        }
        std::string an_answer = good;
        an_answer[2] = '\x81';
        CHECK_FALSE(answer_for_aws_name(an_answer));
        std::string two_questions = good;
        two_questions[5] = 2;
        CHECK_FALSE(answer_for_aws_name(two_questions));
        std::string a_pointer = good;
        a_pointer[12] = '\xc0';
        CHECK_FALSE(answer_for_aws_name(a_pointer));
    }
}

TEST_CASE("The system's name server is read from its configuration", "[redirect]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"nameserver 192.0.2.1\nnameserver 192.0.2.2\n", "192.0.2.1"},
        {"# nameserver 192.0.2.9\nsearch x\nnameserver\t2001:db8::1 # ours", "2001:db8::1"},
        {"nameserver nonsense\nnameserver 192.0.2.2", "192.0.2.2"},
        {"nameserver\nnameservers 192.0.2.2\n", "none"},
        {"", "none"},
    }));
    INFO(text);
    CHECK(address_text(first_name_server(text)) == expected);
}

TEST_CASE("The name server without one to ask says that there is no such name", "[redirect]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "resolv.conf";
    NameServer server(file.string());
    const std::string answer = asked(server, query("example.com", 1));
    REQUIRE(answer.size() == query("example.com", 1).size());
    CHECK(answer.substr(0, 8) == std::string("\x12\x34\x81\x83\x00\x01\x00\x00", 8));
    CHECK(asked(server, query("s3.amazonaws.com", 1)).substr(0, 4) == "\x12\x34\x81\x80");
}

TEST_CASE("The name server that cannot reach the system's says so", "[redirect]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "resolv.conf";
    // Nobody listens there: port 53 of a loopback address that is nobody's.
    write_whole_file(file, "nameserver 127.83.12.7\n", 0644);
    NameServer server(file.string());
    CHECK(asked(server, query("example.com", 1)).substr(0, 4) == "\x12\x34\x81\x82");
}

TEST_CASE("The name server passes other names on, and their answers back", "[redirect]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "resolv.conf";
    const FileDescriptor system_server(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, "127.83.12.8", &address.sin_addr);
    address.sin_port = htons(53);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(system_server.get(), generic, sizeof address) != 0) {
        WARN("port 53 of 127.83.12.8 may not be bound: a test is skipped");
        return;
    }
    const timeval patience{5, 0};
    setsockopt(system_server.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    write_whole_file(file, "nameserver 127.83.12.8\n", 0644);
    std::thread system([&] {
        for (int i = 0; i < 2; ++i) {
            std::string message(512, '\0');
            socklen_t size = sizeof address;
            // A machine that stands still for a moment interrupts what has a limit (signal(7)).
            const ssize_t count = TEMP_FAILURE_RETRY(
                recvfrom(system_server.get(), message.data(), message.size(), 0, generic, &size));
            if (count < 12) return;
            message.resize(static_cast<std::size_t>(count));
            message[2] = '\x81';
            message += "answer";
            sendto(system_server.get(), message.data(), message.size(), 0, generic, size);
        }
    });
    NameServer server(file.string());
    for (const std::string name : {"example.com", "example.org"}) {
        std::string expected = query(name, 1);
        expected[2] = '\x81';
        CHECK(asked(server, query(name, 1)) == expected + "answer");
    }
    system.join();
}

}  // namespace sbemu
