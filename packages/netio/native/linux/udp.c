/* Linux's part of the UDP sockets: what they are told, and what they tell of a datagram. */
#include "linux.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

void grow_buffer(int fd, int option, int size) {
  /* The forced size needs CAP_NET_ADMIN; the plain one is cut to rmem_max or wmem_max without an error. */
  int force = option == SO_RCVBUF ? SO_RCVBUFFORCE : SO_SNDBUFFORCE;
  if (setsockopt(fd, SOL_SOCKET, force, &size, sizeof size) != 0) setsockopt(fd, SOL_SOCKET, option, &size, sizeof size);
}

int attach_filter(int fd, struct sock_filter *code, unsigned short length) {
  struct sock_fprog program = {length, code};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int set_up_udp4(int fd) {
  /* IP_PMTUDISC_INTERFACE: too long for the interface is an error, never a fragment; forged "fragmentation needed" messages
   * do not count. */
  int interface_mtu = IP_PMTUDISC_INTERFACE;
  if (switch_on(fd, IPPROTO_IP, IP_PKTINFO) != 0 || switch_on(fd, SOL_SOCKET, SO_TIMESTAMPNS) != 0) return -1;
  return setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &interface_mtu, sizeof interface_mtu);
}

/* Takes what the ring of packet.c does not: datagrams that are longer or that have headers in between. One that came in
 * fragments is of that kind: nobody has reason to fragment what is no longer than the least MTU (RFC 8200, 5), and the kernel
 * leaves the header of a lone fragment in place. */
static int attach_rest_filter(int fd) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + NEXT_HEADER),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 2),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, SKF_NET_OFF + PAYLOAD_LENGTH),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LONGEST_IN_RING, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0x40000),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  return attach_filter(fd, code, sizeof code / sizeof code[0]);
}

int set_up_udp6(int fd, const char *interface, bool beside_ring) {
  if (beside_ring && attach_rest_filter(fd) != 0) return -1;
  if (switch_on(fd, SOL_SOCKET, SO_TIMESTAMPNS) != 0) return -1;
  return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface));
}

void read_control_part(const struct cmsghdr *part, int32_t *row, uint8_t *destination, size_t size) {
  if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO && size == sizeof(struct in_addr)) {
    struct in_pktinfo packet;
    memcpy(&packet, CMSG_DATA(part), sizeof packet);
    row[R_IFINDEX] = packet.ipi_ifindex;
    memcpy(destination, &packet.ipi_addr, size);
  } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
    struct timespec time;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    row[R_AGE_MICROS] = age_micros(time.tv_sec, time.tv_nsec);
  }
}

void write_source4(struct msghdr *message, const uint8_t *source, int32_t ifindex) {
  struct in_pktinfo packet = {.ipi_ifindex = ifindex};
  memcpy(&packet.ipi_spec_dst, source, sizeof packet.ipi_spec_dst);
  write_control(message, IPPROTO_IP, IP_PKTINFO, &packet, sizeof packet);
}

/* udpDrops(fd): datagrams that found the receive buffer full since the socket was opened. */
static napi_value udp_drops(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  socklen_t length = sizeof memory;
  if (getsockopt(int_of(env, argv[0]), SOL_SOCKET, SO_MEMINFO, memory, &length) != 0) return failure(env);
  return number(env, memory[SK_MEMINFO_DROPS]);
}

void register_linux_udp(napi_env env, napi_value exports) {
  export_function(env, exports, "udpDrops", udp_drops);
}
