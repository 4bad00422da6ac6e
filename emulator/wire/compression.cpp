#include "emulator/wire/compression.h"

#include <zlib.h>

#include <stdexcept>

namespace sbemu::wire {
namespace {

constexpr int kGzipOrZlib = MAX_WBITS + 32;
constexpr int kRaw = -MAX_WBITS;

Bytef* bytes_of(std::string_view text) {
    // zlib's interface predates const; it does not write to its input.
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
}

std::optional<std::string> inflate_as(std::string_view packed, std::size_t most, int window) {
    z_stream stream{};
    if (inflateInit2(&stream, window) != Z_OK) throw std::bad_alloc();
    stream.next_in = bytes_of(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    char block[16384];
    int status = Z_OK;
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(block);
        stream.avail_out = sizeof block;
        status = ::inflate(&stream, Z_NO_FLUSH);
        text.append(block, sizeof block - stream.avail_out);
        if (text.size() > most) break;
        if (status == Z_STREAM_END && stream.avail_in > 0 && window != kRaw) {
            if (inflateReset(&stream) != Z_OK) break;  // the next gzip member
            continue;
        }
        if (status != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0)) break;
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END || text.size() > most) return std::nullopt;
    return text;
}

std::string pack(std::string_view text, int window) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        throw std::bad_alloc();
    }
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = bytes_of(text);
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    ::deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

}  // namespace

std::optional<std::string> inflate(std::string_view packed, std::size_t most) {
    if (auto text = inflate_as(packed, most, kGzipOrZlib)) return text;
    return inflate_as(packed, most, kRaw);
}

std::string gzip(std::string_view text) { return pack(text, MAX_WBITS + 16); }
std::string deflate(std::string_view text) { return pack(text, MAX_WBITS); }

}  // namespace sbemu::wire
