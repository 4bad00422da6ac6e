#include "emulator/host/redirect/name_server.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <system_error>

#include "emulator/host/redirect/redirected_addresses.h"
#include "emulator/host/tls/whole_file.h"

namespace sbemu {
namespace {

// RFC 1035 4.1.
constexpr std::size_t kHeaderSize = 12;
constexpr unsigned kTypeAddress = 1;
constexpr unsigned kTypeAny = 255;
constexpr unsigned kClassInternet = 1;
constexpr std::uint8_t kServerFailure = 2;
constexpr std::uint8_t kNoSuchName = 3;
constexpr std::size_t kLargestMessage = 65535;

unsigned number_at(std::string_view message, std::size_t position) {
    return static_cast<unsigned>(static_cast<std::uint8_t>(message[position])) << 8 |
           static_cast<std::uint8_t>(message[position + 1]);
}

void set_number(std::string& message, std::size_t position, unsigned value) {
    message[position] = static_cast<char>(value >> 8 & 0xff);
    message[position + 1] = static_cast<char>(value & 0xff);
}

void append_number(std::string& message, unsigned value) {
    message.append(2, '\0');
    set_number(message, message.size() - 2, value);
}

struct Question {
    std::string name;  // with dots, without the last one
    unsigned type = 0;
    unsigned network = 0;
    std::size_t end = 0;  // in the message
};

std::optional<Question> question_of(std::string_view message) {
    if (message.size() < kHeaderSize) return std::nullopt;
    const bool is_plain_query = (static_cast<std::uint8_t>(message[2]) & 0xf8) == 0;
    if (!is_plain_query || number_at(message, 4) != 1) return std::nullopt;
    Question question;
    std::size_t position = kHeaderSize;
    while (position < message.size() && message[position] != 0) {
        const std::size_t size = static_cast<std::uint8_t>(message[position]);
        if (size > 63 || position + size >= message.size()) return std::nullopt;
        if (!question.name.empty()) question.name += '.';
        question.name += message.substr(position + 1, size);
        position += size + 1;
    }
    if (position + 5 > message.size()) return std::nullopt;
    question.type = number_at(message, position + 1);
    question.network = number_at(message, position + 3);
    question.end = position + 5;
    return question;
}

// The header and the question of an answer to the query; the counts of records are 0.
std::string answer_to(std::string_view query, std::size_t question_end, std::uint8_t code) {
    std::string answer(query.substr(0, question_end));
    const auto recursion_desired = static_cast<std::uint8_t>(query[2]) & 0x01;
    answer[2] = static_cast<char>(0x80 | recursion_desired);
    answer[3] = static_cast<char>(0x80 | code);
    set_number(answer, 4, question_end > kHeaderSize ? 1 : 0);
    for (const std::size_t count : {6U, 8U, 10U}) set_number(answer, count, 0);
    return answer;
}

FileDescriptor udp_socket(int family) {
    FileDescriptor made(socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return made;
}

}  // namespace

std::optional<std::string> answer_for_aws_name(std::string_view query) {
    const auto question = question_of(query);
    if (!question || !sbemu_is_aws_name(question->name.data(), question->name.size())) {
        return std::nullopt;
    }
    std::string answer = answer_to(query, question->end, 0);
    const bool asks_address = question->type == kTypeAddress || question->type == kTypeAny;
    if (!asks_address || question->network != kClassInternet) return answer;
    set_number(answer, 6, 1);
    append_number(answer, 0xc000 | kHeaderSize);  // the name: as in the question
    append_number(answer, kTypeAddress);
    append_number(answer, kClassInternet);
    append_number(answer, 0);  // time to live, in seconds
    append_number(answer, 60);
    append_number(answer, 4);
    append_number(answer, SBEMU_SENTINEL >> 16);
    append_number(answer, SBEMU_SENTINEL & 0xffff);
    return answer;
}

std::string failed_answer(std::string_view query, std::uint8_t code) {
    if (query.size() < kHeaderSize) return {};
    const auto question = question_of(query);
    return answer_to(query, question ? question->end : kHeaderSize, code);
}

std::optional<NameServerAddress> first_name_server(std::string_view resolver_configuration) {
    constexpr std::string_view kKeyword = "nameserver";
    constexpr std::string_view kBlank = " \t\r";
    while (!resolver_configuration.empty()) {
        const std::size_t line_end = resolver_configuration.find('\n');
        std::string_view line = resolver_configuration.substr(0, line_end);
        resolver_configuration.remove_prefix(
            line_end == std::string_view::npos ? resolver_configuration.size() : line_end + 1);
        if (!line.starts_with(kKeyword)) continue;
        line.remove_prefix(kKeyword.size());
        const std::size_t begin = line.find_first_not_of(kBlank);
        if (begin == 0 || begin == std::string_view::npos) continue;
        line.remove_prefix(begin);
        const std::string text(line.substr(0, line.find_first_of(kBlank)));
        NameServerAddress found;
        auto* version_4 = reinterpret_cast<sockaddr_in*>(&found.address);
        auto* version_6 = reinterpret_cast<sockaddr_in6*>(&found.address);
        if (inet_pton(AF_INET, text.c_str(), &version_4->sin_addr) == 1) {
            version_4->sin_family = AF_INET;
            version_4->sin_port = htons(53);
            found.size = sizeof *version_4;
            return found;
        }
        if (inet_pton(AF_INET6, text.c_str(), &version_6->sin6_addr) == 1) {
            version_6->sin6_family = AF_INET6;
            version_6->sin6_port = htons(53);
            found.size = sizeof *version_6;
            return found;
        }
    }
    return std::nullopt;
}

NameServer::NameServer(std::string resolver_configuration_file)
    : configuration_file_(std::move(resolver_configuration_file)), clients_(udp_socket(AF_INET)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(clients_.get(), generic, size) != 0 ||
        getsockname(clients_.get(), generic, &size) != 0) {
        throw std::runtime_error("cannot open a name server on 127.0.0.1: " +
                                 std::generic_category().message(errno));
    }
    port_ = ntohs(address.sin_port);
}

void NameServer::answer_clients() {
    std::string query(kLargestMessage, '\0');
    sockaddr_in client{};
    while (true) {
        socklen_t size = sizeof client;
        const ssize_t count = recvfrom(clients_.get(), query.data(), query.size(), 0,
                                       reinterpret_cast<sockaddr*>(&client), &size);
        if (count < 0) return;
        const std::string_view message(query.data(), static_cast<std::size_t>(count));
        if (const auto known = answer_for_aws_name(message)) {
            answer(*known, client);
        } else if (message.size() >= kHeaderSize) {
            forward(std::string(message), client);
        }
    }
}

void NameServer::forward(std::string query, const sockaddr_in& client) {
    if (!reach_upstream()) return answer(failed_answer(query, kNoSuchName), client);
    // The id may be guessed, but answers come from the system's own server only (the socket is
    // connected).
    const std::uint16_t id = next_id_++;
    std::string passed_on = query;
    set_number(passed_on, 0, id);
    if (send(upstream_.get(), passed_on.data(), passed_on.size(), MSG_NOSIGNAL) < 0) {
        return answer(failed_answer(query, kServerFailure), client);
    }
    pending_[id % pending_.size()] = {true, client, id, std::move(query)};
}

// Reads the configuration each time: laptops change networks.
bool NameServer::reach_upstream() {
    std::optional<NameServerAddress> server;
    try {
        server = first_name_server(read_whole_file(configuration_file_));
    } catch (const std::exception&) {
        return false;  // no configuration: no name server
    }
    if (!server) return false;
    const bool same = upstream_ && server->size == upstream_address_.size &&
                      std::memcmp(&server->address, &upstream_address_.address, server->size) == 0;
    if (same) return true;
    upstream_ = udp_socket(server->address.ss_family);
    upstream_address_ = *server;
    if (connect(upstream_.get(), reinterpret_cast<const sockaddr*>(&server->address),
                server->size) != 0) {
        upstream_.close();
    }
    return static_cast<bool>(upstream_);
}

void NameServer::pass_on_answers() {
    std::string message(kLargestMessage, '\0');
    while (true) {
        const ssize_t count = recv(upstream_.get(), message.data(), message.size(), 0);
        if (count < 0 && errno == ECONNREFUSED) return fail_pending();
        if (count < 0) return;
        if (static_cast<std::size_t>(count) < kHeaderSize) continue;
        Pending& asked = pending_[number_at(message, 0) % pending_.size()];
        if (!asked.is_waiting || asked.id != number_at(message, 0)) continue;
        asked.is_waiting = false;
        set_number(message, 0, number_at(asked.query, 0));
        answer(message.substr(0, static_cast<std::size_t>(count)), asked.client);
    }
}

// Nobody listens at the system's server: say so now, or resolvers wait for seconds.
void NameServer::fail_pending() {
    for (Pending& asked : pending_) {
        if (!asked.is_waiting) continue;
        asked.is_waiting = false;
        answer(failed_answer(asked.query, kServerFailure), asked.client);
    }
}

void NameServer::answer(const std::string& message, const sockaddr_in& client) {
    // A lost answer is asked for again by the client.
    static_cast<void>(sendto(clients_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&client), sizeof client));
}

}  // namespace sbemu
