#include <set>

#include "emulator/core/check.h"
#include "emulator/core/model.h"
#include "emulator/core/service.h"

namespace sbemu {
namespace {

const Operation* find_operation(std::span<const Operation> operations, std::string_view name) {
    for (const Operation& operation : operations) {
        if (operation.name == name) return &operation;
    }
    return nullptr;
}

}  // namespace

Registry::Registry(std::vector<const Service*> services) : services_(std::move(services)) {
    std::set<std::string_view> service_names;
    for (const Service* service : services_) {
        SBEMU_CHECK(service_names.insert(service->name).second);
        std::set<std::string_view> names;
        for (const Operation& entry : service->operations) {
            SBEMU_CHECK(names.insert(entry.name).second);
        }
        for (const Operation& entry : service->signals) {
            SBEMU_CHECK(names.insert(entry.name).second);
        }
    }
}

const Service* Registry::find(std::string_view name) const {
    for (const Service* service : services_) {
        if (service->name == name) return service;
    }
    return nullptr;
}

boost::json::object Registry::dispatch(Context& ctx, std::string_view service_name,
                                       std::string_view operation_name,
                                       const boost::json::object& request) const {
    const Service* service = find(service_name);
    if (!service) throw not_implemented("the service " + std::string(service_name));
    if (const Operation* operation = find_operation(service->operations, operation_name)) {
        check_request(service_name, operation_name, request);
        return operation->handler(ctx, request);
    }
    if (const Operation* signal = find_operation(service->signals, operation_name)) {
        return signal->handler(ctx, request);
    }
    throw not_implemented(std::string(service_name) + ":" + std::string(operation_name));
}

}  // namespace sbemu
