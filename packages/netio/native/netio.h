/* What the parts of the addon share: argument access and the layout of the tables that describe batches.
 *
 * Every function gives a number of at least 0, or a negative errno; TypeScript makes the Error. What kernels do in ways of
 * their own is in the folders `linux` and `bsd`, of which one is compiled; macOS is a BSD here. */
#ifndef NETIO_H
#define NETIO_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* One received datagram in the Int32Array that the caller passes (RECEIVED in src/native.ts). */
enum { R_OFFSET, R_LENGTH, R_IFINDEX, R_FLAGS, R_AGE_MICROS, R_SOURCE_PORT, R_STRIDE };

/* Bits of R_FLAGS (FLAG in src/native.ts). */
enum { F_TRUNCATED = 1, F_CHECKSUM_SETTLED = 2, F_VLAN = 4, F_OTHER_HOST = 8, F_EXTENSIONS = 16 };

/* One datagram to send (OUTGOING in src/native.ts). */
enum { S_OFFSET, S_LENGTH, S_IFINDEX, S_PORT, S_STRIDE };

/* The IPv6 header (RFC 8200, 3), and the longest payload that the ring takes: together the least MTU of IPv6. */
enum { IPV6_HEADER = 40, PAYLOAD_LENGTH = 4, NEXT_HEADER = 6, LONGEST_IN_RING = 1280 - IPV6_HEADER };

/* Messages per recvmmsg or sendmmsg. */
enum { MESSAGES = 64 };

struct bytes {
  uint8_t *data;
  size_t length;
};

/* Fills `argv` with exactly `count` arguments; false, with a TypeError pending, when there are fewer. */
bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *argv);
int32_t int_of(napi_env env, napi_value value);
struct bytes bytes_of(napi_env env, napi_value value);
/* An Int32Array; `length` counts its elements. */
int32_t *ints_of(napi_env env, napi_value value, size_t *length);
napi_value number(napi_env env, int64_t value);
/* -errno as it stands now. */
napi_value failure(napi_env env);
/* `failure`, after closing `fd`. */
napi_value failure_closing(napi_env env, int fd);
/* Microseconds since the time of day `seconds`.`nanoseconds`; 0 when the clock was set in between. */
int32_t age_micros(int64_t seconds, int64_t nanoseconds);
/* Whether the row of OUTGOING lies inside `buffer`, with `headroom` bytes before it. */
bool fits(const int32_t *row, struct bytes buffer, size_t headroom);
/* Closed in programs that we start, and never waiting. */
int open_socket(int family, int type, int protocol);
int switch_on(int fd, int level, int option);

void register_file(napi_env env, napi_value exports);
void register_poll(napi_env env, napi_value exports);
void register_socket(napi_env env, napi_value exports);
void register_udp(napi_env env, napi_value exports);
void export_function(napi_env env, napi_value exports, const char *name, napi_callback function);

/* The rest is each kernel's own. */

/* Its functions for JavaScript. */
void register_kernel(napi_env env, napi_value exports);
/* As large as the kernel lets it be, up to `size`. @param option SO_RCVBUF or SO_SNDBUF */
void grow_buffer(int fd, int option, int size);
/* What a socket of openUdp4 and openUdp6 in udp.c is told before it is bound. Give 0, or -1 with errno set. */
int set_up_udp4(int fd);
int set_up_udp6(int fd, const char *interface, bool beside_ring);
/* Reads what udp.c does not know from one part of a message's control data. @param destination with `size` bytes */
void read_control_part(const struct cmsghdr *part, int32_t *row, uint8_t *destination, size_t size);
/* Says where an IPv4 message comes from and which interface it leaves by, as far as the kernel lets us. */
void write_source4(struct msghdr *message, const uint8_t *source, int32_t ifindex);
/* The control data that `write_source4` and udp.c write. */
void write_control(struct msghdr *message, int level, int type, const void *data, size_t length);

#ifdef __APPLE__
struct mmsghdr {
  struct msghdr msg_hdr;
  unsigned msg_len;
};
struct timespec;
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
#endif

#endif
