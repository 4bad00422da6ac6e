// The certificate authority of a state folder, checked as strict clients check.
#include "emulator/host/tls/certificate_authority.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "emulator/host/tls/certificate.h"
#include "emulator/host/tls/certificate_bundle.h"
#include "emulator/host/tls/whole_file.h"
#include "tests/redirect/temporary_folder.h"

namespace sbemu {

namespace {

// X509_V_OK, or why a strict client refuses the chain for the name.
int verdict(const Authority& authority, X509& server, const std::string& name) {
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, authority.certificate.get());
    X509_STORE_CTX* context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, &server, nullptr);
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
    if (name == "127.0.0.1") {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str());
    } else {
        X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size());
    }
    X509_verify_cert(context);
    const int result = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return result;
}

Authority new_authority() {
    Authority authority;
    authority.key = new_private_key();
    authority.certificate = new_authority_certificate(*authority.key);
    return authority;
}

struct Handshake {
    long verdict = -1;
    std::string protocol;
    std::string certificate;
};

// A client and a server of the context, talking through memory. The client believes that it is
// `time`; 0: it looks at the machine's clock.
Handshake shake_hands(SSL_CTX* server_context, const std::filesystem::path& trusted,
                      const std::string& name, const std::string& offered, std::time_t time = 0) {
    SSL_CTX* client_context = SSL_CTX_new(TLS_client_method());
    if (time != 0) X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(client_context), time);
    SSL_CTX_load_verify_file(client_context, trusted.c_str());
    SSL* client = SSL_new(client_context);
    SSL* server = SSL_new(server_context);
    BIO* client_side = nullptr;
    BIO* server_side = nullptr;
    BIO_new_bio_pair(&client_side, 0, &server_side, 0);
    SSL_set_bio(client, client_side, client_side);
    SSL_set_bio(server, server_side, server_side);
    if (!name.empty()) {
        SSL_set_tlsext_host_name(client, name.c_str());
        SSL_set1_host(client, name.c_str());
    }
    if (!offered.empty()) {
        SSL_set_alpn_protos(client, reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    }
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    for (int i = 0; i < 10; ++i) {
        SSL_do_handshake(client);
        SSL_do_handshake(server);
    }
    Handshake result;
    if (SSL_is_init_finished(client) == 1) {
        result.verdict = SSL_get_verify_result(client);
        const unsigned char* protocol = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(client, &protocol, &size);
        result.protocol.assign(reinterpret_cast<const char*>(protocol), size);
        const Certificate shown(SSL_get1_peer_certificate(client));
        result.certificate = to_pem(*shown);
    }
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(client_context);
    return result;
}

}  // namespace

TEST_CASE("A server certificate", "[tls]") {
    const Authority authority = new_authority();
    const PrivateKey key = new_private_key();
    const Validity today = server_validity(std::time(nullptr), std::time(nullptr));
    SECTION("is accepted by strict clients for its name alone") {
        const std::string name = GENERATE(
            "dynamodb.us-east-1.amazonaws.com", "my.dotted.bkt.s3.amazonaws.com",
            "bkt.s3.dualstack.us-east-1.amazonaws.com", "kinesis.cn-north-1.amazonaws.com.cn",
            "abc.execute-api.us-east-1.amazonaws.com", "lambda.us-east-1.api.aws",
            "x.lambda-url.us-east-1.on.aws", "localhost");
        REQUIRE(may_sign_for(name));
        const Certificate server = new_server_certificate(authority, *key, name, today);
        INFO(name);
        CHECK(verdict(authority, *server, name) == X509_V_OK);
        CHECK(verdict(authority, *server, "sts.amazonaws.com") == X509_V_ERR_HOSTNAME_MISMATCH);
    }
    SECTION("without a name is for this machine") {
        const Certificate server = new_server_certificate(authority, *key, "", today);
        CHECK(verdict(authority, *server, "localhost") == X509_V_OK);
        CHECK(verdict(authority, *server, "127.0.0.1") == X509_V_OK);
    }
    SECTION("for another's name is refused by clients: the authority is constrained") {
        for (const std::string name : {"example.com", "notamazonaws.com", "aws.com"}) {
            INFO(name);
            CHECK_FALSE(may_sign_for(name));
            const Certificate server = new_server_certificate(authority, *key, name, today);
            CHECK(verdict(authority, *server, name) == X509_V_ERR_PERMITTED_VIOLATION);
        }
    }
    SECTION("is not made for what is no host name") {
        for (const std::string name :
             {"", ".amazonaws.com", "a..amazonaws.com", "a,DNS:b.amazonaws.com", "a amazonaws.com",
              "A.amazonaws.com"}) {
            CHECK_FALSE(may_sign_for(name));
        }
        CHECK_FALSE(may_sign_for(std::string(250, 'a') + ".amazonaws.com"));
    }
}

