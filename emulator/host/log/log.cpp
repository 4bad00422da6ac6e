#include "emulator/host/log/log.h"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace sbemu {

void log_error(const std::string& line) { spdlog::error(line); }
void log_warning(const std::string& line) { spdlog::warn(line); }
void log_info(const std::string& line) { spdlog::info(line); }
void log_debug(const std::string& line) { spdlog::debug(line); }

void log_to_standard_error(bool verbose) {
    auto logger = spdlog::stderr_color_st("sbemu");
    logger->set_pattern("%H:%M:%S.%e %^%l%$ %v");
    logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

struct LogTo::Before {
    std::shared_ptr<spdlog::logger> logger;
};

LogTo::LogTo(std::ostream& out) : before_(new Before{spdlog::default_logger()}) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out)));
}

LogTo::~LogTo() {
    spdlog::set_default_logger(before_->logger);
    delete before_;
}

}  // namespace sbemu
