/* What the parts of the addon share. */
#include "netio.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *argv) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, argv, NULL, NULL) == napi_ok && given >= count) return true;
  napi_throw_type_error(env, NULL, "netio: too few arguments");
  return false;
}

int32_t int_of(napi_env env, napi_value value) {
  int32_t result = 0;
  napi_get_value_int32(env, value, &result);
  return result;
}

struct bytes bytes_of(napi_env env, napi_value value) {
  void *data = NULL;
  struct bytes result = {NULL, 0};
  if (napi_get_buffer_info(env, value, &data, &result.length) == napi_ok) result.data = data;
  return result;
}

int32_t *ints_of(napi_env env, napi_value value, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  *length = 0;
  if (napi_get_typedarray_info(env, value, &type, length, &data, NULL, NULL) == napi_ok && type == napi_int32_array) return data;
  *length = 0;
  return NULL;
}

napi_value number(napi_env env, int64_t value) {
  napi_value result = NULL;
  napi_create_int64(env, value, &result);
  return result;
}

napi_value failure(napi_env env) { return number(env, -errno); }

napi_value failure_closing(napi_env env, int fd) {
  int error = errno;
  close(fd);
  return number(env, -error);
}

int32_t age_micros(int64_t seconds, int64_t nanoseconds) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  int64_t age = (now.tv_sec - seconds) * 1000000 + (now.tv_nsec - nanoseconds) / 1000;
  /* Nothing waits in a socket for a minute while the process runs: the clock jumped. */
  return age < 0 || age > 60000000 ? 0 : (int32_t)age;
}

bool fits(const int32_t *row, struct bytes buffer, size_t headroom) {
  int64_t offset = row[S_OFFSET], length = row[S_LENGTH];
  return offset >= (int64_t)headroom && length >= 0 && offset + length <= (int64_t)buffer.length;
}

int open_socket(int family, int type, int protocol) {
#ifdef SOCK_CLOEXEC
  return socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
#else
  int fd = socket(family, type, protocol);
  if (fd < 0 || (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0)) return fd;
  close(fd);
  return -1;
#endif
}

int switch_on(int fd, int level, int option) {
  int on = 1;
  return setsockopt(fd, level, option, &on, sizeof on);
}

void export_function(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value) == napi_ok)
    napi_set_named_property(env, exports, name, value);
}
