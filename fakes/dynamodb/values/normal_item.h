// An item of a request in its normal form, which nearly all of them have when they come.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <utility>

#include "fakes/dynamodb/values/attribute_value.h"

namespace sbemu::dynamodb {

// Reads as an Item. It is the request's own if that is normal, and good as long as the request.
class NormalItem {
  public:
    NormalItem() = default;  // of no attributes
    // Of what is normal already.
    NormalItem(Item item) : own_(std::move(item)) {}

    // As normalize_item, without a copy if nothing is to be changed. Throws what that throws.
    static NormalItem of(const boost::json::object& item, ValueLayer layer = ValueLayer::current);
    static NormalItem of(boost::json::object&& item,
                         ValueLayer layer = ValueLayer::current) = delete;

    const Item& item() const { return request_ ? *request_ : own_; }
    operator const Item&() const { return item(); }
    // Its size_of_item, which is computed once.
    std::size_t size() const;

  private:
    static constexpr std::size_t kUnknown = -1UL;

    const Item* request_ = nullptr;
    Item own_;
    mutable std::size_t size_ = kUnknown;
};

}  // namespace sbemu::dynamodb
