/* The addon's entry point. */
#include "netio.h"

NAPI_MODULE_INIT() {
  register_file(env, exports);
  register_kernel(env, exports);
  register_poll(env, exports);
  register_socket(env, exports);
  register_udp(env, exports);
  return exports;
}
