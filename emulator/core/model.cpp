#include "emulator/core/model.h"

#include <array>
#include <boost/json.hpp>
#include <map>

#include "emulator/core/check.h"

// Set by emulator/models/CMakeLists.txt.
#define SBEMU_MODEL(service)                   \
    extern const char sbemu_model_##service[]; \
    extern const char sbemu_model_##service##_end[];
extern "C" {
SBEMU_MODEL(cloudformation)
SBEMU_MODEL(dynamodb)
SBEMU_MODEL(dynamodbstreams)
SBEMU_MODEL(iam)
SBEMU_MODEL(kinesis)
SBEMU_MODEL(lambda)
SBEMU_MODEL(logs)
SBEMU_MODEL(s3)
SBEMU_MODEL(sts)
}

namespace sbemu::model {
namespace {

namespace json = boost::json;

struct Embedded {
    std::string_view name;
    std::string_view text;
};

#define SBEMU_EMBEDDED(service)                                          \
    Embedded {                                                           \
#service, { sbemu_model_##service, sbemu_model_##service##_end } \
    }

const std::array<Embedded, 9>& embedded_models() {
    static const std::array<Embedded, 9> kModels{SBEMU_EMBEDDED(cloudformation),
                                                 SBEMU_EMBEDDED(dynamodb),
                                                 SBEMU_EMBEDDED(dynamodbstreams),
                                                 SBEMU_EMBEDDED(iam),
                                                 SBEMU_EMBEDDED(kinesis),
                                                 SBEMU_EMBEDDED(lambda),
                                                 SBEMU_EMBEDDED(logs),
                                                 SBEMU_EMBEDDED(s3),
                                                 SBEMU_EMBEDDED(sts)};
    return kModels;
}

std::string text_of(const json::object& from, std::string_view key) {
    const json::value* found = from.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool flag_of(const json::object& from, std::string_view key) {
    const json::value* found = from.if_contains(key);
    return found && found->is_bool() && found->get_bool();
}

Type type_from(std::string_view name) {
    static constexpr std::pair<std::string_view, Type> kNames[] = {
        {"structure", Type::structure}, {"list", Type::list},       {"map", Type::map},
        {"string", Type::string},       {"integer", Type::integer}, {"long", Type::long_integer},
        {"float", Type::single},        {"double", Type::real},     {"boolean", Type::boolean},
        {"timestamp", Type::timestamp}, {"blob", Type::blob}};
    for (const auto& [text, type] : kNames) {
        if (text == name) return type;
    }
    check_failed("a type of the API model", __FILE__, __LINE__);
}

TimestampFormat format_from(std::string_view name) {
    if (name == "unixTimestamp") return TimestampFormat::unix_seconds;
    if (name == "iso8601") return TimestampFormat::iso8601;
    if (name == "rfc822") return TimestampFormat::rfc822;
    return TimestampFormat::by_protocol;
}

Location location_from(std::string_view name) {
    if (name == "header") return Location::header;
    if (name == "headers") return Location::prefix_headers;
    if (name == "uri") return Location::uri;
    if (name == "querystring") return Location::query;
    if (name == "statusCode") return Location::status;
    return Location::body;
}

// One line of a model: "Name":{...},
struct Entry {
    std::string_view name;
    std::string_view text;
};

const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name) {
    const auto found = std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
    return found != entries.end() && found->name == name ? &*found : nullptr;
}

class Book {
  public:
    explicit Book(const Embedded& model) : text_(model.text) {
        constexpr std::string_view kStart = R"({"metadata":)";
        const std::string_view line = text_.substr(0, text_.find(",\n"));
        SBEMU_CHECK(line.substr(0, kStart.size()) == kStart);
        const json::value parsed = json::parse(line.substr(kStart.size()));
        const json::object& metadata = parsed.as_object();
        service_.name = model.name;
        service_.protocol = text_of(metadata, "protocol");
        service_.json_version = text_of(metadata, "jsonVersion");
        service_.target_prefix = text_of(metadata, "targetPrefix");
        service_.api_version = text_of(metadata, "apiVersion");
        service_.endpoint_prefix = text_of(metadata, "endpointPrefix");
        service_.signing_name = text_of(metadata, "signingName");
        if (service_.signing_name.empty()) service_.signing_name = service_.endpoint_prefix;
        service_.xml_namespace = text_of(metadata, "xmlNamespace");
    }

