// Lines for whoever runs the emulator. spdlog writes them; it costs its user's file nine seconds to
// compile, so only log.cpp includes it.
#pragma once

#include <iosfwd>
#include <string>

namespace sbemu {

void log_error(const std::string& line);
void log_warning(const std::string& line);
void log_info(const std::string& line);
// Written only by those who asked for it (`verbose`).
void log_debug(const std::string& line);

// Time, level and line, coloured on a terminal. Until this is called they go to standard output.
void log_to_standard_error(bool verbose);

// For tests: writes the lines to `out` for as long as it lives.
class LogTo {
  public:
    explicit LogTo(std::ostream& out);
    ~LogTo();
    LogTo(const LogTo&) = delete;
    LogTo& operator=(const LogTo&) = delete;

  private:
    struct Before;
    Before* before_;
};

}  // namespace sbemu
