// JUnit XML, as Jenkins, GitLab and GitHub read it.
#pragma once

#include <string>
#include <vector>

namespace sbemu {

struct JunitCase {
    std::string name;
    double seconds = 0;
    std::string failure;  // a difference; empty if there is none
    std::string error;    // why it could not be played; empty if it could
};

// Well-formed for any bytes: what XML cannot hold becomes '?'.
std::string junit_xml(const std::vector<JunitCase>& cases);

}  // namespace sbemu
