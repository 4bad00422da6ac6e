#include "emulator/wire/xml.h"

#include <charconv>

namespace sbemu::wire {
namespace {

constexpr int kDeepest = 100;

struct Malformed {};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_name_character(char c) {
    return !is_blank(c) && std::string_view("<>/=\"'&;?![]").find(c) == std::string_view::npos;
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    XmlElement document() {
        accept("\xEF\xBB\xBF");
        skip_around();
        XmlElement root = element(0);
        skip_around();
        if (at_ != text_.size()) throw Malformed{};
        return root;
    }

  private:
    bool accept(std::string_view token) {
        if (text_.substr(at_, token.size()) != token) return false;
        at_ += token.size();
        return true;
    }
    void expect(std::string_view token) {
        if (!accept(token)) throw Malformed{};
    }
    bool skip_blanks() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
        return at_ > begin;
    }
    std::string_view until(std::string_view end) {
        const std::size_t found = text_.find(end, at_);
        if (found == std::string_view::npos) throw Malformed{};
        const std::string_view skipped = text_.substr(at_, found - at_);
        at_ = found + end.size();
        return skipped;
    }
    bool skip_comment_or_instruction() {
        if (accept("<!--")) {
            until("-->");
        } else if (accept("<?")) {
            until("?>");
        } else {
            return false;
        }
        return true;
    }
    void skip_around() {
        do skip_blanks();
        while (skip_comment_or_instruction());
    }

    std::string_view name() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
        if (at_ == begin) throw Malformed{};
        return text_.substr(begin, at_ - begin);
    }

    void append_reference(std::string& out) {  // after '&'
        const std::string_view reference = until(";");
        if (reference == "lt") {
            out += '<';
        } else if (reference == "gt") {
            out += '>';
        } else if (reference == "amp") {
            out += '&';
        } else if (reference == "quot") {
            out += '"';
        } else if (reference == "apos") {
            out += '\'';
        } else if (reference.starts_with('#')) {
            const bool hex = reference.size() > 1 && (reference[1] == 'x' || reference[1] == 'X');
            const std::string_view digits = reference.substr(hex ? 2 : 1);
            std::uint32_t value = 0;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
            if (error != std::errc() || end != digits.data() + digits.size() || value > 0x10FFFF ||
                (value >= 0xD800 && value <= 0xDFFF) || value == 0) {
                throw Malformed{};
            }
            append_utf8(out, value);
        } else {
            throw Malformed{};
        }
    }

    void attributes(XmlElement& element) {
        while (skip_blanks() && at_ < text_.size() && is_name_character(text_[at_])) {
            std::string attribute(name());
            skip_blanks();
            expect("=");
            skip_blanks();
            const char quote = at_ < text_.size() ? text_[at_] : '\0';
            if (quote != '"' && quote != '\'') throw Malformed{};
            ++at_;
            std::string value;
            while (true) {
                if (at_ >= text_.size() || text_[at_] == '<') throw Malformed{};
                const char c = text_[at_++];
                if (c == quote) break;
                if (c == '&') {
                    append_reference(value);
                } else {
                    value += c;
                }
            }
            element.attributes.emplace_back(std::move(attribute), std::move(value));
        }
    }

    XmlElement element(int depth) {
        if (depth > kDeepest) throw Malformed{};
        expect("<");
        XmlElement made;
        const std::string_view full_name = name();
        made.name = full_name.substr(full_name.find(':') + 1);  // npos + 1 is 0
        attributes(made);
        if (accept("/>")) return made;
        expect(">");
        while (true) {
            if (at_ >= text_.size()) throw Malformed{};
            const char c = text_[at_];
            if (c == '&') {
                ++at_;
                append_reference(made.text);
            } else if (c != '<') {
                made.text += c;
                ++at_;
            } else if (accept("</")) {
                if (name() != full_name) throw Malformed{};
                skip_blanks();
                expect(">");
                return made;
            } else if (accept("<![CDATA[")) {
                made.text += until("]]>");
            } else if (!skip_comment_or_instruction()) {
                made.children.push_back(element(depth + 1));
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
    for (const XmlElement& candidate : children) {
        if (candidate.name == child) return &candidate;
    }
    return nullptr;
}

std::optional<XmlElement> parse_xml(std::string_view document) {
    try {
        return Parser(document).document();
    } catch (const Malformed&) {
        return std::nullopt;
    }
}

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\t':
            case '\n':
                out += c;
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    constexpr std::string_view kDigits = "0123456789abcdef";
                    out += "&#x";
                    if (c & 0x10) out += '1';
                    out += kDigits[static_cast<std::size_t>(c & 0x0F)];
                    out += ';';
                } else {
                    out += c;
                }
        }
    }
}

}  // namespace sbemu::wire
