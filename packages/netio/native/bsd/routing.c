/* Interfaces and addresses, as the routing tables of the kernel have them; route(4), sysctl(3). JavaScript reads the messages. */
#include "bsd.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#ifdef __FreeBSD__
#include <net/if_var.h>
#endif
#include <net/route.h>
#include <netinet6/in6_var.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysctl.h>
#include <unistd.h>

/* openRouting(): a socket that tells what changes. */
static napi_value open_routing(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = open_socket(PF_ROUTE, SOCK_RAW, 0);
  return fd < 0 ? failure(env) : number(env, fd);
}

/* listInterfaces(): the messages RTM_IFINFO and RTM_NEWADDR of all that there is, in a Buffer; or a negative errno. */
static napi_value list_interfaces(napi_env env, napi_callback_info info) {
  (void)info;
  int name[] = {CTL_NET, PF_ROUTE, 0, 0, NET_RT_IFLIST, 0};
  for (;;) {
    size_t length = 0;
    if (sysctl(name, 6, NULL, &length, NULL, 0) != 0) return failure(env);
    /* There may be more by the time of the second call. */
    length += length / 4 + 1024;
    void *messages = malloc(length);
    if (messages == NULL) return number(env, -ENOMEM);
    if (sysctl(name, 6, messages, &length, NULL, 0) == 0) {
      napi_value buffer = NULL;
      napi_create_buffer_copy(env, length, messages, NULL, &buffer);
      free(messages);
      return buffer;
    }
    int error = errno;
    free(messages);
    if (error != ENOMEM) return number(env, -error);
  }
}

/* isTentative6(interface, address): 1 while duplicate address detection goes on, and once it has found a duplicate. */
static napi_value is_tentative6(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  struct in6_ifreq request;
  memset(&request, 0, sizeof request);
  if (!arguments(env, info, 2, argv)) return NULL;
  napi_get_value_string_utf8(env, argv[0], request.ifr_name, sizeof request.ifr_name, NULL);
  struct bytes address = bytes_of(env, argv[1]);
  if (address.length != sizeof request.ifr_addr.sin6_addr) return number(env, -EINVAL);
  request.ifr_addr.sin6_family = AF_INET6;
  request.ifr_addr.sin6_len = sizeof request.ifr_addr;
  memcpy(&request.ifr_addr.sin6_addr, address.data, address.length);
  if (IN6_IS_ADDR_LINKLOCAL(&request.ifr_addr.sin6_addr)) request.ifr_addr.sin6_scope_id = if_nametoindex(request.ifr_name);
  int fd = open_socket(AF_INET6, SOCK_DGRAM, 0);
  if (fd < 0) return failure(env);
  if (ioctl(fd, SIOCGIFAFLAG_IN6, &request) != 0) return failure_closing(env, fd);
  close(fd);
  return number(env, (request.ifr_ifru.ifru_flags6 & (IN6_IFF_TENTATIVE | IN6_IFF_DUPLICATED)) != 0);
}

void register_routing(napi_env env, napi_value exports) {
  export_function(env, exports, "openRouting", open_routing);
  export_function(env, exports, "listInterfaces", list_interfaces);
  export_function(env, exports, "isTentative6", is_tentative6);
}