    const Service& service() const { return service_; }

    const Operation* operation(std::string_view name) {
        const std::lock_guard lock(mutex_);
        const auto built = operations_.find(name);
        if (built != operations_.end()) return built->second.get();
        index();
        const Entry* entry = find_entry(operation_lines_, name);
        if (!entry) return nullptr;
        std::unique_ptr<Operation> made = build_operation(*entry);
        settle();
        return operations_.emplace(name, std::move(made)).first->second.get();
    }

    const Shape* shape(std::string_view name) {
        const std::lock_guard lock(mutex_);
        index();
        const Shape* found = find_entry(shape_lines_, name) ? build_shape(name) : nullptr;
        settle();
        return found;
    }

    std::vector<std::string> operation_names() {
        const std::lock_guard lock(mutex_);
        index();
        std::vector<std::string> names;
        for (const Entry& entry : operation_lines_) names.emplace_back(entry.name);
        return names;
    }

    const std::vector<Route>& routes() {
        const std::lock_guard lock(mutex_);
        index();
        if (!routes_.empty()) return routes_;
        for (const Entry& entry : operation_lines_) routes_.push_back(build_route(entry));
        return routes_;
    }

  private:
    // Finds the lines; the importer writes them sorted.
    void index() {
        if (!operation_lines_.empty()) return;
        std::vector<Entry>* section = nullptr;
        for (std::size_t at = 0; at < text_.size();) {
            const std::size_t end = std::min(text_.find('\n', at), text_.size());
            std::string_view line = text_.substr(at, end - at);
            at = end + 1;
            if (line == R"("operations":{)") {
                section = &operation_lines_;
            } else if (line == R"(},"shapes":{)" || line == R"("shapes":{)") {
                section = &shape_lines_;
            } else if (section && line.starts_with('"')) {
                if (line.ends_with(',')) line.remove_suffix(1);
                const std::size_t quote = line.find('"', 1);
                section->push_back({line.substr(1, quote - 1), line.substr(quote + 2)});
            }
        }
    }

    std::unique_ptr<Operation> build_operation(const Entry& entry) {
        const json::value parsed = json::parse(entry.text);
        const json::object& from = parsed.as_object();
        auto made = std::make_unique<Operation>();
        made->service = &service_;
        made->name = entry.name;
        made->method = text_of(from, "method");
        made->uri = text_of(from, "uri");
        made->result_wrapper = text_of(from, "resultWrapper");
        if (const json::value* status = from.if_contains("status")) {
            made->status = static_cast<int>(status->as_int64());
        }
        if (const json::value* input = from.if_contains("input")) {
            made->input = build_member("", *input).shape;
        }
        const std::string output = text_of(from, "output");
        if (!output.empty()) made->output = build_shape(output);
        if (const json::value* checksum = from.if_contains("httpChecksum")) {
            made->checksum_required = flag_of(checksum->as_object(), "requestChecksumRequired");
        }
        return made;
    }

    static Route build_route(const Entry& entry) {
        const json::value parsed = json::parse(entry.text);
        const json::object& from = parsed.as_object();
        Route route;
        route.operation = entry.name;
        route.method = text_of(from, "method");
        const std::string uri = text_of(from, "uri");
        const std::size_t question = uri.find('?');
        for (std::size_t at = 1; at < std::min(question, uri.size());) {
            const std::size_t end = std::min({uri.find('/', at), question, uri.size()});
            if (end > at) route.segments.push_back(uri.substr(at, end - at));
            at = end + 1;
        }
        for (std::size_t at = question; at < uri.size();) {
            const std::size_t end = std::min(uri.find('&', at + 1), uri.size());
            const std::string part = uri.substr(at + 1, end - at - 1);
            const std::size_t equals = part.find('=');
            route.query.emplace_back(part.substr(0, equals),
                                     equals == std::string::npos ? "" : part.substr(equals + 1));
            at = end;
        }
        if (const json::value* needs = from.if_contains("needs")) {
            for (const json::value& need : needs->as_array()) {
                route.needs.emplace_back(need.as_string());
            }
        }
        return route;
    }

