// XML as AWS's APIs use it: elements, attributes and text, no DTDs, no processing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sbemu::wire {

struct XmlElement {
    std::string name;                                             // without its namespace prefix
    std::vector<std::pair<std::string, std::string>> attributes;  // names as written
    std::vector<XmlElement> children;
    std::string text;

    const XmlElement* find(std::string_view child) const;
};

// Nothing if the document is not well-formed, has a DTD, or is nested deeper than 100.
std::optional<XmlElement> parse_xml(std::string_view document);

// Escapes markup, and control characters as references, as S3 does with keys.
void append_escaped(std::string& out, std::string_view text);

}  // namespace sbemu::wire
