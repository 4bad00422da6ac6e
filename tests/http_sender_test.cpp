// The thread that sends answers: what a socket takes, and what it does not.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <future>

#include "emulator/host/http/sender.h"

namespace sbemu {

namespace {

class SocketPair {
  public:
    SocketPair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) == 0); }
    ~SocketPair() {
        ::close(ends_[0]);
        close_client();
    }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;

    int server() const { return ends_[0]; }
    void close_client() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }

    // What has arrived.
    std::string received() const {
        std::string all;
        std::array<char, 65536> buffer{};
        ssize_t size = 0;
        while ((size = ::recv(ends_[1], buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0) {
            all.append(buffer.data(), static_cast<std::size_t>(size));
        }
        return all;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

}  // namespace

TEST_CASE("Sender", "[http]") {
    Sender sender;
    SocketPair sockets;
    int stuck = 0;
    Outgoing outgoing;
    outgoing.socket = sockets.server();
    outgoing.on_stuck = [&stuck] { ++stuck; };

    SECTION("sends in the order in which it was given") {
        std::string expected;
        for (int i = 0; i < 100; ++i) {
            const std::string text = std::to_string(i) + " ";
            expected += text;
            sender.send(outgoing, text);
        }
        outgoing.wait();
        CHECK_FALSE(outgoing.is_sending());
        CHECK(sockets.received() == expected);
        CHECK(outgoing.unsent.empty());
        CHECK(stuck == 0);
    }

    SECTION("serves other sockets while one takes nothing") {
        SocketPair others;
        Outgoing other;
        other.socket = others.server();
        const std::string text(100'000, 'x');
        for (int i = 0; i < 20; ++i) sender.send(outgoing, text);
        sender.send(other, "for another");
        other.wait();
        CHECK(others.received() == "for another");
        outgoing.wait();
        CHECK(stuck == 1);
        CHECK_FALSE(outgoing.failed);
        CHECK_FALSE(outgoing.unsent.empty());
        CHECK(sockets.received().size() + outgoing.unsent.size() == 20 * text.size());
    }

    SECTION("drops what is for a client that is gone") {
        sockets.close_client();
        sender.send(outgoing, "anybody");
        sender.send(outgoing, "there?");
        outgoing.wait();
        CHECK(outgoing.failed);
        CHECK(stuck == 1);
    }

    SECTION("is not worth its waking for a single answer") {
        CHECK_FALSE(sender.is_worthwhile(1));
        CHECK(sender.is_worthwhile(2));
        sender.send(outgoing, "one");
        outgoing.wait();
        CHECK(sender.is_worthwhile(2));
    }

    SECTION(
        "is not worthwhile while it has as many to send: what it has not begun can be taken back") {
        std::promise<void> begun;
        std::promise<void> go_on;
        outgoing.on_stuck = [&begun, waiting = go_on.get_future().share()] {
            begun.set_value();
            waiting.wait();
        };
        sockets.close_client();
        sender.send(outgoing, "for nobody");
        begun.get_future().wait();
        SocketPair others;
        Outgoing other;
        other.socket = others.server();
        sender.send(outgoing, "nor this");
        sender.send(other, "for another");
        CHECK(sender.is_worthwhile(4));
        CHECK(other.is_sending());
        CHECK_FALSE(sender.is_worthwhile(3));
        sender.send_late();
        CHECK_FALSE(other.is_sending());
        CHECK(others.received() == "for another");
        // What comes after the text that is on its way must wait for it.
        CHECK(outgoing.is_sending());
        go_on.set_value();
        outgoing.wait();
    }
}

TEST_CASE("A Sender sends what it was given before it ends", "[http]") {
    SocketPair sockets;
    Outgoing outgoing;
    outgoing.socket = sockets.server();
    {
        Sender sender;
        for (int i = 0; i < 100; ++i) sender.send(outgoing, "x");
    }
    CHECK(sockets.received() == std::string(100, 'x'));
}

}  // namespace sbemu
