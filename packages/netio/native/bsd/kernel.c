/* The BSDs' and macOS' functions for JavaScript. */
#include "bsd.h"

void register_kernel(napi_env env, napi_value exports) {
  register_bpf(env, exports);
  register_bsd_udp(env, exports);
  register_layout(env, exports);
  register_routing(env, exports);
}
