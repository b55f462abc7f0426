/* Kernel UDP sockets of both families that tell which interface and address a datagram came in on, in batches.
 *
 * The addresses of a datagram stand in the bytes before its payload: source, then destination, each of `size` bytes: 4 or 16. */
#include "netio.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SIZE4 = sizeof(struct in_addr), SIZE6 = sizeof(struct in6_addr) };

/* For what any kernel says of one datagram. */
enum { CONTROL_ROOM = 160 };

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static napi_value opened(napi_env env, int fd) {
  grow_buffer(fd, SO_RCVBUF, 16 << 20);
  grow_buffer(fd, SO_SNDBUF, 4 << 20);
  return number(env, fd);
}

/* openUdp4(address, port): bound to that one address. */
static napi_value open_udp(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  if (!arguments(env, info, 2, argv)) return NULL;
  int fd = open_socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return failure(env);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)int_of(env, argv[1])),
                                .sin_addr.s_addr = htonl((uint32_t)int_of(env, argv[0]))};
  if (set_up_udp4(fd) != 0 || switch_on(fd, SOL_SOCKET, SO_BROADCAST) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return failure_closing(env, fd);
  return opened(env, fd);
}

/* openUdp6(address, port, interface, besideRing): bound to that address, which may be ::, on that one interface where the
 * kernel can bind to one. No SO_REUSEADDR: another server on the port is to be noticed. */
static napi_value open_udp6(napi_env env, napi_callback_info info) {
  napi_value argv[4];
  char name[32] = "";
  bool beside_ring = false;
  if (!arguments(env, info, 4, argv)) return NULL;
  napi_get_value_bool(env, argv[3], &beside_ring);
  struct bytes ip = bytes_of(env, argv[0]);
  napi_get_value_string_utf8(env, argv[2], name, sizeof name, NULL);
  if (ip.data == NULL || ip.length != SIZE6) return number(env, -EINVAL);
  int fd = open_socket(AF_INET6, SOCK_DGRAM, 0);
  if (fd < 0) return failure(env);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)int_of(env, argv[1]))};
  memcpy(&address.sin6_addr, ip.data, SIZE6);
  if (switch_on(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 0 || switch_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO) != 0 ||
      set_up_udp6(fd, name, beside_ring) != 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return failure_closing(env, fd);
  return opened(env, fd);
}

static napi_value change_membership(napi_env env, napi_callback_info info, int option) {
  napi_value argv[3];
  if (!arguments(env, info, 3, argv)) return NULL;
  struct bytes group = bytes_of(env, argv[1]);
  if (group.data == NULL || group.length != SIZE6) return number(env, -EINVAL);
  struct ipv6_mreq request = {.ipv6mr_interface = (unsigned)int_of(env, argv[2])};
  memcpy(&request.ipv6mr_multiaddr, group.data, SIZE6);
  return setsockopt(int_of(env, argv[0]), IPPROTO_IPV6, option, &request, sizeof request) != 0 ? failure(env) : number(env, 0);
}

/* joinGroup(fd, group, ifindex) and leaveGroup: IPv6. */
static napi_value join_group(napi_env env, napi_callback_info info) {
  return change_membership(env, info, IPV6_JOIN_GROUP);
}

static napi_value leave_group(napi_env env, napi_callback_info info) {
  return change_membership(env, info, IPV6_LEAVE_GROUP);
}

static void read_control(struct msghdr *message, int32_t *row, uint8_t *destination, int32_t size) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
    if (size == SIZE6 && part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo packet;
      memcpy(&packet, CMSG_DATA(part), sizeof packet);
      row[R_IFINDEX] = (int32_t)packet.ipi6_ifindex;
      memcpy(destination, &packet.ipi6_addr, SIZE6);
    } else read_control_part(part, row, destination, (size_t)size);
  }
}

/* receiveUdp(fd, size, buffer, start, slot, received, limit): up to 64 datagrams, one each `slot` bytes from `start` on. */
static napi_value receive_udp(napi_env env, napi_callback_info info) {
  napi_value argv[7];
  if (!arguments(env, info, 7, argv)) return NULL;
  int32_t size = int_of(env, argv[1]);
  struct bytes buffer = bytes_of(env, argv[2]);
  int32_t start = int_of(env, argv[3]), slot = int_of(env, argv[4]), limit = int_of(env, argv[6]);
  size_t room;
  int32_t *row = ints_of(env, argv[5], &room);
  if (limit > MESSAGES) limit = MESSAGES;
  if ((size != SIZE4 && size != SIZE6) || row == NULL || start < 0 || slot <= 2 * size || limit < 1 ||
      (size_t)limit > room / R_STRIDE || (int64_t)start + (int64_t)slot * limit > (int64_t)buffer.length)
    return number(env, -EINVAL);
  uint8_t *first = buffer.data + start;
  struct mmsghdr messages[MESSAGES];
  struct iovec parts[MESSAGES];
  union address sources[MESSAGES];
  union {
    char bytes[CONTROL_ROOM];
    struct cmsghdr alignment;
  } control[MESSAGES];
  for (int32_t i = 0; i < limit; i++) {
    sources[i].any.sa_family = AF_UNSPEC;
    parts[i] = (struct iovec){first + (size_t)slot * (size_t)i + 2 * size, (size_t)(slot - 2 * size)};
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
    row[R_OFFSET] = start + slot * i + 2 * size;
    row[R_LENGTH] = (int32_t)messages[i].msg_len;
    row[R_FLAGS] = messages[i].msg_hdr.msg_flags & MSG_TRUNC ? F_TRUNCATED : 0;
    uint8_t *addresses = first + (size_t)slot * (size_t)i;
    memset(addresses, 0, 2 * (size_t)size);
    if (size == SIZE4 && sources[i].any.sa_family == AF_INET) {
      memcpy(addresses, &sources[i].v4.sin_addr, SIZE4);
      row[R_SOURCE_PORT] = ntohs(sources[i].v4.sin_port);
    } else if (size == SIZE6 && sources[i].any.sa_family == AF_INET6) {
      memcpy(addresses, &sources[i].v6.sin6_addr, SIZE6);
      row[R_SOURCE_PORT] = ntohs(sources[i].v6.sin6_port);
    }
    read_control(&messages[i].msg_hdr, row, addresses + size, size);
  }
  return number(env, count);
}

