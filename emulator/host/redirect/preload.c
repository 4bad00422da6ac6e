// Preloaded into the programs that run redirected: AWS host names resolve to the sentinel address,
// and connections to it lead to the emulator. Runs inside other people's programs, glibc's and
// musl's alike, so: no library of its own, no allocation, no output, errno kept.
#define _LARGEFILE64_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "redirected_addresses.h"

// <dlfcn.h> has it only with _GNU_SOURCE, which gives the socket functions other prototypes.
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void*)-1)
#endif

#define EXPORTED __attribute__((visibility("default")))

// The bundles programs open without being told: Debian, Fedora, OpenSSL's, Alpine.
static const char* const kSystemBundles[] = {"/etc/ssl/certs/ca-certificates.crt",
                                             "/etc/pki/tls/certs/ca-bundle.crt",
                                             "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                             "/etc/ssl/ca-bundle.pem",
                                             "/etc/ssl/cert.pem",
                                             "/usr/lib/ssl/cert.pem"};

static uint16_t emulator_port;  // 0: redirect nothing
static uint16_t dns_port;       // 0: no name server of the emulator
static char certificate_bundle[4096];

// The name server a socket believes it talks to, for recvfrom; by descriptor.
#define REMEMBERED 1024
static struct sockaddr_storage name_servers[REMEMBERED];

static uint16_t port_in(const char* name) {
    const char* text = getenv(name);
    unsigned long value = 0;
    for (; text != NULL && *text >= '0' && *text <= '9' && value < 65536; ++text) {
        value = value * 10 + (unsigned long)(*text - '0');
    }
    return value < 65536 ? (uint16_t)value : 0;
}

#define REAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

// Looked up once: these are called often. Before the constructor has run the system call does.
static __typeof__(&connect) real_connect;
static __typeof__(&sendto) real_sendto;
static __typeof__(&recvfrom) real_recvfrom;

__attribute__((constructor)) static void prepare(void) {
    real_connect = REAL(connect);
    real_sendto = REAL(sendto);
    real_recvfrom = REAL(recvfrom);
    emulator_port = port_in(SBEMU_PORT_VARIABLE);
    dns_port = port_in(SBEMU_DNS_PORT_VARIABLE);
    const char* bundle = getenv(SBEMU_CA_BUNDLE_VARIABLE);
    if (bundle != NULL && strlen(bundle) < sizeof certificate_bundle) {
        strcpy(certificate_bundle, bundle);
    }
}

static int is_aws_name(const char* name) {
    return name != NULL && emulator_port != 0 && sbemu_is_aws_name(name, strlen(name));
}

// ---- names ----

EXPORTED int getaddrinfo(const char* name, const char* service, const struct addrinfo* hints,
                         struct addrinfo** result) {
    __typeof__(&getaddrinfo) real = REAL(getaddrinfo);
    if (real == NULL) return EAI_FAIL;
    if (!is_aws_name(name)) return real(name, service, hints, result);
    struct addrinfo asked;
    memset(&asked, 0, sizeof asked);
    if (hints != NULL) asked = *hints;
    if (asked.ai_flags & AI_NUMERICHOST) return EAI_NONAME;
    // AWS names have no IPv6 address here; one address also keeps happy eyeballs from starting.
    if (asked.ai_family == AF_INET6 && !(asked.ai_flags & AI_V4MAPPED)) return EAI_NONAME;
    const int wants_name = asked.ai_flags & AI_CANONNAME;
    asked.ai_flags &= ~(AI_CANONNAME | AI_ADDRCONFIG);
    const int error = real(SBEMU_SENTINEL_TEXT, service, &asked, result);
    // freeaddrinfo frees it (glibc).
    if (error == 0 && wants_name) (*result)->ai_canonname = strdup(name);
    return error;
}

// The older functions answer the sentinel's text as the host's name: nobody reads it.
EXPORTED struct hostent* gethostbyname(const char* name) {
    __typeof__(&gethostbyname) real = REAL(gethostbyname);
    return real == NULL ? NULL : real(is_aws_name(name) ? SBEMU_SENTINEL_TEXT : name);
}

EXPORTED struct hostent* gethostbyname2(const char* name, int family) {
    __typeof__(&gethostbyname2) real = REAL(gethostbyname2);
    if (real == NULL) return NULL;
    if (!is_aws_name(name)) return real(name, family);
    if (family != AF_INET) {
        h_errno = NO_DATA;
        return NULL;
    }
    return real(SBEMU_SENTINEL_TEXT, family);
}

EXPORTED int gethostbyname_r(const char* name, struct hostent* host, char* buffer, size_t size,
                             struct hostent** result, int* error) {
    __typeof__(&gethostbyname_r) real = REAL(gethostbyname_r);
    if (real == NULL) return ENOSYS;
    return real(is_aws_name(name) ? SBEMU_SENTINEL_TEXT : name, host, buffer, size, result, error);
}

