/* What is redirected, and to where: shared by the supervisor (C++) and the preloaded library (C),
 * so that both decide alike. Allocates nothing and calls memcpy and memset at most. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* What an AWS name resolves to; connect() to 127.85.0.0/16 is then known to be meant for AWS. */
#define SBEMU_SENTINEL_TEXT "127.85.0.1"
#define SBEMU_SENTINEL 0x7f550001u
#define SBEMU_SENTINEL_NETWORK 0x7f550000u
#define SBEMU_SENTINEL_MASK 0xffff0000u

/* Where EC2 and ECS serve credentials (169.254.169.254, 169.254.170.2): refused at once, or SDKs
 * without credentials wait for seconds. */
#define SBEMU_INSTANCE_METADATA 0xa9fea9feu
#define SBEMU_CONTAINER_METADATA 0xa9feaa02u

/* The variables the preloaded library reads. */
#define SBEMU_PORT_VARIABLE "SBEMU_REDIRECT_PORT"
#define SBEMU_DNS_PORT_VARIABLE "SBEMU_REDIRECT_DNS_PORT"
#define SBEMU_CA_BUNDLE_VARIABLE "SBEMU_REDIRECT_CA_BUNDLE"
/* Names a file whose first eight bytes are an int64_t: the nanoseconds that the emulator's time is
 * ahead of this machine's. */
#define SBEMU_CLOCK_VARIABLE "SBEMU_REDIRECT_CLOCK"

enum sbemu_decision {
    sbemu_leave,          /* none of ours */
    sbemu_refuse,         /* ECONNREFUSED */
    sbemu_to_emulator,    /* to sbemu_endpoint.target on 127.0.0.1 */
    sbemu_to_name_server, /* to the emulator's name server, when the socket is UDP */
};

/* The parts of a sockaddr. IPv4 addresses in IPv6's form (Java) count as IPv4. */
struct sbemu_endpoint {
    uint8_t* address; /* 4 bytes; null for a true IPv6 address or another family */
    in_port_t* port;  /* null for another family */
    uint16_t target;  /* with sbemu_to_emulator: the port to go to */
};

/* Names below AWS's domains. Package managers and everything else must go on working. */
static inline int sbemu_is_aws_name(const char* name, size_t size) {
    static const char* const kSuffixes[] = {".amazonaws.com", ".amazonaws.com.cn", ".api.aws",
                                            ".on.aws"};
    if (size > 0 && name[size - 1] == '.') --size;
    for (size_t i = 0; i < sizeof kSuffixes / sizeof *kSuffixes; ++i) {
        const char* suffix = kSuffixes[i];
        const size_t suffix_size = strlen(suffix);
        if (size <= suffix_size) continue;
        size_t same = 0;
        while (same < suffix_size) {
            char letter = name[size - suffix_size + same];
            if (letter >= 'A' && letter <= 'Z') letter = (char)(letter - 'A' + 'a');
            if (letter != suffix[same]) break;
            ++same;
        }
        if (same == suffix_size) return 1;
    }
    return 0;
}

static inline struct sbemu_endpoint sbemu_endpoint_in(void* bytes, size_t size) {
    struct sbemu_endpoint found = {NULL, NULL, 0};
    if (size < sizeof(sa_family_t)) return found;
    const sa_family_t family = ((struct sockaddr*)bytes)->sa_family;
    if (family == AF_INET && size >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in* address = (struct sockaddr_in*)bytes;
        found.address = (uint8_t*)&address->sin_addr;
        found.port = &address->sin_port;
    } else if (family == AF_INET6 && size >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6* address = (struct sockaddr_in6*)bytes;
        uint8_t* parts = (uint8_t*)&address->sin6_addr;
        static const uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        found.port = &address->sin6_port;
        if (memcmp(parts, kMapped, sizeof kMapped) == 0) found.address = parts + sizeof kMapped;
    }
    return found;
}

/* What is to be done with a connection to, or a datagram for, the sockaddr in bytes. */
static inline enum sbemu_decision sbemu_decide(struct sbemu_endpoint* endpoint,
                                               uint16_t emulator_port) {
    if (endpoint->port == NULL) return sbemu_leave;
    const uint16_t port = ntohs(*endpoint->port);
    if (endpoint->address != NULL) {
        uint32_t ip = 0;
        memcpy(&ip, endpoint->address, sizeof ip);
        ip = ntohl(ip);
        if (ip == SBEMU_INSTANCE_METADATA || ip == SBEMU_CONTAINER_METADATA) return sbemu_refuse;
        if ((ip & SBEMU_SENTINEL_MASK) == SBEMU_SENTINEL_NETWORK) {
            endpoint->target = port == 443 || port == 80 ? emulator_port : port;
            return sbemu_to_emulator;
        }
    }
    return port == 53 ? sbemu_to_name_server : sbemu_leave;
}

/* Makes the sockaddr that endpoint was found in say 127.0.0.1 (in IPv6's form when its family is
 * IPv6) and the port. */
static inline void sbemu_set_loopback(void* bytes, struct sbemu_endpoint endpoint, uint16_t port) {
    static const uint8_t kMappedLoopback[16] = {0, 0, 0,    0,    0,   0, 0, 0,
                                                0, 0, 0xff, 0xff, 127, 0, 0, 1};
    if (((struct sockaddr*)bytes)->sa_family == AF_INET6) {
        memcpy(&((struct sockaddr_in6*)bytes)->sin6_addr, kMappedLoopback, sizeof kMappedLoopback);
    } else {
        memcpy(endpoint.address, kMappedLoopback + 12, 4);
    }
    *endpoint.port = htons(port);
}
