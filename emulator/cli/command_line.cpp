#include "emulator/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace sbemu {

Option Option::required() const { return Option(option_->required()); }
Option Option::needs(const Option& other) const { return Option(option_->needs(other.option_)); }
Option Option::excludes(const Option& other) const {
    return Option(option_->excludes(other.option_));
}
Option Option::excludes(const std::string& name) const { return Option(option_->excludes(name)); }
Option Option::shows_default() const { return Option(option_->capture_default_str()); }
Option Option::one_of(const std::vector<std::string>& words) const {
    return Option(option_->check(CLI::IsMember(words)));
}
Option Option::in_range(int least, int greatest) const {
    return Option(option_->check(CLI::Range(least, greatest)));
}
Option Option::positive() const { return Option(option_->check(CLI::PositiveNumber)); }
Option Option::existing_folder() const { return Option(option_->check(CLI::ExistingDirectory)); }

Command Command::add_command(const std::string& name, const std::string& description) const {
    return Command(app_->add_subcommand(name, description));
}
void Command::require_command(std::size_t least, std::size_t most) const {
    app_->require_subcommand(least, most);
}
bool Command::command_was_named() const { return !app_->get_subcommands().empty(); }
void Command::footer(const std::string& text) const { app_->footer(text); }
void Command::callback(std::function<void()> run) const { app_->callback(std::move(run)); }

template <typename T>
Option Command::add_option(const std::string& name, T& value,
                           const std::string& description) const {
    return Option(app_->add_option(name, value, description));
}
template Option Command::add_option(const std::string&, std::string&, const std::string&) const;
template Option Command::add_option(const std::string&, std::vector<std::string>&,
                                    const std::string&) const;
template Option Command::add_option(const std::string&, std::uint16_t&, const std::string&) const;
template Option Command::add_option(const std::string&, int&, const std::string&) const;
template Option Command::add_option(const std::string&, unsigned&, const std::string&) const;
template Option Command::add_option(const std::string&, std::int64_t&, const std::string&) const;
template Option Command::add_option(const std::string&, std::uint64_t&, const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<std::int64_t>&,
                                    const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<std::uint64_t>&,
                                    const std::string&) const;

Option Command::add_flag(const std::string& name, bool& value,
                         const std::string& description) const {
    return Option(app_->add_flag(name, value, description));
}

// CLI11's own lists take "[a,b]" apart.
Option Command::add_repeated_option(const std::string& name, std::vector<std::string>& values,
                                    const std::string& description) const {
    return Option(
        app_->add_option_function<std::string>(
                name, [&values](const std::string& value) { values.push_back(value); }, description)
            ->trigger_on_parse()
            ->take_last());
}

Option Command::option(const std::string& name) const { return Option(app_->get_option(name)); }
void Command::positionals_at_end() const { app_->positionals_at_end(); }

Program::Program(const std::string& name, const std::string& description,
                 const std::string& version)
    : app_(new CLI::App(description, name)) {
    app_->set_version_flag("--version", name + " " + version);
}
Program::~Program() { delete app_; }

Command Program::root() const { return Command(app_); }

bool Program::knows(const std::string& word) const {
    if (word.starts_with("-")) return app_->get_option_no_throw(word) != nullptr;
    const auto commands = app_->get_subcommands({});
    return std::any_of(commands.begin(), commands.end(),
                       [&](const CLI::App* command) { return command->get_name() == word; });
}

void Program::run(int argc, const char* const* argv) const {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 prints help and errors itself.
        throw CommandLineEnd{.wrong = app_->exit(error) != 0};
    }
}

}  // namespace sbemu
