#include "emulator/core/blobs.h"

#include "emulator/core/check.h"
#include "emulator/core/encoding.h"
#include "emulator/store/store.h"

namespace sbemu {
namespace {

std::string hash_of(std::string_view bytes) { return hex_encode(sha256(bytes)); }

void put(Store& store, std::string_view hash, std::string_view bytes) {
    store.run("INSERT OR IGNORE INTO kernel_blob (hash, bytes) VALUES (?, ?)", hash, Bytes{bytes});
}

}  // namespace

std::string put_blob(Store& store, std::string_view bytes) {
    std::string hash = hash_of(bytes);
    put(store, hash, bytes);
    return hash;
}

Blob::Blob(std::string&& its_bytes) : bytes(std::move(its_bytes)), hash(hash_of(bytes)) {}

void put_blob(Store& store, const Blob& blob) { put(store, blob.hash, blob.bytes); }

std::string put_body(Context& ctx) {
    return ctx.body_blob.empty() ? put_blob(ctx.store, ctx.body) : ctx.body_blob;
}

std::string get_blob(Store& store, std::string_view hash) {
    auto bytes = store.value<std::string>("SELECT bytes FROM kernel_blob WHERE hash = ?", hash);
    SBEMU_CHECK(bytes.has_value());
    return std::move(*bytes);
}

}  // namespace sbemu