void write_control(struct msghdr *message, int level, int type, const void *data, size_t length) {
  struct cmsghdr *part = CMSG_FIRSTHDR(message);
  part->cmsg_level = level;
  part->cmsg_type = type;
  part->cmsg_len = CMSG_LEN(length);
  memcpy(CMSG_DATA(part), data, length);
  message->msg_controllen = CMSG_SPACE(length);
}

/* Fills name and control data of a message from the addresses at `addresses`. */
static void address_message(struct msghdr *message, union address *name, const uint8_t *addresses, const int32_t *row, int32_t size) {
  in_port_t port = htons((uint16_t)row[S_PORT]);
  if (size == SIZE4) {
    name->v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
    memcpy(&name->v4.sin_addr, addresses + SIZE4, SIZE4);
    message->msg_namelen = sizeof name->v4;
    write_source4(message, addresses, row[S_IFINDEX]);
  } else {
    name->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = port};
    memcpy(&name->v6.sin6_addr, addresses + SIZE6, SIZE6);
    /* Only here does the kernel want to be told the link, and only here may it differ from what the routes say. */
    if (IN6_IS_ADDR_LINKLOCAL(&name->v6.sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&name->v6.sin6_addr))
      name->v6.sin6_scope_id = (uint32_t)row[S_IFINDEX];
    message->msg_namelen = sizeof name->v6;
    struct in6_pktinfo packet = {.ipi6_ifindex = (unsigned)row[S_IFINDEX]};
    memcpy(&packet.ipi6_addr, addresses, SIZE6);
    write_control(message, IPPROTO_IPV6, IPV6_PKTINFO, &packet, sizeof packet);
  }
}

/* sendUdp(fd, size, buffer, outgoing, from, count): how many went, or the error of the first. */
static napi_value send_udp(napi_env env, napi_callback_info info) {
  napi_value argv[6];
  if (!arguments(env, info, 6, argv)) return NULL;
  int32_t size = int_of(env, argv[1]);
  struct bytes buffer = bytes_of(env, argv[2]);
  size_t room;
  int32_t *rows = ints_of(env, argv[3], &room);
  int32_t from = int_of(env, argv[4]), count = int_of(env, argv[5]);
  if ((size != SIZE4 && size != SIZE6) || rows == NULL || from < 0 || count < 1 ||
      (size_t)from + (size_t)count > room / S_STRIDE)
    return number(env, -EINVAL);
  if (count > MESSAGES) count = MESSAGES;
  struct mmsghdr messages[MESSAGES];
  struct iovec parts[MESSAGES];
  union address names[MESSAGES];
  union {
    char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr alignment;
  } control[MESSAGES];
  for (int32_t i = 0; i < count; i++) {
    const int32_t *row = rows + (size_t)(from + i) * S_STRIDE;
    if (!fits(row, buffer, 2 * (size_t)size)) return number(env, -EINVAL);
    uint8_t *payload = buffer.data + row[S_OFFSET];
    parts[i] = (struct iovec){payload, (size_t)row[S_LENGTH]};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &names[i],
                                          .msg_iov = &parts[i],
                                          .msg_iovlen = 1,
                                          .msg_control = control[i].bytes,
                                          .msg_controllen = sizeof control[i].bytes};
    address_message(&messages[i].msg_hdr, &names[i], payload - 2 * size, row, size);
  }
  int sent = sendmmsg(int_of(env, argv[0]), messages, (unsigned)count, MSG_DONTWAIT);
  return sent < 0 ? failure(env) : number(env, sent);
}

void register_udp(napi_env env, napi_value exports) {
  export_function(env, exports, "openUdp4", open_udp);
  export_function(env, exports, "openUdp6", open_udp6);
  export_function(env, exports, "joinGroup", join_group);
  export_function(env, exports, "leaveGroup", leave_group);
  export_function(env, exports, "receiveUdp", receive_udp);
  export_function(env, exports, "sendUdp", send_udp);
}
