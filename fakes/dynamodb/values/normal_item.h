// An item of a request in its normal form, which nearly all of them have when they come.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <utility>

#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

// The item may be somebody else's, which then has to live as long: see `in` and `borrow`.
class NormalItem {
  public:
    NormalItem() = default;  // of no attributes
    // Of what is normal already.
    explicit NormalItem(Item item) : own_(std::move(item)) {}
    static NormalItem borrow(const Item& item);
    static NormalItem borrow(const Item&& item) = delete;

    // As normalize_item. The request's own if nothing is to be changed. Throws what that throws.
    static NormalItem in(const boost::json::object& request_item,
                         ValueLayer layer = ValueLayer::current);
    static NormalItem in(const boost::json::object&& request_item,
                         ValueLayer layer = ValueLayer::current) = delete;

    const Item& item() const { return borrowed_ ? *borrowed_ : own_; }
    // Its size_of_item, which is computed once.
    std::size_t size() const;

  private:
    static constexpr std::size_t kUnknown = -1UL;

    const Item* borrowed_ = nullptr;
    Item own_;
    mutable std::size_t size_ = kUnknown;
};

}  // namespace sbemu::dynamodb
