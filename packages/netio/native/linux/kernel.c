/* Linux's functions for JavaScript. */
#include "linux.h"

void register_kernel(napi_env env, napi_value exports) {
  register_linux_socket(env, exports);
  register_linux_udp(env, exports);
  register_packet_socket(env, exports);
  register_slices(env, exports);
}
