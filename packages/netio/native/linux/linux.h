/* What the files of Linux share. */
#ifndef LINUX_H
#define LINUX_H

#include "../netio.h"

#include <linux/filter.h>

int attach_filter(int fd, struct sock_filter *code, unsigned short length);
void register_linux_socket(napi_env env, napi_value exports);
void register_linux_udp(napi_env env, napi_value exports);
void register_packet_socket(napi_env env, napi_value exports);
void register_slices(napi_env env, napi_value exports);

#endif
