// What a static program does: `probe connect ADDRESS PORT` says whether it could connect and what
// an HTTP request answered; `probe resolve connect|sendto SERVER NAME TYPE` asks a name server.
#define _GNU_SOURCE  // TEMP_FAILURE_RETRY
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static socklen_t parse(const char* text, int port, struct sockaddr_storage* address) {
    memset(address, 0, sizeof *address);
    struct sockaddr_in6* version_6 = (struct sockaddr_in6*)address;
    struct sockaddr_in* version_4 = (struct sockaddr_in*)address;
    if (strchr(text, ':') != NULL) {
        version_6->sin6_family = AF_INET6;
        version_6->sin6_port = htons((uint16_t)port);
        inet_pton(AF_INET6, text, &version_6->sin6_addr);
        return sizeof *version_6;
    }
    version_4->sin_family = AF_INET;
    version_4->sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, text, &version_4->sin_addr);
    return sizeof *version_4;
}

static int connect_to(const char* text, int port) {
    struct sockaddr_storage address;
    const socklen_t size = parse(text, port, &address);
    const int connection = socket(address.ss_family, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr*)&address, size) != 0) {
        printf("%s\n", strerror(errno));
        return 1;
    }
    static const char request[] = "GET / HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";
    if (write(connection, request, sizeof request - 1) < 0) return 1;
    char part[4096];
    ssize_t count = 0;
    while ((count = read(connection, part, sizeof part)) > 0)
        fwrite(part, 1, (size_t)count, stdout);
    return 0;
}

static int resolve(int by_connect, const char* server, const char* name, int type) {
    unsigned char message[512] = {0x12, 0x34, 1, 0, 0, 1};
    size_t size = 12;
    for (const char* label = name; *label != '\0';) {
        const size_t count = strcspn(label, ".");
        message[size++] = (unsigned char)count;
        memcpy(message + size, label, count);
        size += count;
        label += count + (label[count] == '.');
    }
    size += 2;
    message[size++] = (unsigned char)type;
    size += 1;
    message[size++] = 1;
    struct sockaddr_storage address;
    const socklen_t address_size = parse(server, 53, &address);
    const int connection = socket(address.ss_family, SOCK_DGRAM, 0);
    const struct timeval patience = {2, 0};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ssize_t sent = 0;
    if (by_connect) {
        if (connect(connection, (struct sockaddr*)&address, address_size) != 0) return 1;
        sent = send(connection, message, size, 0);
    } else {
        sent = sendto(connection, message, size, 0, (struct sockaddr*)&address, address_size);
    }
    if (sent < 0) return 1;
    // A machine that stands still for a moment interrupts what has a time limit (signal(7)).
    const ssize_t count = TEMP_FAILURE_RETRY(recv(connection, message, sizeof message, 0));
    if (count < 12 || message[0] != 0x12 || message[1] != 0x34) return 1;
    printf("code %d answers %d", message[3] & 15, message[7]);
    const unsigned char* last = message + count - 4;
    if (message[7] > 0) printf(" %d.%d.%d.%d", last[0], last[1], last[2], last[3]);
    printf("\n");
    return 0;
}

int main(int count, char** arguments) {
    if (count == 4 && strcmp(arguments[1], "connect") == 0) {
        return connect_to(arguments[2], atoi(arguments[3]));
    }
    if (count == 6 && strcmp(arguments[1], "resolve") == 0) {
        return resolve(strcmp(arguments[2], "connect") == 0, arguments[3], arguments[4],
                       atoi(arguments[5]));
    }
    return 2;
}
