// Reads one HTTP/1.1 answer from the bytes of a connection: the client's side.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "emulator/wire/wire.h"

namespace sbemu {

class ResponseReader {
  public:
    ResponseReader();
    ~ResponseReader();

    // The answer, once it is whole. Throws std::runtime_error if it is not HTTP.
    std::optional<wire::HttpResponse> receive(std::string_view bytes);
    // The server has closed: the answer, or std::runtime_error if it is incomplete.
    wire::HttpResponse receive_end();

  private:
    struct State;
    wire::HttpResponse take();

    std::unique_ptr<State> state_;
};

}  // namespace sbemu
