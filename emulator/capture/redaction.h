// What of an event must not be in a capture: credentials, NoEcho parameters, what the user names,
// and the functions' code.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/capture/capture.h"
#include "emulator/capture/stand_ins.h"
#include "emulator/core/regular_expression.h"

namespace sbemu {

class Kernel;

class Redaction {
  public:
    // Patterns are regular expressions (ECMAScript); every match in any text is hidden. Throws
    // CaptureError for one that is none.
    Redaction(const std::vector<std::string>& patterns, bool with_code);

    // The event as it goes into the capture. `world` is a replay of the capture's original up to
    // this event: it is asked which of a template's parameters are NoEcho.
    Event rewrite(const Event& event, Kernel& world);
    // The answers of the original and of the rewritten event.
    void learn(const boost::json::value& before, const boost::json::value& after);

    const std::vector<WithheldCode>& withheld() const { return withheld_; }
    // What could not be left out, for people.
    const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    void hide_credentials(const Event& event);
    void hide_matches(std::string_view text);
    void hide_matches(const boost::json::value& value);
    void hide_parameters(const Event& event, Kernel& world);
    bool withhold(std::string& package);
    boost::json::value withhold_inside(const boost::json::value& value);

    std::vector<RegularExpression> patterns_;
    bool with_code_;
    StandIns stand_ins_;
    int credentials_ = 0;
    std::map<std::string, std::vector<std::string>> hidden_by_stack_;  // NoEcho parameters
    std::vector<WithheldCode> withheld_;
    std::vector<std::string> warnings_;
};

}  // namespace sbemu
