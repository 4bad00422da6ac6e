// The repository's own files: includes point one way, and what the house forbids is not there.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace {

namespace fs = std::filesystem;

struct SourceFile {
    std::string path;  // from the repository's root
    std::string text;
    std::vector<std::string> lines;

    bool is_in(const std::string& folder) const { return path.rfind(folder + "/", 0) == 0; }
    bool is_any_of(const std::set<std::string>& extensions) const {
        return extensions.count(fs::path(path).extension().string()) > 0;
    }
    bool is_cpp() const { return is_any_of({".h", ".cpp"}); }
};

bool is_ours(const fs::directory_entry& entry) {
    static const std::set<std::string> kNotOurs{".git",   "build",       "node_modules",
                                                ".sbemu", "__pycache__", "package-lock.json"};
    return kNotOurs.count(entry.path().filename().string()) == 0;
}

SourceFile read(const fs::path& path) {
    SourceFile file;
    file.path = path.lexically_normal().generic_string();
    std::ifstream stream(path, std::ios::binary);
    file.text.assign(std::istreambuf_iterator<char>(stream), {});
    std::istringstream lines(file.text);
    for (std::string line; std::getline(lines, line);) file.lines.push_back(line);
    return file;
}

// Tests run in the repository's root.
const std::vector<SourceFile>& repository() {
    static const std::vector<SourceFile> kFiles = [] {
        std::vector<SourceFile> files;
        for (fs::recursive_directory_iterator at("."), end; at != end; ++at) {
            if (!is_ours(*at)) {
                at.disable_recursion_pending();
            } else if (at->is_regular_file() && at->path().extension() != ".zip") {
                files.push_back(read(at->path()));
            }
        }
        std::sort(files.begin(), files.end(),
                  [](const auto& a, const auto& b) { return a.path < b.path; });
        return files;
    }();
    return kFiles;
}

// One line per finding, so that a failed CHECK(none(findings)) prints them all.
using Findings = std::vector<std::string>;

std::string report(const Findings& findings) {
    std::string text;
    for (const std::string& finding : findings) text += "\n" + finding;
    return text;
}

// Calls look(file, line, number), which returns what is wrong with the line, or nothing.
Findings in_lines(
    const std::function<bool(const SourceFile&)>& chosen,
    const std::function<std::string(const SourceFile&, const std::string& line)>& look) {
    Findings findings;
    for (const SourceFile& file : repository()) {
        if (!chosen(file)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string wrong = look(file, file.lines[i]);
            if (wrong.empty()) continue;
            findings.push_back(file.path + ":" + std::to_string(i + 1) + ": " + wrong);
        }
    }
    return findings;
}

std::string without_comment(const std::string& line) { return line.substr(0, line.find("//")); }

// "fakes/kinesis" for fakes/kinesis/streams.h, "emulator/core" for emulator/core/time.h.
std::string part_of(const std::string& path) {
    const std::size_t first = path.find('/');
    const std::size_t second = path.find('/', first + 1);
    return path.substr(0, second == std::string::npos ? first : second);
}

// Whether a file of one part of the house may include a file of another (HOUSE.md section 3).
bool may_include(const std::string& part, const std::string& other) {
    static const std::map<std::string, std::set<std::string>> kBelow{
        {"emulator/store", {}},
        {"emulator/core", {"emulator/store"}},
        {"emulator/wire", {"emulator/core"}},
        {"emulator/host", {"emulator/core", "emulator/store", "emulator/wire"}},
    };
    if (part == other) return true;
    if (part.rfind("handlers", 0) == 0) return other.rfind("handlers", 0) == 0;
    if (part.rfind("fakes/", 0) == 0) return other == "emulator/core" || other == "emulator/store";
    const auto below = kBelow.find(part);
    if (below != kBelow.end()) return below->second.count(other) > 0;
    // The list of services, the scenarios, the command line and the tests see everything.
    return true;
}

struct Banned {
    std::string text;
    std::string instead;
};

// Outside of host, cli and scenario: what would let the same events give other bytes.
const std::vector<Banned> kImpure{
    {"system_clock", "ctx.now"},
    {"steady_clock", "ctx.now"},
    {"std::time(", "ctx.now"},
    {"CURRENT_TIME", "a column that the operation fills from ctx.now"},
    {"random_device", "ctx.random"},
    {"uniform_int_distribution", "ctx.random, which is the same with every library"},
    {"std::rand", "ctx.random"},
    {"std::thread", "an effect, which the host carries out"},
    {"std::async", "an effect, which the host carries out"},
    {"boost/asio", "an effect, which the host carries out"},
    {"posix_spawn", "an effect, which the host carries out"},
    {"fork(", "an effect, which the host carries out"},
    {"socket(", "an effect, which the host carries out"},
    {"getenv", "an option that the command line passes on"},
    {"<fstream>", "the store, or a blob"},
    {"<filesystem>", "the store, or a blob"},
    {"std::hash", "a digest that is the same everywhere"},
    {"unordered_", "std::map or std::set, whose order is the same everywhere"},
    {"std::locale", "nothing: no reply depends on a locale"},
};

