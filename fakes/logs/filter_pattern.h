// Filter patterns for unstructured text: terms, "phrases", ?any and -none.
// (docs: AmazonCloudWatch/latest/logs/FilterAndPatternSyntax)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sbemu::logs {

class FilterPattern {
  public:
    // Throws InvalidParameterException; NotImplemented for JSON, space-delimited and regular
    // expression patterns.
    static FilterPattern parse(std::string_view text);

    // Terms are looked for anywhere in the message, in the case given.
    bool matches(std::string_view message) const;

  private:
    std::vector<std::string> all_;
    std::vector<std::string> any_;  // counts only if there is nothing in all_
    std::vector<std::string> none_;
};

}  // namespace sbemu::logs
