// What stands in a capture in place of texts that must not be in it.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sbemu {

class StandIns {
  public:
    // From now on "REDACTED-n" stands for this text wherever it occurs, also inside of longer ones
    // and of base64. A short text (under four characters) is replaced only where it is the whole.
    void hide(const std::string& secret);
    // The same, with a stand-in of the caller's choice.
    void replace(const std::string& text, const std::string& stand_in);
    // Two answers of which the second came after replacing: where they hold different texts (an
    // ETag, a hash), the second's stands for the first's from now on.
    void learn(const boost::json::value& before, const boost::json::value& after);

    bool empty() const { return whole_.empty() && parts_.empty(); }
    std::string apply_to_text(std::string_view text) const;
    boost::json::value apply(const boost::json::value& value) const;

  private:
    std::string apply_to_parts(std::string text) const;

    std::map<std::string, std::string, std::less<>> whole_;
    std::vector<std::pair<std::string, std::string>> parts_;  // the longest first
    int hidden_ = 0;
};

}  // namespace sbemu
