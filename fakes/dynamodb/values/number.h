// DynamoDB's numbers: exact decimals of up to 38 digits, 1E-130 to 9.99E+125.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sbemu::dynamodb {

// 0.d1d2d3... times ten to the `exponent`; zero has no digits.
struct Number {
    bool negative = false;
    std::string digits;  // no leading and no trailing zeros
    int exponent = 0;

    std::string text() const;  // plain decimal, as answered
    bool is_zero() const { return digits.empty(); }
    bool operator==(const Number&) const = default;
};

// Throws ApiError ValidationException for what is not a number or out of range
// (facts/dynamodb-kinesis.md 1.6).
Number parse_number(std::string_view text);

// Whether it is a number and written as Number::text() writes it. False also for some that are, of
// many digits.
bool is_normal_number(std::string_view text);

// Negative, zero or positive, as left is less than, equal to or greater than right.
int compare(const Number& left, const Number& right);

// Exact; throws ValidationException when the result needs more than 38 digits or is out of range.
Number add(const Number& left, const Number& right);
Number negate(Number number);

// Base-100 bytes whose order as bytes is the order of the numbers; DynamoDB hashes these.
std::string sortable_bytes(const Number& number);

// What the number adds to the size of an item.
std::size_t size_of(const Number& number);

}  // namespace sbemu::dynamodb
