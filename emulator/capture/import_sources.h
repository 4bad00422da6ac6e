// The streams and tables that an import makes, and how what a batch has gets into them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "emulator/capture/found_events.h"
#include "emulator/capture/import_world.h"

namespace sbemu {

// How long what was created takes until it can be used.
inline constexpr Duration kUntilActive{30'000};

class ImportedSource {
  public:
    ImportedSource(ImportWorld& world, std::string name) : world_(world), name_(std::move(name)) {}
    virtual ~ImportedSource() = default;

    // Creates it as `event`, a batch of it, presupposes; `all` are the events of the import.
    // Returns the ARN that an event source mapping takes. Appends to `notes` what was guessed.
    virtual std::string make(const FoundEvent& event, const std::vector<FoundEvent>& all,
                             std::vector<std::string>& notes) = 0;
    // Does what the batch tells of, at its times.
    virtual void write(const FoundEvent& event) = 0;

  protected:
    ImportWorld& world_;
    std::string name_;
};

std::unique_ptr<ImportedSource> imported_stream(ImportWorld& world, const std::string& name);
std::unique_ptr<ImportedSource> imported_table(ImportWorld& world, const std::string& name);

}  // namespace sbemu
