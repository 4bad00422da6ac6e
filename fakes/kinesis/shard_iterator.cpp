#include "fakes/kinesis/shard_iterator.h"

#include <boost/json.hpp>

#include "emulator/core/encoding.h"

namespace sbemu::kinesis {
namespace json = boost::json;
namespace {

// AWS's own begin with these eight bytes and are 152 to 280 bytes long
// (facts/dynamodb-kinesis.md 3.3).
constexpr std::string_view kHeader{"\0\0\0\0\0\0\0\1", 8};
constexpr std::size_t kShortest = 152;

}  // namespace

std::string ShardIterator::text() const {
    const json::array fields{stream_name, stream, shard, position, issued};
    std::string plain = json::serialize(fields);
    plain = std::to_string(fingerprint(plain)) + plain;
    if (plain.size() < kShortest - kHeader.size()) plain.resize(kShortest - kHeader.size(), ' ');
    return base64_encode(std::string(kHeader) + plain);
}

std::optional<ShardIterator> parse_shard_iterator(std::string_view text) {
    const auto bytes = base64_decode(text);
    if (!bytes || !bytes->starts_with(kHeader)) return std::nullopt;
    const std::string_view plain = std::string_view(*bytes).substr(kHeader.size());
    const auto begin = plain.find('[');
    const auto end = plain.rfind(']');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
        return std::nullopt;
    }
    // Somebody else's text, or ours with a character changed, must not parse as a place.
    const std::string_view fields_text = plain.substr(begin, end + 1 - begin);
    if (plain.substr(0, begin) != std::to_string(fingerprint(fields_text))) return std::nullopt;
    const json::value parsed = json::parse(fields_text);
    const json::array& fields = parsed.as_array();
    return ShardIterator{std::string(std::string_view(fields.at(0).as_string())),
                         fields.at(1).as_int64(), fields.at(2).as_int64(), fields.at(3).as_int64(),
                         fields.at(4).as_int64()};
}

}  // namespace sbemu::kinesis
