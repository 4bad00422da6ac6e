#include "emulator/host/functions/function_output.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sbemu {
namespace {

constexpr std::string_view kFrameMagic("\xa5\x5a\x00\x03", 4);
constexpr std::size_t kFrameHead = 16;
// Larger than what any runtime writes at once; a larger length is not a frame's.
constexpr std::size_t kLargestFrame = 16 * 1024 * 1024;
// A longer line is cut, as AWS cuts it (256 KB per event of CloudWatch Logs).
constexpr std::size_t kLongestLine = 256 * 1024;
// What one invocation may log before the rest is left out, which is then said.
constexpr std::size_t kLargestLog = 16 * 1024 * 1024;

std::size_t big_endian(std::string_view bytes) {
    std::size_t value = 0;
    for (const char byte : bytes.substr(0, 4)) {
        value = value << 8 | static_cast<std::uint8_t>(byte);
    }
    return value;
}

// Where a frame begins, perhaps with bytes still to come; the size when none does.
std::size_t find_frame(std::string_view bytes) {
    const std::size_t whole = bytes.find(kFrameMagic);
    if (whole != std::string_view::npos) return whole;
    for (std::size_t size = std::min(kFrameMagic.size() - 1, bytes.size()); size > 0; --size) {
        if (bytes.ends_with(kFrameMagic.substr(0, size))) return bytes.size() - size;
    }
    return bytes.size();
}

// How many bytes the UTF-8 sequence at the front has; 0 if it is none (RFC 3629).
std::size_t sequence_size(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool shortest = first != 0xE0 || byte(1) >= 0xA0;
        const bool no_surrogate = first != 0xED || byte(1) < 0xA0;
        return follows(1) && follows(2) && shortest && no_surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool shortest = first != 0xF0 || byte(1) >= 0x90;
        const bool in_range = first != 0xF4 || byte(1) < 0x90;
        return follows(1) && follows(2) && follows(3) && shortest && in_range ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto other = std::find_if(text.begin(), text.end(), [](char letter) {
            return static_cast<std::uint8_t>(letter) >= 0x80;
        });
        const auto plain = static_cast<std::size_t>(other - text.begin());
        result += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t size = sequence_size(text);
        if (size == 0) {
            result += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else {
            result += text.substr(0, size);
            text.remove_prefix(size);
        }
    }
    return result;
}

void FunctionOutput::receive(std::string_view bytes, Time now) {
    std::string joined;
    if (!frame_.empty()) {
        joined = std::exchange(frame_, {}) + std::string(bytes);
        bytes = joined;
    }
    while (!bytes.empty()) {
        const std::size_t start = find_frame(bytes);
        take_text(bytes.substr(0, start), now);
        bytes.remove_prefix(start);
        if (!bytes.empty() && !take_frame(bytes, now)) {
            frame_ = bytes;
            return;
        }
    }
}

// False if more bytes are needed.
bool FunctionOutput::take_frame(std::string_view& bytes, Time now) {
    if (bytes.size() < kFrameHead) return false;
    const std::size_t size = big_endian(bytes.substr(4));
    if (size > kLargestFrame) {
        take_text(bytes.substr(0, kFrameMagic.size()), now);
        bytes.remove_prefix(kFrameMagic.size());
        return true;
    }
    if (bytes.size() - kFrameHead < size) return false;
    add(std::string(bytes.substr(kFrameHead, size)), now);
    bytes.remove_prefix(kFrameHead + size);
    return true;
}

void FunctionOutput::take_text(std::string_view text, Time now) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = std::min(end, text.size());
        const std::size_t room = kLongestLine - line_.size();
        line_ += text.substr(0, std::min(size, room));
        text.remove_prefix(std::min(size, room));
        if (size > room) {
            finish_line(now);
        } else if (end != std::string_view::npos) {
            text.remove_prefix(1);
            line_ += '\n';
            finish_line(now);
        }
    }
}

void FunctionOutput::finish_line(Time now) {
    if (line_.empty()) return;
    std::string line = std::exchange(line_, {});
    if (line.ends_with("\r\n")) line.erase(line.size() - 2, 1);
    std::replace(line.begin(), line.end(), '\r', '\n');
    add(std::move(line), now);
}

void FunctionOutput::add(std::string message, Time now) {
    if (is_full_) return;
    held_ += message.size();
    is_full_ = held_ > kLargestLog;
    if (is_full_) message = "sbemu: the function logged more than 16 MB; the rest is left out";
    if (!message.ends_with('\n')) message += '\n';
    events_.push_back({now, valid_utf8(message)});
}

std::vector<LogEvent> FunctionOutput::take() {
    held_ = 0;
    is_full_ = false;
    return std::exchange(events_, {});
}

}  // namespace sbemu
