// Finds the machine's node and python3.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/host/process/process.h"

namespace sbemu {

struct Interpreter {
    std::string path;   // empty when there is none
    std::string error;  // then: what is missing and how to get it
};

// Thread-safe.
class Interpreters {
  public:
    // `environment` is the emulator's own: its PATH is searched.
    explicit Interpreters(Environment environment) : environment_(std::move(environment)) {}

    // For "nodejs20.x" node; for "python3.12" python3.12, else python3. A launcher script (pyenv,
    // asdf) is run once to learn which program it stands for, so this may block: not for the
    // emulator's thread. What was found is remembered.
    Interpreter find(const std::string& runtime);

  private:
    std::string find_working(const std::string& name) const;
    std::string behind_launcher(const std::string& path, bool is_node) const;

    Environment environment_;
    std::mutex mutex_;
    std::map<std::string, std::string> found_;
};

}  // namespace sbemu
