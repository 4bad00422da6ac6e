#include "emulator/live/live_functions.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <deque>
#include <set>

#include "emulator/capture/captured_text.h"
#include "emulator/core/encoding.h"
#include "emulator/core/kernel.h"
#include "emulator/host/clock.h"
#include "emulator/host/functions/functions.h"
#include "emulator/host/http/http_server.h"
#include "emulator/host/redirect/redirect.h"
#include "emulator/host/state_folder.h"
#include "emulator/host/tls/certificate_authority.h"
#include "emulator/wire/wire.h"

namespace sbemu {
namespace json = boost::json;
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

std::string response_query(const std::string& payload) {
    json::error_code error;
    const json::value event = json::parse(payload, error);
    if (error || !event.is_object()) return {};
    const std::string url = text_or_nothing(event.as_object(), "ResponseURL");
    const auto query = url.find('?');
    return query == std::string::npos ? std::string() : url.substr(query + 1);
}

}  // namespace

class LiveFunctions::Parts : public FunctionHost {
  public:
    Parts(const Capture& capture, LiveOptions options)
        : options_(std::move(options)),
          folder_(StateFolder::ephemeral()),
          authority_(folder_.path(), CertificateAuthority::Kind::ephemeral,
                     [this] { return static_cast<std::time_t>(to_milliseconds(now_) / 1000); }),
          listener_(
              io_,
              [this](wire::HttpRequest request, HttpListener::Respond respond) {
                  receive(std::move(request), std::move(respond));
              },
              http_options()),
          port_(listener_.listen("127.0.0.1", 0)),
          functions_(io_, *this, function_settings()) {
        for (const WithheldCode& code : capture.withheld) withheld_.insert(code.stand_in);
    }

    // ---- what the pool of processes asks of its host ----

    void submit(Event event) override {
        if (!is_call(event, "lambda.InvocationEnded")) return;  // the story starts them itself
        const std::string id = text_or_nothing(event.params, "InvocationId");
        const auto found = running_.find(id);
        if (found == running_.end()) return;
        found->second.actions.push_back({as_captured(found->second, std::move(event)), {}, {}});
    }
    Time now() override { return now_; }
    Duration ahead() override { return now_ - wall_time(); }
    void raise_busy() override {}
    void lower_busy() override {}
    std::string blob(std::string_view hash) override {
        const auto found = packages_.find(std::string(hash));
        return found != packages_.end() ? found->second : kernel->blob(hash);
    }

    // ---- what the story asks of its functions ----

    void begin(json::object invocation, Time now, const Transcript* captured) {
        now_ = std::max(now_, now);
        const std::string id = text_or_nothing(invocation, "InvocationId");
        json::object& function = invocation.at("Function").as_object();
        replace_code(function);
        Running& running = running_[id];
        running.captured = captured;
        running.began = now;
        running.gives_up = std::chrono::steady_clock::now() +
                           std::chrono::seconds(function.at("Timeout").to_number<std::int64_t>());
        running.query = response_query(text_or_nothing(invocation, "Payload"));
        next_log_stream_.clear();
        if (captured && captured->ended) {
            next_log_stream_ = text_or_nothing(captured->ended->event.params, "LogStream");
        }
        const std::string environment = text_or_nothing(function, "Environment");
        std::string& stream = log_streams_[environment];
        // A process that was a fresh one when it was captured is a fresh one here.
        if (!stream.empty() && stream != next_log_stream_) {
            functions_.carry_out({"lambda.stop", {{"Environment", environment}}});
        }
        stream = next_log_stream_;
        functions_.carry_out({"lambda.invoke", std::move(invocation)});
    }

    std::optional<Action> next(const std::string& id) {
        const auto found = running_.find(id);
        if (found == running_.end()) return std::nullopt;
        Running& running = found->second;
        while (running.actions.empty() && !running.waits && !is_late(running)) {
            io_.restart();
            io_.run_one_for(std::chrono::milliseconds(100));
        }
        if (running.actions.empty()) return std::nullopt;
        return running.actions.front().action;
    }

    void take(const std::string& id, const Applied& applied) {
        const auto found = running_.find(id);
        if (found == running_.end()) return;
        Running& running = found->second;
        Pending pending = std::move(running.actions.front());
        running.actions.pop_front();
        now_ = std::max(now_, pending.action.at);
        if (!pending.respond) {  // it has ended
            running_.erase(found);
            return;
        }
        if (applied.deferred) {
            running.waits = true;
            running.deferred.emplace(applied.event, std::move(pending));
            return;
        }
        answer(pending, applied.answer, applied.request_id);
    }

