// Values in answers and events that the time of their making is in: they are others when a fault
// makes something happen later. Ids that are only drawn are not among them: a story under faults
// draws the same ones (chaos.h).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/core/time.h"

namespace sbemu {

struct GeneratedValue {
    enum class Kind {
        id,            // a stack's UUID, a sequence number
        signature,     // of a presigned URL
        milliseconds,  // 1488326400000
        seconds,       // 1488326400.0
        iso,           // 2017-03-01T00:00:00.000, without its zone
        compact,       // 20170301T000000Z
    };
    std::size_t at = 0;
    std::size_t length = 0;
    Kind kind = Kind::id;
};

std::vector<GeneratedValue> find_generated_values(std::string_view text);

// The text with every such value replaced by a mark: equal for what is the same but for them.
std::string masked(std::string_view text);

// Which id of the one story is which of the other.
class Renaming {
  public:
    // A step's text, with the ids that the story under faults has for the written ones.
    std::string to_faulted(std::string_view text) const;

    // An answer of the story under faults, as it is in the other: ids renamed, always in the same
    // way, and times put back that are later by `delay` at the most. `other` is what that answered;
    // a value that cannot be matched with it stays as it is, and is a difference.
    std::string to_written(std::string_view other, std::string_view faulted, Duration delay);

  private:
    using Names = std::map<std::string, std::string>;

    static std::string renamed(std::string_view text, const Names& names);
    bool is_same(std::string_view other, std::string_view faulted, GeneratedValue::Kind kind,
                 Duration delay);
    bool rename(const std::string& written, const std::string& faulted);

    Names faulted_by_written_;
    Names written_by_faulted_;
};

}  // namespace sbemu
