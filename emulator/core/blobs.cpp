#include "emulator/core/blobs.h"

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"
#include "emulator/store/store.h"

namespace sbemu {

std::string put_blob(Store& store, std::string_view bytes) {
    std::string hash = hex_encode(sha256(bytes));
    store.run("INSERT OR IGNORE INTO kernel_blob (hash, bytes) VALUES (?, ?)", hash, Bytes{bytes});
    return hash;
}

std::string put_body(Context& ctx) {
    return ctx.body_blob.empty() ? put_blob(ctx.store, ctx.body) : ctx.body_blob;
}

std::string get_blob(Store& store, std::string_view hash) {
    auto bytes = store.value<std::string>("SELECT bytes FROM kernel_blob WHERE hash = ?", hash);
    SBEMU_CHECK(bytes.has_value());
    return std::move(*bytes);
}

}  // namespace sbemu
