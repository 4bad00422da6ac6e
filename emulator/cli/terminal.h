// How output looks on a terminal, and files as commands read them.
#pragma once

#include <string>
#include <string_view>

namespace sbemu {

// Whether standard output is a terminal.
bool on_terminal();

// In colour on a terminal, unless NO_COLOR is set; as it is elsewhere.
std::string red(std::string_view text);
std::string green(std::string_view text);
std::string faint(std::string_view text);

// Filled with spaces to a width; longer texts stay as they are.
std::string padded(std::string_view text, std::size_t width);

// "2 B", "14 KB", "1.2 MB".
std::string size_text(std::size_t bytes);

// The content of a file; "-" is standard input. Throws CommandError.
std::string read_file(const std::string& path);

}  // namespace sbemu
