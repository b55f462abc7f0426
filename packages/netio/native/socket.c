/* AF_UNIX datagrams, which Node cannot send. */
#include "netio.h"

#include <errno.h>
#include <string.h>
#include <sys/un.h>

/* sendUnix(path, bytes): one AF_UNIX datagram; a path that starts with NUL is an abstract name. */
static napi_value send_unix(napi_env env, napi_callback_info info) {
  static int fd = -1;
  napi_value argv[2];
  if (!arguments(env, info, 2, argv)) return NULL;
  struct bytes path = bytes_of(env, argv[0]), payload = bytes_of(env, argv[1]);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (path.length < 1 || path.length >= sizeof address.sun_path) return number(env, -ENAMETOOLONG);
  memcpy(address.sun_path, path.data, path.length);
  /* A name in the file system ends with NUL, an abstract one with its length. */
  size_t length = offsetof(struct sockaddr_un, sun_path) + path.length + (path.data[0] != 0);
  if (fd < 0 && (fd = open_socket(AF_UNIX, SOCK_DGRAM, 0)) < 0) return failure(env);
  ssize_t sent = sendto(fd, payload.data, payload.length, 0, (struct sockaddr *)&address, (socklen_t)length);
  return sent < 0 ? failure(env) : number(env, sent);
}

void register_socket(napi_env env, napi_value exports) {
  export_function(env, exports, "sendUnix", send_unix);
}