TEST_CASE("The stored authority", "[tls]") {
    const TemporaryFolder folder;
    const auto state = folder.path() / "state";
    SECTION("is made once, its key for the owner only") {
        const std::string first = CertificateAuthority(state).certificate();
        CHECK(CertificateAuthority(state).certificate() == first);
        CHECK(CertificateAuthority(state).certificate_file() == state / "ca.pem");
        CHECK(read_whole_file(state / "ca.pem") == first);
        struct stat status {};
        REQUIRE(stat((state / "ca-key.pem").c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
    SECTION("is touched when first needed") {
        const CertificateAuthority authority(state);
        CHECK_FALSE(std::filesystem::exists(state));
    }
    SECTION("closes a key that has been opened to others") {
        CertificateAuthority(state).certificate();
        std::filesystem::permissions(state / "ca-key.pem", std::filesystem::perms(0644));
        CertificateAuthority(state).certificate();
        CHECK(std::filesystem::status(state / "ca-key.pem").permissions() ==
              std::filesystem::perms(0600));
    }
    SECTION("is one when many ask at once") {
        std::vector<std::string> seen(8);
        std::vector<std::thread> threads;
        for (std::string& certificate : seen) {
            threads.emplace_back([&] { certificate = CertificateAuthority(state).certificate(); });
        }
        for (std::thread& thread : threads) thread.join();
        for (const std::string& certificate : seen) CHECK(certificate == seen.front());
    }
    SECTION("goes on after a start that was interrupted between its two files") {
        CertificateAuthority(state).certificate();
        std::filesystem::remove(state / "ca.pem");
        CHECK_FALSE(CertificateAuthority(state).certificate().empty());
    }
}

TEST_CASE("The stored authority refuses", "[tls]") {
    const TemporaryFolder folder;
    const auto& state = folder.path();
    const std::string before = CertificateAuthority(state).certificate();
    const auto refusal = [&](const std::string& what) {
        return "the certificate authority " + what +
               "; delete ca.pem and ca-key.pem in that folder to get a new one";
    };
    SECTION("a certificate that is none") {
        write_whole_file(state / "ca.pem", "nonsense", 0644);
        CHECK_THROWS_WITH(CertificateAuthority(state).certificate(),
                          refusal((state / "ca.pem").string() + " holds no certificate"));
    }
    SECTION("a key that is none") {
        write_whole_file(state / "ca-key.pem", "nonsense", 0600);
        CHECK_THROWS_WITH(CertificateAuthority(state).certificate(),
                          refusal((state / "ca-key.pem").string() + " holds no private key"));
    }
    SECTION("a lost key") {
        std::filesystem::remove(state / "ca-key.pem");
        CHECK_THROWS_WITH(CertificateAuthority(state).certificate(),
                          refusal((state / "ca.pem").string() + " has lost its key, ca-key.pem"));
    }
    SECTION("another's key") {
        write_whole_file(state / "ca-key.pem", to_pem(*new_private_key()), 0600);
        CHECK_THROWS_WITH(
            CertificateAuthority(state).certificate(),
            refusal((state / "ca.pem").string() + " does not belong to the key beside it"));
    }
    SECTION("one that has expired") {
        const PrivateKey key = private_key_from_pem(read_whole_file(state / "ca-key.pem"));
        const Certificate old = certificate_from_pem(before);
        X509_gmtime_adj(X509_getm_notAfter(old.get()), -60);
        X509_sign(old.get(), key.get(), EVP_sha256());
        write_whole_file(state / "ca.pem", to_pem(*old), 0644);
        CHECK_THROWS_WITH(CertificateAuthority(state).certificate(),
                          refusal((state / "ca.pem").string() + " has expired"));
    }
    SECTION("a folder that cannot be made") {
        const auto file = state / "ca.pem" / "below";
        CHECK_THROWS_WITH(CertificateAuthority(file).certificate(),
                          Catch::Contains("cannot create the folder " + file.string()));
    }
}

TEST_CASE("The ephemeral authority", "[tls]") {
    const TemporaryFolder folder;
    CertificateAuthority authority(folder.path(), CertificateAuthority::Kind::ephemeral);
    CHECK(read_whole_file(authority.certificate_file()) == authority.certificate());
    CHECK_FALSE(std::filesystem::exists(folder.path() / "ca-key.pem"));
    CertificateAuthority other(folder.path(), CertificateAuthority::Kind::ephemeral);
    CHECK(other.certificate() != authority.certificate());
}

TEST_CASE("A TLS context is trusted by clients at the machine's time and at the emulator's",
          "[tls]") {
    constexpr std::time_t kYear = 366L * 24 * 60 * 60;
    const TemporaryFolder folder;
    const std::time_t machine = std::time(nullptr);
    std::time_t emulated = machine;
    CertificateAuthority authority(folder.path(), CertificateAuthority::Kind::ephemeral,
                                   [&] { return emulated; });
    const auto trusted = authority.certificate_file();
    const TlsContext context = authority.tls_context();
    const auto verdict_at = [&](std::time_t time) {
        return shake_hands(context.get(), trusted, "sts.amazonaws.com", "", time).verdict;
    };
    CHECK(verdict_at(machine) == X509_V_OK);
    CHECK(verdict_at(machine + 2 * kYear) == X509_V_ERR_CERT_HAS_EXPIRED);
    CHECK(verdict_at(machine - kYear) == X509_V_ERR_CERT_NOT_YET_VALID);
    for (const std::time_t shifted : {machine + 2 * kYear, machine - kYear, std::time_t{978307200},
                                      std::time_t{4070908800}}) {  // 2001 and 2099
        emulated = shifted;
        CHECK(verdict_at(shifted) == X509_V_OK);
        CHECK(verdict_at(machine) == X509_V_OK);
    }
    emulated = machine + 1;
    const auto one = shake_hands(context.get(), trusted, "sts.amazonaws.com", "").certificate;
    emulated = machine + 2;
    CHECK(shake_hands(context.get(), trusted, "sts.amazonaws.com", "").certificate == one);
}

TEST_CASE("A TLS context", "[tls]") {
    const TemporaryFolder folder;
    CertificateAuthority authority(folder.path(), CertificateAuthority::Kind::ephemeral);
    const auto trusted = authority.certificate_file();
    const TlsContext context = authority.tls_context();
    SECTION("shows each name its certificate, and the same one again") {
        const auto one = shake_hands(context.get(), trusted, "sts.amazonaws.com", "");
        const auto again = shake_hands(context.get(), trusted, "STS.amazonaws.com", "");
        const auto other = shake_hands(context.get(), trusted, "s3.amazonaws.com", "");
        CHECK(one.verdict == X509_V_OK);
        CHECK(again.verdict == X509_V_OK);
        CHECK(other.verdict == X509_V_OK);
        CHECK(one.certificate == again.certificate);
        CHECK(one.certificate != other.certificate);
        CHECK(one.protocol.empty());
    }
    SECTION("has one for clients that name none, and for names it cannot sign for") {
        const auto nameless = shake_hands(context.get(), trusted, "", "");
        const auto foreign = shake_hands(context.get(), trusted, "example.com", "");
        CHECK(nameless.verdict == X509_V_OK);
        CHECK(foreign.certificate == nameless.certificate);
        CHECK(foreign.verdict == X509_V_ERR_HOSTNAME_MISMATCH);
    }
    SECTION("prefers HTTP/2") {
        const auto protocol = [&](const std::string& offered) {
            return shake_hands(context.get(), trusted, "s3.amazonaws.com", offered).protocol;
        };
        CHECK(protocol("\x08http/1.1\x02h2") == "h2");
        CHECK(protocol("\x08http/1.1") == "http/1.1");
        CHECK(protocol("\x02h3").empty());
    }
    SECTION("serves any number of names") {
        const auto first = shake_hands(context.get(), trusted, "b0.s3.amazonaws.com", "");
        for (int i = 1; i < 600; ++i) {
            const auto name = "b" + std::to_string(i) + ".s3.amazonaws.com";
            if (i % 100 == 0) {
                CHECK(shake_hands(context.get(), trusted, name, "").verdict == X509_V_OK);
            } else {
                shake_hands(context.get(), trusted, name, "");
            }
        }
        const auto again = shake_hands(context.get(), trusted, "b0.s3.amazonaws.com", "");
        CHECK(again.verdict == X509_V_OK);
        CHECK(again.certificate != first.certificate);
    }
}

TEST_CASE("A certificate bundle", "[tls]") {
    const TemporaryFolder folder;
    const auto file = [&](const char* name) { return folder.path() / name; };
    write_whole_file(file("theirs"), "theirs", 0644);
    write_whole_file(file("ours"), "ours\n", 0644);
    write_certificate_bundle(file("theirs"), file("ours"), file("bundle"));
    CHECK(read_whole_file(file("bundle")) == "theirs\nours\n");
    CHECK_THROWS_WITH(write_certificate_bundle(file("none"), file("ours"), file("bundle")),
                      "cannot read " + file("none").string() + ": No such file or directory");
    CHECK(read_whole_file(file("bundle")) == "theirs\nours\n");
    const auto system = system_certificate_bundle();
    if (!system.empty()) {
        write_certificate_bundle({}, file("ours"), file("bundle"));
        CHECK(read_whole_file(file("bundle")) == read_whole_file(system) + "ours\n");
    }
}

}  // namespace sbemu
