// What an invocation does otherwise than the one that was captured.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "emulator/capture/row_watch.h"
#include "emulator/capture/story_line.h"

namespace sbemu {

// One thing that is otherwise.
struct LiveChange {
    char sign = '~';                   // '-' only as captured, '+' only now, '~' otherwise
    std::string what;                  // "PUT to the ResponseURL", "dynamodb.PutItem {...}", ...
    std::vector<std::string> members;  // "Item.v.N: "1" -> "2"", or the columns of a row
};

// One invocation, as captured and now.
struct InvocationChange {
    std::string function;    // its name
    std::string invocation;  // the InvocationId
    std::int64_t event = 0;  // number of its start in the capture; 0 if it is not in it
    // What it was invoked with, its calls and PUTs in order, how it ended, the rows it wrote.
    std::vector<LiveChange> changes;
};

// The rows that calls of invocations wrote, with what follows from a call at once; what follows
// from it by a timer is nobody's.
struct WrittenRows {
    std::map<std::string, RowChanges> by_invocation;
    std::map<std::string, Columns> columns;  // by table
};

// Applies the capture once more. `line` is the same one taken apart.
WrittenRows written_rows(const Capture& capture, const StoryLine& line);

// An invocation, and the rows of its story.
struct Seen {
    const Transcript* transcript;  // null: it did not take place
    const WrittenRows& rows;
};

// One of them took place. No changes: it did the same.
InvocationChange compare_invocations(const Seen& before, const Seen& now);

}  // namespace sbemu
