/* The part of the BSDs and of macOS in the UDP sockets: what they are told, and what they tell of a datagram. */
#include "bsd.h"

#include <errno.h>
#include <sys/types.h>
#include <net/if_dl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

void grow_buffer(int fd, int option, int size) {
  /* The kernel refuses what is more than kern.ipc.maxsockbuf. */
  while (setsockopt(fd, SOL_SOCKET, option, &size, sizeof size) != 0 && size > 64 << 10) size /= 2;
}

int set_up_udp4(int fd) {
#ifdef IP_DONTFRAG
  /* Too long for the interface is an error, never a fragment. */
  if (switch_on(fd, IPPROTO_IP, IP_DONTFRAG) != 0) return -1;
#endif
  if (switch_on(fd, IPPROTO_IP, IP_RECVDSTADDR) != 0 || switch_on(fd, IPPROTO_IP, IP_RECVIF) != 0) return -1;
  return switch_on(fd, SOL_SOCKET, SO_TIMESTAMP);
}

/* No socket of one interface can be had, and none with a filter: with `beside_ring` the kernel tells which datagrams have
 * headers in between, as BPF leaves those to us. */
int set_up_udp6(int fd, const char *interface, bool beside_ring) {
  (void)interface;
  if (beside_ring && (switch_on(fd, IPPROTO_IPV6, IPV6_RECVHOPOPTS) != 0 || switch_on(fd, IPPROTO_IPV6, IPV6_RECVDSTOPTS) != 0 ||
                      switch_on(fd, IPPROTO_IPV6, IPV6_RECVRTHDR) != 0))
    return -1;
  return switch_on(fd, SOL_SOCKET, SO_TIMESTAMP);
}

void read_control_part(const struct cmsghdr *part, int32_t *row, uint8_t *destination, size_t size) {
  if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMP) {
    struct timeval time;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    row[R_AGE_MICROS] = age_micros(time.tv_sec, (int64_t)time.tv_usec * 1000);
  } else if (part->cmsg_level == IPPROTO_IPV6) {
    if (part->cmsg_type == IPV6_HOPOPTS || part->cmsg_type == IPV6_DSTOPTS || part->cmsg_type == IPV6_RTHDR)
      row[R_FLAGS] |= F_EXTENSIONS;
  } else if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVDSTADDR && size == sizeof(struct in_addr)) {
    memcpy(destination, CMSG_DATA(part), size);
  } else if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVIF) {
    uint16_t index;
    memcpy(&index, CMSG_DATA(part) + offsetof(struct sockaddr_dl, sdl_index), sizeof index);
    row[R_IFINDEX] = index;
  }
}

/* The socket is bound to the source; the interface is for the kernel's routes to say. */
void write_source4(struct msghdr *message, const uint8_t *source, int32_t ifindex) {
  (void)source, (void)ifindex;
  message->msg_control = NULL;
  message->msg_controllen = 0;
}

#ifdef __APPLE__
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout) {
  (void)timeout;
  for (unsigned i = 0; i < count; i++) {
    ssize_t length = recvmsg(fd, &messages[i].msg_hdr, flags);
    if (length < 0) return i > 0 ? (int)i : -1;
    messages[i].msg_len = (unsigned)length;
  }
  return (int)count;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
  for (unsigned i = 0; i < count; i++) {
    ssize_t length = sendmsg(fd, &messages[i].msg_hdr, flags);
    if (length < 0) return i > 0 ? (int)i : -1;
    messages[i].msg_len = (unsigned)length;
  }
  return (int)count;
}
#endif

/* holdPort(port): binds 0.0.0.0:port, so that the kernel answers nothing with "port unreachable". What comes is dropped once
 * the smallest of buffers is full. No SO_REUSEADDR: another server on the port is to be noticed. */
static napi_value hold_port(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int smallest = 1;
  if (!arguments(env, info, 1, argv)) return NULL;
  int fd = open_socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return failure(env);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)int_of(env, argv[0]))};
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return failure_closing(env, fd);
  return number(env, fd);
}

/* openIcmp(): for `sendUdp` and read(2); what comes are all ICMP messages, with their IP headers. */
static napi_value open_icmp(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = open_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  return fd < 0 ? failure(env) : number(env, fd);
}

/* udpDrops(fd): no such kernel counts for a socket. */
static napi_value udp_drops(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, -EOPNOTSUPP);
}

/* openNetlink(groups): the next hop of a delegated prefix cannot be told to these kernels yet. */
static napi_value open_netlink(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, -ENOSYS);
}

void register_bsd_udp(napi_env env, napi_value exports) {
  export_function(env, exports, "holdPort", hold_port);
  export_function(env, exports, "openIcmp", open_icmp);
  export_function(env, exports, "openNetlink", open_netlink);
  export_function(env, exports, "udpDrops", udp_drops);
}
