/* Kernel UDP sockets that tell which interface and address a datagram came in on, in batches. */
#include "netio.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* openUdp(address, port): bound to that one address. */
static napi_value open_udp(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  if (!arguments(env, info, 2, argv)) return NULL;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return failure(env);
  /* IP_PMTUDISC_INTERFACE: too long for the interface is an error, never a fragment; forged "fragmentation needed" messages
   * do not count. */
  int on = 1, interface_mtu = IP_PMTUDISC_INTERFACE;
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)int_of(env, argv[1])),
                                .sin_addr.s_addr = htonl((uint32_t)int_of(env, argv[0]))};
  if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) != 0 ||
      setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &interface_mtu, sizeof interface_mtu) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return failure_closing(env, fd);
  grow_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, 16 << 20);
  grow_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, 4 << 20);
  return number(env, fd);
}

static void read_control(struct msghdr *message, int32_t *row) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo packet;
      memcpy(&packet, CMSG_DATA(part), sizeof packet);
      row[R_IFINDEX] = packet.ipi_ifindex;
      row[R_DESTINATION] = (int32_t)ntohl(packet.ipi_addr.s_addr);
    } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(part), sizeof time);
      row[R_AGE_MICROS] = age_micros(time.tv_sec, time.tv_nsec);
    }
  }
}

/* receiveUdp(fd, buffer, start, slot, received, limit): up to 64 datagrams, one each `slot` bytes from `start` on. */
static napi_value receive_udp(napi_env env, napi_callback_info info) {
  napi_value argv[6];
  if (!arguments(env, info, 6, argv)) return NULL;
  struct bytes buffer = bytes_of(env, argv[1]);
  int32_t start = int_of(env, argv[2]), slot = int_of(env, argv[3]), limit = int_of(env, argv[5]);
  size_t room;
  int32_t *row = ints_of(env, argv[4], &room);
  if (limit > MESSAGES) limit = MESSAGES;
  if (row == NULL || start < 0 || slot < 1 || limit < 1 || (size_t)limit > room / R_STRIDE ||
      (int64_t)start + (int64_t)slot * limit > (int64_t)buffer.length)
    return number(env, -EINVAL);
  struct mmsghdr messages[MESSAGES];
  struct iovec parts[MESSAGES];
  struct sockaddr_in sources[MESSAGES];
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(struct timespec))];
    struct cmsghdr alignment;
  } control[MESSAGES];
  for (int32_t i = 0; i < limit; i++) {
    parts[i] = (struct iovec){buffer.data + start + (size_t)slot * (size_t)i, (size_t)slot};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &sources[i],
                                          .msg_namelen = sizeof sources[i],
                                          .msg_iov = &parts[i],
                                          .msg_iovlen = 1,
                                          .msg_control = control[i].bytes,
                                          .msg_controllen = sizeof control[i].bytes};
  }
  int count = recvmmsg(int_of(env, argv[0]), messages, (unsigned)limit, MSG_DONTWAIT, NULL);
  if (count < 0) return errno == EAGAIN ? number(env, 0) : failure(env);
  for (int i = 0; i < count; i++, row += R_STRIDE) {
    memset(row, 0, sizeof *row * R_STRIDE);
    row[R_OFFSET] = start + slot * i;
    row[R_LENGTH] = (int32_t)messages[i].msg_len;
    row[R_FLAGS] = messages[i].msg_hdr.msg_flags & MSG_TRUNC ? F_TRUNCATED : 0;
    row[R_SOURCE] = (int32_t)ntohl(sources[i].sin_addr.s_addr);
    row[R_SOURCE_PORT] = ntohs(sources[i].sin_port);
    read_control(&messages[i].msg_hdr, row);
  }
  return number(env, count);
}

/* sendUdp(fd, buffer, outgoing, from, count): how many went, or the error of the first. */
static napi_value send_udp(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  if (!arguments(env, info, 5, argv)) return NULL;
  struct bytes buffer = bytes_of(env, argv[1]);
  size_t room;
  int32_t *rows = ints_of(env, argv[2], &room);
  int32_t from = int_of(env, argv[3]), count = int_of(env, argv[4]);
  if (rows == NULL || from < 0 || count < 1 || (size_t)from + (size_t)count > room / S_STRIDE) return number(env, -EINVAL);
  if (count > MESSAGES) count = MESSAGES;
  struct mmsghdr messages[MESSAGES];
  struct iovec parts[MESSAGES];
  struct sockaddr_in addresses[MESSAGES];
  union {
    char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct cmsghdr alignment;
  } control[MESSAGES];
  for (int32_t i = 0; i < count; i++) {
    const int32_t *row = rows + (size_t)(from + i) * S_STRIDE;
    if (!fits(row, buffer, 0)) return number(env, -EINVAL);
    parts[i] = (struct iovec){buffer.data + row[S_OFFSET], (size_t)row[S_LENGTH]};
    addresses[i] = (struct sockaddr_in){.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)row[S_PORT]),
                                        .sin_addr.s_addr = htonl((uint32_t)row[S_DESTINATION])};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &addresses[i],
                                          .msg_namelen = sizeof addresses[i],
                                          .msg_iov = &parts[i],
                                          .msg_iovlen = 1,
                                          .msg_control = control[i].bytes,
                                          .msg_controllen = sizeof control[i].bytes};
    struct in_pktinfo packet = {.ipi_ifindex = row[S_IFINDEX], .ipi_spec_dst.s_addr = htonl((uint32_t)row[S_SOURCE])};
    struct cmsghdr *part = CMSG_FIRSTHDR(&messages[i].msg_hdr);
    part->cmsg_level = IPPROTO_IP;
    part->cmsg_type = IP_PKTINFO;
    part->cmsg_len = CMSG_LEN(sizeof packet);
    memcpy(CMSG_DATA(part), &packet, sizeof packet);
  }
  int sent = sendmmsg(int_of(env, argv[0]), messages, (unsigned)count, MSG_DONTWAIT);
  return sent < 0 ? failure(env) : number(env, sent);
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

void register_udp(napi_env env, napi_value exports) {
  export_function(env, exports, "openUdp", open_udp);
  export_function(env, exports, "receiveUdp", receive_udp);
  export_function(env, exports, "sendUdp", send_udp);
  export_function(env, exports, "udpDrops", udp_drops);
}