    static void read_namespace(const json::object& traits, std::string& uri, std::string& prefix) {
        const json::value* space = traits.if_contains("xmlNamespace");
        if (!space) return;
        uri = text_of(space->as_object(), "uri");
        prefix = text_of(space->as_object(), "prefix");
    }

    Member build_member(std::string_view name, const json::value& from) {
        Member member;
        member.name = name;
        member.wire_name = name;
        if (from.is_string()) {
            member.shape = build_shape(from.get_string());
            member.flattened = member.shape->flattened;
            member.xml_namespace = member.shape->xml_namespace;
            member.xml_prefix = member.shape->xml_prefix;
            return member;
        }
        const json::object& traits = from.as_object();
        member.shape = build_shape(text_of(traits, "shape"));
        if (traits.contains("locationName")) member.wire_name = text_of(traits, "locationName");
        member.location = location_from(text_of(traits, "location"));
        member.timestamp_format = format_from(text_of(traits, "timestampFormat"));
        member.flattened = flag_of(traits, "flattened") || member.shape->flattened;
        member.streaming = flag_of(traits, "streaming");
        member.xml_attribute = flag_of(traits, "xmlAttribute");
        member.xml_namespace = member.shape->xml_namespace;
        member.xml_prefix = member.shape->xml_prefix;
        read_namespace(traits, member.xml_namespace, member.xml_prefix);
        return member;
    }

    Shape* build_shape(std::string_view name) {
        const auto built = shapes_.find(name);
        if (built != shapes_.end()) return built->second.get();
        const Entry* entry = find_entry(shape_lines_, name);
        SBEMU_CHECK(entry);
        Shape* shape = shapes_.emplace(name, std::make_unique<Shape>()).first->second.get();
        unsettled_.push_back(shape);
        const json::value parsed = json::parse(entry->text);
        const json::object& from = parsed.as_object();
        shape->name = name;
        read_traits(*shape, from);
        read_members(*shape, from);
        return shape;
    }

    void read_traits(Shape& shape, const json::object& from) {
        const std::string type = text_of(from, "type");
        shape.type = type_from(type);
        shape.flattened = flag_of(from, "flattened");
        shape.is_exception = flag_of(from, "exception");
        shape.pattern.text = text_of(from, "pattern");
        read_namespace(from, shape.xml_namespace, shape.xml_prefix);
        if (const json::value* min = from.if_contains("min")) shape.min = min->to_number<double>();
        if (const json::value* max = from.if_contains("max")) shape.max = max->to_number<double>();
        if (const json::value* values = from.if_contains("enum")) {
            for (const json::value& value : values->as_array()) {
                shape.enumeration.emplace_back(value.as_string());
            }
        }
        if (const json::value* error = from.if_contains("error")) {
            shape.error_code = text_of(error->as_object(), "code");
        }
        shape.has_times = shape.type == Type::timestamp;
        shape.has_booleans = shape.type == Type::boolean;
        shape.has_constraints = shape.min || shape.max || !shape.pattern.text.empty() ||
                                !shape.enumeration.empty() || from.contains("required");
    }