bool is_pure(const SourceFile& file) {
    return file.is_cpp() && (file.is_in("emulator/store") || file.is_in("emulator/core") ||
                             file.is_in("emulator/wire") || file.is_in("fakes"));
}

// The string literals from `start` to the end of the statement, joined.
std::string literals_of_statement(const std::string& text, std::size_t start) {
    std::string literals;
    bool quoted = false;
    for (std::size_t i = start; i < text.size(); ++i) {
        if (text[i] == '"' && text[i - 1] != '\\') {
            quoted = !quoted;
        } else if (quoted) {
            literals += text[i];
        } else if (text[i] == ';' || text[i] == '{') {
            break;
        }
    }
    return literals;
}

// The names in a service's table `constexpr Operation kOperations[] = {{"Name", function}, ...`.
std::vector<std::string> operations_of(const SourceFile& file) {
    static const std::regex kTable(R"(Operation k(Stream)?Operations\[\] = \{([^;]*)\};)");
    static const std::regex kRow(R"re(\{"([A-Za-z]+)", )re");
    std::vector<std::string> names;
    for (std::sregex_iterator table(file.text.begin(), file.text.end(), kTable), end; table != end;
         ++table) {
        const std::string rows = (*table)[2];
        for (std::sregex_iterator row(rows.begin(), rows.end(), kRow); row != end; ++row) {
            names.push_back((*row)[1]);
        }
    }
    return names;
}

bool is_tried(const std::string& operation) {
    for (const SourceFile& file : repository()) {
        if (!file.is_in("tests") && !file.is_in("scenarios")) continue;
        for (const char* before : {".", "\"", "Action="}) {
            if (file.text.find(before + operation) != std::string::npos) return true;
        }
    }
    return false;
}

std::size_t columns(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;  // not within a UTF-8 sequence
    }));
}

}  // namespace

