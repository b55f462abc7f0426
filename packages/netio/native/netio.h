/* What the parts of the addon share: argument access and the layout of the tables that describe batches.
 *
 * Every function gives a number of at least 0, or a negative errno; TypeScript makes the Error. */
#ifndef NETIO_H
#define NETIO_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One received datagram in the Int32Array that the caller passes (RECEIVED in src/native.ts). */
enum { R_OFFSET, R_LENGTH, R_IFINDEX, R_FLAGS, R_AGE_MICROS, R_SOURCE_PORT, R_STRIDE };

/* Bits of R_FLAGS (FLAG in src/native.ts). */
enum { F_TRUNCATED = 1, F_CHECKSUM_SETTLED = 2, F_VLAN = 4, F_OTHER_HOST = 8 };

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
void grow_buffer(int fd, int force, int plain, int size);

void register_file(napi_env env, napi_value exports);
void register_packet(napi_env env, napi_value exports);
void register_poll(napi_env env, napi_value exports);
void register_socket(napi_env env, napi_value exports);
void register_udp(napi_env env, napi_value exports);
void export_function(napi_env env, napi_value exports, const char *name, napi_callback function);

#endif