    void read_members(Shape& shape, const json::object& from) {
        if (const json::value* members = from.if_contains("members")) {
            for (const auto& [name, traits] : members->as_object()) {
                shape.members.push_back(build_member(name, traits));
                const Member& member = shape.members.back();
                shape.has_bindings = shape.has_bindings || member.location != Location::body;
            }
        }
        for (const std::string_view part : {"member", "key", "value"}) {
            if (const json::value* found = from.if_contains(part)) {
                shape.members.push_back(build_member(part, *found));
            }
        }
        if (const json::value* required = from.if_contains("required")) {
            for (const json::value& name : required->as_array()) {
                for (Member& member : shape.members) {
                    if (member.name == std::string_view(name.as_string())) member.required = true;
                }
            }
        }
        const std::string payload = text_of(from, "payload");
        if (!payload.empty()) shape.payload = shape.find(payload);
        const std::string format = text_of(from, "timestampFormat");
        if (!format.empty()) timestamp_shapes_[&shape] = format_from(format);
    }

    // What a shape holds decides its flags; shapes may hold themselves. Shapes settled earlier
    // reach none of the new ones, so other threads may read them meanwhile.
    void settle() {
        bool changed = true;
        while (changed) {
            changed = false;
            for (Shape* shape : unsettled_) {
                for (Member& member : shape->members) {
                    changed |= raise(shape->has_times, member.shape->has_times);
                    changed |= raise(shape->has_booleans, member.shape->has_booleans);
                    changed |= raise(shape->has_constraints, member.shape->has_constraints);
                }
            }
        }
        for (Shape* shape : unsettled_) {
            for (Member& member : shape->members) {
                const auto format = timestamp_shapes_.find(member.shape);
                if (format != timestamp_shapes_.end() &&
                    member.timestamp_format == TimestampFormat::by_protocol) {
                    member.timestamp_format = format->second;
                }
            }
        }
        unsettled_.clear();
    }

    static bool raise(bool& flag, bool by) {
        if (flag || !by) return false;
        return flag = true;
    }

    std::string_view text_;
    Service service_;
    std::mutex mutex_;
    std::vector<Entry> operation_lines_;
    std::vector<Entry> shape_lines_;
    std::map<std::string, std::unique_ptr<Operation>, std::less<>> operations_;
    std::map<std::string, std::unique_ptr<Shape>, std::less<>> shapes_;
    std::map<const Shape*, TimestampFormat> timestamp_shapes_;
    std::vector<Shape*> unsettled_;
    std::vector<Route> routes_;
};

std::vector<std::unique_ptr<Book>>& books() {
    static std::vector<std::unique_ptr<Book>> all = [] {
        std::vector<std::unique_ptr<Book>> made;
        for (const Embedded& text : embedded_models()) {
            made.push_back(std::make_unique<Book>(text));
        }
        return made;
    }();
    return all;
}

Book* find_book(std::string_view service) {
    for (const std::unique_ptr<Book>& book : books()) {
        if (book->service().name == service) return book.get();
    }
    return nullptr;
}

}  // namespace

bool LazyPattern::matches(std::string_view value) const {
    std::call_once(once_, [this] { pattern_ = std::make_unique<Pattern>(text); });
    return pattern_->matches(value);
}

const Member* Shape::find(std::string_view member_name) const {
    for (const Member& member : members) {
        if (member.name == member_name) return &member;
    }
    return nullptr;
}

const std::vector<Service>& services() {
    static const std::vector<Service> kAll = [] {
        std::vector<Service> list;
        for (const std::unique_ptr<Book>& book : books()) list.push_back(book->service());
        return list;
    }();
    return kAll;
}

const Service* find_service(std::string_view name) {
    const Book* book = find_book(name);
    return book ? &book->service() : nullptr;
}

const Operation* find_operation(std::string_view service, std::string_view operation) {
    Book* book = find_book(service);
    return book ? book->operation(operation) : nullptr;
}

const Shape* find_shape(std::string_view service, std::string_view shape) {
    Book* book = find_book(service);
    return book ? book->shape(shape) : nullptr;
}

std::vector<std::string> operation_names(std::string_view service) {
    Book* book = find_book(service);
    return book ? book->operation_names() : std::vector<std::string>();
}

const std::vector<Route>& routes(std::string_view service) {
    static const std::vector<Route> kNone;
    Book* book = find_book(service);
    return book ? book->routes() : kNone;
}

}  // namespace sbemu::model
