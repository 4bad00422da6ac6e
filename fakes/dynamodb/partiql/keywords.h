// Words that cannot stand as names in PartiQL unless they are quoted.
#pragma once

#include <string_view>

namespace sbemu::dynamodb::partiql {

bool is_keyword(std::string_view lower_case_word);
// Keywords that call a function when a parenthesis follows.
bool is_function_keyword(std::string_view lower_case_word);

}  // namespace sbemu::dynamodb::partiql
