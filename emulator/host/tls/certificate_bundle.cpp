#include "emulator/host/tls/certificate_bundle.h"

#include <sys/stat.h>

#include <array>
#include <string>

#include "emulator/host/tls/whole_file.h"

namespace sbemu {

std::filesystem::path system_certificate_bundle() {
    // Debian, Fedora and older RHEL, openSUSE, Alpine; the list of Go's crypto/x509.
    static constexpr std::array<const char*, 5> kPlaces = {
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem"};
    for (const char* place : kPlaces) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(place, ignored)) return place;
    }
    return {};
}

std::filesystem::path system_certificate_folder() {
    const std::filesystem::path folder = "/etc/ssl/certs";
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".0") return folder;
    }
    return {};
}

void write_certificate_bundle(const std::filesystem::path& trusted,
                              const std::filesystem::path& certificate_authority,
                              const std::filesystem::path& target) {
    const std::filesystem::path source = trusted.empty() ? system_certificate_bundle() : trusted;
    std::string bundle = source.empty() ? std::string() : read_whole_file(source);
    if (!bundle.empty() && bundle.back() != '\n') bundle += '\n';
    bundle += read_whole_file(certificate_authority);
    write_whole_file(target, bundle, 0644);
}

}  // namespace sbemu
