// How commands declare their options. CLI11 reads the command line; it costs its user's file five
// seconds to compile, so only command_line.cpp includes it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sbemu {

// An option, flag or positional of a command, to say more about. All return the option itself.
class Option {
  public:
    explicit Option(CLI::Option* option) : option_(option) {}

    Option required() const;
    Option needs(const Option& other) const;
    Option excludes(const Option& other) const;
    // The other is an option of the same command.
    Option excludes(const std::string& name) const;
    // `--help` shows the value that the variable has now.
    Option shows_default() const;

    Option one_of(const std::vector<std::string>& words) const;
    Option in_range(int least, int greatest) const;
    Option positive() const;
    Option existing_folder() const;

  private:
    CLI::Option* option_;
};

// A command, or the command of a command ("clock advance").
class Command {
  public:
    explicit Command(CLI::App* app) : app_(app) {}

    Command add_command(const std::string& name, const std::string& description) const;
    // At least and at most so many commands of this one have to be named.
    void require_command(std::size_t least = 1, std::size_t most = 1) const;
    // Whether the command line named one of them.
    bool command_was_named() const;
    // What `--help` ends with.
    void footer(const std::string& text) const;
    // What the command does, when the whole command line has been read.
    void callback(std::function<void()> run) const;

    // An option ("-o,--output"), or without dashes a positional, kept in `value`, which lives until
    // the command has run. T: std::string, std::vector<std::string> (a positional: all that
    // follow), std::uint16_t, unsigned, int, std::int64_t, std::uint64_t, or optional of the last
    // two.
    template <typename T>
    Option add_option(const std::string& name, T& value, const std::string& description) const;
    Option add_flag(const std::string& name, bool& value, const std::string& description) const;
    // An option that may be repeated: each time adds its value, whatever characters are in it.
    Option add_repeated_option(const std::string& name, std::vector<std::string>& values,
                               const std::string& description) const;
    // One that was added before.
    Option option(const std::string& name) const;
    // After the first positional nothing is an option any more.
    void positionals_at_end() const;

  private:
    CLI::App* app_;
};

// What parsing came to when no command is to run: help was asked for and printed, or the command
// line was wrong, and the reason printed.
struct CommandLineEnd {
    bool wrong;
};

// A program of commands.
class Program {
  public:
    Program(const std::string& name, const std::string& description, const std::string& version);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    Command root() const;
    // Whether the word is a command or an option of the program.
    bool knows(const std::string& word) const;
    // Reads the command line and runs the command. Throws CommandLineEnd, and what the command
    // throws.
    void run(int argc, const char* const* argv) const;

  private:
    CLI::App* app_;
};

}  // namespace sbemu