    void complete(const std::string& id, const Completion& completion) {
        const auto found = running_.find(id);
        if (found == running_.end()) return;
        auto pending = found->second.deferred.extract(completion.event);
        found->second.waits = !found->second.deferred.empty();
        if (!pending.empty()) answer(pending.mapped(), completion.answer, {});
    }

    void kill(const std::string& id) {
        const auto found = running_.find(id);
        if (found == running_.end()) return;
        // Calls that were not told of any more have not happened.
        std::erase_if(found->second.actions, [](const Pending& one) { return one.respond; });
        found->second.waits = false;
        found->second.gives_up = std::chrono::steady_clock::now() + kUntilKilled;
        functions_.carry_out({"lambda.kill", {{"InvocationId", id}}});
    }

    bool has_code_for(const std::string& function) const { return find_code(function) != nullptr; }

    const Kernel* kernel = nullptr;

  private:
    static constexpr std::chrono::seconds kUntilKilled{10};

    struct Pending {
        Action action;
        wire::Call call;                // of a call; nothing when it has ended
        HttpListener::Respond respond;  // of a call
    };
    struct Running {
        const Transcript* captured = nullptr;
        Time began{};
        SteadyTime gives_up{};
        std::string query;                  // of its ResponseURL
        std::set<std::int64_t> taken = {};  // captured calls that were made again
        bool waits = false;                 // for the answer to a deferred call
        std::deque<Pending> actions = {};
        std::map<std::int64_t, Pending> deferred = {};
    };

    bool is_late(const Running& running) const {
        return std::chrono::steady_clock::now() > running.gives_up;
    }

    static void answer(Pending& pending, const std::variant<Outcome, ApiError>& answer,
                       const std::string& request_id) {
        pending.respond(wire::encode(pending.call, answer, request_id));
    }

    void receive(wire::HttpRequest request, HttpListener::Respond respond) {
        auto decoded = wire::decode(std::move(request), now_, [] {
            return std::string("00000000-0000-0000-0000-000000000000");
        });
        if (auto* response = std::get_if<wire::HttpResponse>(&decoded)) {
            return respond(std::move(*response));
        }
        wire::Call& call = std::get<wire::Call>(decoded);
        const auto running = caller_of(call);
        if (running == running_.end()) {
            return respond(wire::encode(
                call, ApiError("InternalFailure", "no invocation of this replay makes calls", 500),
                {}));
        }
        Event event;
        event.caller = call.caller;
        event.service = call.service;
        event.operation = call.operation;
        event.params = call.params;
        event.body = std::move(call.body);
        if (const auto caller = functions_.find_caller(call.session_token)) {
            event.function = caller->function;
        }
        running->second.actions.push_back(
            {as_captured(running->second, std::move(event)), std::move(call), std::move(respond)});
    }

    // By its session token; a PUT to a ResponseURL has none, but the URL is the invocation's own.
    std::map<std::string, Running>::iterator caller_of(const wire::Call& call) {
        if (const auto caller = functions_.find_caller(call.session_token)) {
            return running_.find(caller->invocation);
        }
        const std::string query = text_or_nothing(call.params, "Query");
        return std::find_if(running_.begin(), running_.end(), [&](const auto& entry) {
            return call.operation == "PutResponse" && entry.second.query == query;
        });
    }

    static const CapturedEvent* captured_end(const Running& running) {
        const bool is_known = running.captured && running.captured->ended;
        return is_known ? &*running.captured->ended : nullptr;
    }

    // The captured call that this one is: the next that asks the same, else the next of the
    // operation, so that one call more or less does not change the chance of all that follow.
    static const CapturedEvent* take_captured(Running& running, const Event& event) {
        if (!running.captured) return nullptr;
        const CapturedEvent* best = nullptr;
        for (const CapturedEvent& call : running.captured->calls) {
            const Event& other = call.event;
            if (running.taken.contains(call.number) || other.service != event.service ||
                other.operation != event.operation) {
                continue;
            }
            const bool asks_same = other.params == event.params && other.body == event.body;
            if (asks_same || !best) best = &call;
            if (asks_same) break;
        }
        if (best) running.taken.insert(best->number);
        return best;
    }

    // At the time and with the chance that the same thing had in the capture.
    Action as_captured(Running& running, Event event) {
        const bool ends = is_call(event, "lambda.InvocationEnded");
        const CapturedEvent* same = ends ? captured_end(running) : take_captured(running, event);
        if (!same || !running.captured->started) {
            return {std::max(now_, running.began), 0, std::move(event)};
        }
        event.seed = same->event.seed;
        event.caller = same->event.caller;
        event.function = same->event.function;
        if (ends) take_measures(same->event.params, event.params);
        const Duration after = same->event.at - running.captured->started->event.at;
        return {running.began + after, same->number, std::move(event)};
    }

