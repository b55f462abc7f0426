/* Sockets of Linux that Node has no words for: rtnetlink, ICMP, ARP, and one that holds a UDP port and drops all. */
#include "../netio.h"
#include "linux.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <unistd.h>

/* openNetlink(groups): an rtnetlink socket. With groups it listens for changes and never blocks; with 0 it is for dumps,
 * which the kernel writes while it is read. */
static napi_value open_netlink(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  uint32_t groups = (uint32_t)int_of(env, argv[0]);
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | (groups != 0 ? SOCK_NONBLOCK : 0), NETLINK_ROUTE);
  if (fd < 0) return failure(env);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return failure_closing(env, fd);
  return number(env, fd);
}

/* holdPort(port, interface): binds 0.0.0.0:port on the interface and drops what comes, so that the kernel answers nothing
 * with "port unreachable". No SO_REUSEADDR: another server on the port is to be noticed. */
static napi_value hold_port(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  char name[32];
  size_t length = 0;
  if (!arguments(env, info, 2, argv)) return NULL;
  napi_get_value_string_utf8(env, argv[1], name, sizeof name, &length);
  int fd = open_socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return failure(env);
  struct sock_filter drop[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  struct sock_fprog program = {1, drop};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)int_of(env, argv[0]))};
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)length) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return failure_closing(env, fd);
  return number(env, fd);
}

/* openIcmp(): for `sendUdp` and read(2); what comes are echo replies and "unreachable", with their IP headers. */
static napi_value open_icmp(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = open_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (fd < 0) return failure(env);
  struct icmp_filter filter = {~(1U << ICMP_ECHOREPLY | 1U << ICMP_DEST_UNREACH)};
  if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter) != 0) return failure_closing(env, fd);
  return number(env, fd);
}

/* openArp(ifindex): for read(2) and write(2) of whole ARP frames on that interface. */
static napi_value open_arp(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  /* Protocol 0 receives nothing: no frame of another interface comes before it is bound. */
  int fd = open_socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) return failure(env);
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP), .sll_ifindex = int_of(env, argv[0])};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return failure_closing(env, fd);
  return number(env, fd);
}

void register_linux_socket(napi_env env, napi_value exports) {
  export_function(env, exports, "openNetlink", open_netlink);
  export_function(env, exports, "holdPort", hold_port);
  export_function(env, exports, "openIcmp", open_icmp);
  export_function(env, exports, "openArp", open_arp);
}