TEST_CASE("includes point one way", "[tidy]") {
    static const std::regex kInclude(R"re(^#include "((emulator|fakes|handlers|tests)/[^"]*)")re");
    const auto findings =
        in_lines([](const SourceFile& file) { return file.is_cpp(); },
                 [](const SourceFile& file, const std::string& line) -> std::string {
                     std::smatch match;
                     if (!std::regex_search(line, match, kInclude)) return "";
                     const std::string part = part_of(file.path);
                     const std::string other = part_of(match[1]);
                     if (part == "fakes" || may_include(part, other)) return "";
                     return part + " may not include " + other;
                 });
    CHECK(report(findings) == "");
}

TEST_CASE("the state machine is pure", "[tidy]") {
    const auto findings =
        in_lines(is_pure, [](const SourceFile&, const std::string& line) -> std::string {
            for (const Banned& banned : kImpure) {
                if (without_comment(line).find(banned.text) == std::string::npos) continue;
                return banned.text + " is not for this part; use " + banned.instead;
            }
            return "";
        });
    CHECK(report(findings) == "");
}

TEST_CASE("one file of the emulator includes Beast, and one of the handlers", "[tidy]") {
    for (const std::string folder : {"emulator", "handlers"}) {
        Findings including;
        for (const SourceFile& file : repository()) {
            const bool includes = file.text.find("#include <boost/beast") != std::string::npos;
            if (file.is_in(folder) && includes) including.push_back(file.path);
        }
        INFO(report(including));
        CHECK(including.size() == 1);
    }
}

TEST_CASE("every list is ordered", "[tidy]") {
    Findings findings;
    for (const SourceFile& file : repository()) {
        if (!is_pure(file)) continue;
        for (std::size_t at = file.text.find(".list<"); at != std::string::npos;
             at = file.text.find(".list<", at + 1)) {
            const std::string sql = literals_of_statement(file.text, at);
            if (sql.find("SELECT") == std::string::npos) continue;
            if (sql.find("ORDER BY") == std::string::npos) {
                findings.push_back(file.path + ": no ORDER BY in: " + sql);
            }
        }
    }
    CHECK(report(findings) == "");
}

TEST_CASE("nothing is left for later, or switched off", "[tidy]") {
    // In two pieces each, or this file would be a finding.
    const std::vector<std::string> words{std::string("FIX") + "ME", std::string("TO") + "DO",
                                         std::string("NO") + "LINT",
                                         std::string("GCC diagnostic ") + "ignored"};
    const auto findings = in_lines(
        [](const SourceFile& file) {
            return !file.is_any_of({".json", ".inc", ".md"});
        },
        [&](const SourceFile&, const std::string& line) -> std::string {
            for (const std::string& word : words) {
                if (line.find(word) != std::string::npos) return "has " + word;
            }
            return "";
        });
    CHECK(report(findings) == "");
}

TEST_CASE("no file knows a machine or a package host", "[tidy]") {
    static const std::regex kPlace(std::string("(^|[\"' =])/(root|home|work)/[a-z]") +
                                   "|registry\\.np" + "mjs|py" + "pi\\.org|deb\\.deb" + "ian");
    // Folders of a machine that a test makes up.
    static const std::set<std::string> kMadeUp{"/home/me"};
    const auto findings = in_lines([](const SourceFile&) { return true; },
                                   [](const SourceFile&, const std::string& line) -> std::string {
                                       if (!std::regex_search(line, kPlace)) return "";
                                       for (const std::string& place : kMadeUp) {
                                           if (line.find(place) != std::string::npos) return "";
                                       }
                                       return "names a place of one machine or network";
                                   });
    CHECK(report(findings) == "");
}

TEST_CASE("lines have at most 100 columns", "[tidy]") {
    const auto findings = in_lines(
        [](const SourceFile& file) {
            const bool is_script = file.is_in("scripts") || file.is_in(".ci");
            const bool is_build = file.is_any_of({".txt", ".cmake"});
            const bool is_code = file.is_any_of({".h", ".cpp", ".c", ".S", ".py", ".js"});
            return is_code || is_build || is_script;
        },
        [](const SourceFile& file, const std::string& line) -> std::string {
            // Requests and answers stand in tests as they are on the wire.
            if (file.is_in("tests") && line.find('"') != std::string::npos) return "";
            return columns(line) > 100 ? std::to_string(columns(line)) + " columns" : "";
        });
    CHECK(report(findings) == "");
}

TEST_CASE("files are short", "[tidy]") {
    constexpr std::size_t kMany = 400;
    constexpr std::size_t kTooMany = 700;
    Findings long_files;
    Findings too_long;
    for (const SourceFile& file : repository()) {
        if (!file.is_any_of({".h", ".cpp", ".c", ".py", ".js"}) && !file.is_in("scripts")) continue;
        const std::string finding = file.path + ": " + std::to_string(file.lines.size());
        if (file.lines.size() > kTooMany) {
            too_long.push_back(finding);
        } else if (file.lines.size() > kMany) {
            long_files.push_back(finding);
        }
    }
    if (!long_files.empty()) WARN("more than 400 lines:" << report(long_files));
    CHECK(report(too_long) == "");
}

TEST_CASE("headers say what they are for", "[tidy]") {
    Findings findings;
    for (const SourceFile& file : repository()) {
        if (!file.is_any_of({".h"})) continue;
        if (file.lines.empty() || file.lines[0].find_first_of("/") != 0) {
            findings.push_back(file.path + ": does not start with a sentence on what it is for");
        }
        if (file.text.find("#pragma once") == std::string::npos) {
            findings.push_back(file.path + ": has no #pragma once");
        }
    }
    CHECK(report(findings) == "");
}

TEST_CASE("every fixture says where it is from", "[tidy]") {
    const SourceFile index = read("fixtures/README.md");
    Findings findings;
    for (const auto& entry : fs::recursive_directory_iterator("fixtures")) {
        const std::string path = entry.path().lexically_relative("fixtures").generic_string();
        if (!entry.is_regular_file() || path == "README.md") continue;
        if (index.text.find(path) == std::string::npos) findings.push_back(path);
    }
    CHECK(report(findings) == "");
}

TEST_CASE("every operation is tried by a test or a scenario", "[tidy]") {
    std::size_t operations = 0;
    Findings findings;
    for (const SourceFile& file : repository()) {
        if (!file.is_in("fakes")) continue;
        for (const std::string& name : operations_of(file)) {
            ++operations;
            if (!is_tried(name)) findings.push_back(file.path + ": " + name);
        }
    }
    CHECK(operations > 50);  // or the tables look otherwise than this test thinks
    if (!findings.empty()) WARN("neither tested nor in a scenario:" << report(findings));
}