EXPORTED int gethostbyname2_r(const char* name, int family, struct hostent* host, char* buffer,
                              size_t size, struct hostent** result, int* error) {
    __typeof__(&gethostbyname2_r) real = REAL(gethostbyname2_r);
    if (real == NULL) return ENOSYS;
    if (!is_aws_name(name)) return real(name, family, host, buffer, size, result, error);
    if (family != AF_INET) {
        *result = NULL;
        *error = NO_DATA;
        return 0;
    }
    return real(SBEMU_SENTINEL_TEXT, family, host, buffer, size, result, error);
}

// ---- connections ----

static int is_datagram_socket(int descriptor) {
    const int saved = errno;
    int type = 0;
    socklen_t size = sizeof type;
    const int known = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    errno = saved;
    return known && type == SOCK_DGRAM;
}

// The address to use instead: the one given, the copy when it was changed, or null when the
// connection is refused.
static const struct sockaddr* redirected(int descriptor, const struct sockaddr* address,
                                         socklen_t size, struct sockaddr_storage* copy) {
    if (emulator_port == 0 || address == NULL || size > sizeof *copy) return address;
    memcpy(copy, address, size);
    struct sbemu_endpoint endpoint = sbemu_endpoint_in(copy, size);
    switch (sbemu_decide(&endpoint, emulator_port)) {
        case sbemu_leave:
            return address;
        case sbemu_refuse:
            errno = ECONNREFUSED;
            return NULL;
        case sbemu_to_emulator:
            sbemu_set_loopback(copy, endpoint, endpoint.target);
            break;
        case sbemu_to_name_server:
            if (dns_port == 0 || !is_datagram_socket(descriptor)) return address;
            if (descriptor < REMEMBERED) memcpy(&name_servers[descriptor], address, size);
            sbemu_set_loopback(copy, endpoint, dns_port);
            break;
    }
    return (const struct sockaddr*)copy;
}

EXPORTED int connect(int descriptor, const struct sockaddr* address, socklen_t size) {
    struct sockaddr_storage copy;
    const struct sockaddr* target = redirected(descriptor, address, size, &copy);
    if (target == NULL && address != NULL) return -1;
    return real_connect != NULL ? real_connect(descriptor, target, size)
                                : (int)syscall(SYS_connect, descriptor, target, size);
}

EXPORTED ssize_t sendto(int descriptor, const void* bytes, size_t count, int flags,
                        const struct sockaddr* address, socklen_t size) {
    struct sockaddr_storage copy;
    const struct sockaddr* target = redirected(descriptor, address, size, &copy);
    if (target == NULL && address != NULL) return -1;
    return real_sendto != NULL ? real_sendto(descriptor, bytes, count, flags, target, size)
                               : syscall(SYS_sendto, descriptor, bytes, count, flags, target, size);
}

// c-ares drops answers that do not come from the server it asked (facts/redirect.md 2).
EXPORTED ssize_t recvfrom(int descriptor, void* bytes, size_t count, int flags,
                          struct sockaddr* address, socklen_t* size) {
    const socklen_t room = address != NULL && size != NULL ? *size : 0;
    const ssize_t received =
        real_recvfrom != NULL
            ? real_recvfrom(descriptor, bytes, count, flags, address, size)
            : syscall(SYS_recvfrom, descriptor, bytes, count, flags, address, size);
    if (received < 0 || room == 0 || dns_port == 0) return received;
    if (descriptor < 0 || descriptor >= REMEMBERED) return received;
    const struct sockaddr_storage* server = &name_servers[descriptor];
    const struct sbemu_endpoint from = sbemu_endpoint_in(address, *size < room ? *size : room);
    const int is_ours = from.address != NULL && ntohs(*from.port) == dns_port;
    if (is_ours && server->ss_family == address->sa_family) memcpy(address, server, *size);
    return received;
}

// ---- certificates ----

// Programs that open the system's bundle by its path (libcurl's default) see it with our authority.
static const char* bundle_instead_of(const char* path, const char* mode) {
    if (certificate_bundle[0] == '\0' || path == NULL || mode == NULL || mode[0] != 'r' ||
        strchr(mode, '+') != NULL) {
        return path;
    }
    for (size_t i = 0; i < sizeof kSystemBundles / sizeof *kSystemBundles; ++i) {
        if (strcmp(path, kSystemBundles[i]) == 0) return certificate_bundle;
    }
    return path;
}

EXPORTED FILE* fopen(const char* path, const char* mode) {
    __typeof__(&fopen) real = REAL(fopen);
    return real == NULL ? NULL : real(bundle_instead_of(path, mode), mode);
}

EXPORTED FILE* fopen64(const char* path, const char* mode) {
    __typeof__(&fopen) real = (__typeof__(&fopen))dlsym(RTLD_NEXT, "fopen64");
    if (real == NULL) real = REAL(fopen);  // musl since 1.2.4
    return real == NULL ? NULL : real(bundle_instead_of(path, mode), mode);
}
