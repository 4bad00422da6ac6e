// What the fuzzer decides: its bytes as choices, so that nearly every input is a valid request.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace sbemu::dynamodb {

class Choices {
  public:
    Choices(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

    bool is_empty() const { return left_ == 0; }
    // 0 .. bound-1; 0 when there are no bytes left.
    std::size_t below(std::size_t bound) {
        if (left_ == 0) return 0;
        --left_;
        return *data_++ % bound;
    }
    bool one_in(std::size_t count) { return below(count) == 1; }
    template <class Options>
    const char* of(const Options& options) {
        return options[below(std::size(options))];
    }

  private:
    const std::uint8_t* data_;
    std::size_t left_;
};

// An attribute value of any type, in lists and maps up to `depth` deep.
boost::json::object chosen_value(Choices& choices, int depth = 2);
// The key of table "tab": one of a few, so that requests meet.
boost::json::object chosen_key(Choices& choices);
boost::json::object chosen_item(Choices& choices);

// Expressions for a request, with the names and values that they use.
class ChosenExpressions {
  public:
    ChosenExpressions(Choices& choices, boost::json::object& request)
        : choices_(choices), request_(request) {}

    void add_update();
    void add_condition(const char* member);
    void add_projection();

  private:
    std::string path();
    std::string value();
    std::string operand(int depth);
    std::string condition(int depth);
    std::string action();
    std::string several_paths();

    Choices& choices_;
    boost::json::object& request_;
    std::size_t values_ = 0;
};

// INSERT, UPDATE, DELETE or SELECT.
std::string chosen_statement(Choices& choices);

}  // namespace sbemu::dynamodb
