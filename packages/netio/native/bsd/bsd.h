/* What the files of the BSDs and macOS share. */
#ifndef BSD_H
#define BSD_H

#include "../netio.h"

void register_bpf(napi_env env, napi_value exports);
void register_bsd_udp(napi_env env, napi_value exports);
void register_layout(napi_env env, napi_value exports);
void register_routing(napi_env env, napi_value exports);

#endif