    // How long it took and where it ran is as captured: it is not what is compared.
    static void take_measures(const json::object& captured, json::object& params) {
        if (text_or_nothing(captured, "Outcome") != text_or_nothing(params, "Outcome")) return;
        for (const char* member :
             {"DurationMicroseconds", "InitMicroseconds", "MaxMemoryMegabytes", "LogStream"}) {
            params.erase(member);
            if (const json::value* value = captured.if_contains(member)) params[member] = *value;
        }
    }

    const std::string* find_code(const std::string& function) const {
        for (const auto& [wanted, package] : options_.code) {
            if (is_function(function, wanted)) return &package;
        }
        return nullptr;
    }

    void replace_code(json::object& function) {
        const std::string arn = text_or_nothing(function, "FunctionArn");
        const std::string* chosen = find_code(arn);
        if (!chosen) {
            if (withheld_.contains(text_or_nothing(function, "CodeHash"))) {
                throw CaptureError("the code of " + function_name_of(arn) +
                                   " was left out of the capture: give it with --code " +
                                   function_name_of(arn) + "=FOLDER");
            }
            return;
        }
        const std::string hash = hex_encode(sha256(*chosen));
        packages_[hash] = *chosen;
        function["CodeHash"] = hash;
        function["Environment"] = text_or_nothing(function, "Environment") + "-" + hash;
    }

    HttpOptions http_options() {
        HttpOptions http;
        http.clock = [this] { return now_; };
        http.tls_context = [this] {
            if (!tls_) tls_ = authority_.tls_context();
            return tls_.get();
        };
        return http;
    }

    FunctionSettings function_settings() {
        FunctionSettings settings;
        settings.folder = folder_.path() / "functions";
        settings.node_path = options_.node_path;
        settings.log_stream = [this] { return next_log_stream_; };
        settings.start = [this](ProcessOptions process) {
            if (!redirect_) {
                RedirectSettings redirect;
                redirect.port = port_;
                redirect.certificate_authority = authority_.certificate_file();
                redirect.folder = folder_.path() / "redirect";
                redirect_ = std::make_unique<Redirect>(std::move(redirect));
            }
            return redirect_->start(std::move(process), RedirectedChild::lambda).process;
        };
        return settings;
    }

    LiveOptions options_;
    std::set<std::string> withheld_;               // hashes of stand-ins
    std::map<std::string, std::string> packages_;  // by hash
    Time now_{};
    std::string next_log_stream_;
    std::map<std::string, std::string> log_streams_;  // by environment
    std::map<std::string, Running> running_;
    StateFolder folder_;
    CertificateAuthority authority_;
    TlsContext tls_;
    boost::asio::io_context io_{1};
    HttpListener listener_;
    std::uint16_t port_;
    std::unique_ptr<Redirect> redirect_;
    Functions functions_;
};

LiveFunctions::LiveFunctions(const Capture& capture, const StoryLine& line, LiveOptions options)
    : parts_(std::make_unique<Parts>(capture, std::move(options))) {
    std::set<std::string> missing;
    for (const WithheldCode& code : capture.withheld) {
        for (const std::string& function : code.functions) {
            const bool is_invoked =
                std::any_of(line.transcripts.begin(), line.transcripts.end(),
                            [&](const Transcript& one) { return one.function == function; });
            if (is_invoked && !parts_->has_code_for(function)) {
                missing.insert(function_name_of(function));
            }
        }
    }
    if (missing.empty()) return;
    std::string message = "the capture has no code for";
    for (const std::string& function : missing) message += " " + function;
    throw CaptureError(message + ". Give it: --code " + *missing.begin() +
                       "=FOLDER (or a zip); or capture again with --with-code");
}

LiveFunctions::~LiveFunctions() = default;

void LiveFunctions::begin(const json::object& invocation, Time now, const Transcript* captured) {
    parts_->begin(invocation, now, captured);
}

std::optional<Action> LiveFunctions::next(const std::string& invocation) {
    return parts_->next(invocation);
}

void LiveFunctions::take(const std::string& invocation, const Applied& applied) {
    parts_->take(invocation, applied);
}

void LiveFunctions::complete(const std::string& invocation, const Completion& completion) {
    parts_->complete(invocation, completion);
}

void LiveFunctions::kill(const std::string& invocation) { parts_->kill(invocation); }

void LiveFunctions::use(const Kernel& kernel) { parts_->kernel = &kernel; }

}  // namespace sbemu
