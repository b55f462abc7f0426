/* The packet socket: one receive ring over all interfaces, and a sender that lets the kernel write the Ethernet header. */
#include "../dhcp-filter.h"
#include "../netio.h"
#include "linux.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* 16 MiB in blocks small enough that a fragmented memory still has them. */
enum { SLOT = 2048, SLOTS = 8192, BLOCK = 65536, RING = SLOT * SLOTS };

struct packet {
  int receiver; /* -1 once closed */
  int sender;
  uint8_t *ring;
  uint32_t next;
};

static void close_packet(struct packet *packet) {
  if (packet->receiver < 0) return;
  munmap(packet->ring, RING);
  close(packet->receiver);
  close(packet->sender);
  packet->receiver = packet->sender = -1;
}

static void finalize_packet(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  close_packet(data);
  free(data);
}

static struct packet *packet_of(napi_env env, napi_value value) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok) return NULL;
  struct packet *packet = data;
  return packet->receiver < 0 ? NULL : packet;
}

/* Goes on where frames begin with an Ethernet header, and else to the last of the `rest` instructions behind it. */
#define ETHERNET_HEADERS_ONLY(rest)                                                                                     \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_HATYPE), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_ETHER, 1, 0), \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, (rest) - 1)

static int attach_filter4(int fd, uint16_t port) {
  struct sock_filter code[] = {ETHERNET_HEADERS_ONLY(UDP4_TO_LENGTH), UDP4_TO(port)};
  return attach_filter(fd, code, sizeof code / sizeof code[0]);
}

/* `set_up_udp6` takes all else. */
static int attach_filter6(int fd, uint16_t port) {
  struct sock_filter code[] = {ETHERNET_HEADERS_ONLY(UDP6_TO_LENGTH), UDP6_TO(port)};
  return attach_filter(fd, code, sizeof code / sizeof code[0]);
}

/* openPacket(ethertype, port): the handle that the other functions take; for ETH_P_IP or ETH_P_IPV6. */
static napi_value open_packet(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  if (!arguments(env, info, 2, argv)) return NULL;
  uint16_t ethertype = (uint16_t)int_of(env, argv[0]), port = (uint16_t)int_of(env, argv[1]);
  /* Protocol 0 receives nothing: filter and ring are in place before the first frame can come. */
  int fd = open_socket(AF_PACKET, SOCK_RAW, 0);
  if (fd < 0) return failure(env);
  int version = TPACKET_V2, on = 1;
  struct tpacket_req request = {.tp_block_size = BLOCK, .tp_block_nr = RING / BLOCK, .tp_frame_size = SLOT, .tp_frame_nr = SLOTS};
  if ((ethertype == ETH_P_IPV6 ? attach_filter6 : attach_filter4)(fd, port) != 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0)
    return failure_closing(env, fd);
  /* Saves work where the kernel knows it (Linux 4.20); `receive` skips our own frames anyway. */
  setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
  uint8_t *ring = mmap(NULL, RING, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (ring == MAP_FAILED) return failure_closing(env, fd);
  /* Interface 0: all of them, also those that come later. */
  struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ethertype)};
  int sender = -1;
  struct packet *packet = malloc(sizeof *packet);
  if (packet == NULL || bind(fd, (struct sockaddr *)&all, sizeof all) != 0 ||
      (sender = open_socket(AF_PACKET, SOCK_DGRAM, 0)) < 0) {
    int error = errno;
    free(packet);
    munmap(ring, RING);
    close(fd);
    return number(env, -error);
  }
  grow_buffer(sender, SO_SNDBUF, 4 << 20);
  *packet = (struct packet){.receiver = fd, .sender = sender, .ring = ring, .next = 0};
  napi_value handle = NULL;
  if (napi_create_external(env, packet, finalize_packet, NULL, &handle) != napi_ok) {
    finalize_packet(env, packet, NULL);
    return number(env, -ENOMEM);
  }
  return handle;
}

/* packetFd(handle): what to poll. */
static napi_value packet_fd(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct packet *packet = packet_of(env, argv[0]);
  return number(env, packet == NULL ? -EBADF : packet->receiver);
}

/* receivePacket(handle, buffer, received, limit): frames copied one behind the other, until none waits or no room is left. */
static napi_value receive_packet(napi_env env, napi_callback_info info) {
  napi_value argv[4];
  if (!arguments(env, info, 4, argv)) return NULL;
  struct packet *packet = packet_of(env, argv[0]);
  if (packet == NULL) return number(env, -EBADF);
  struct bytes buffer = bytes_of(env, argv[1]);
  size_t room;
  int32_t *row = ints_of(env, argv[2], &room);
  int32_t limit = int_of(env, argv[3]), count = 0;
  if (row == NULL || buffer.length < SLOT || limit < 0 || (size_t)limit > room / R_STRIDE) return number(env, -EINVAL);
  size_t used = 0;
  while (count < limit) {
    uint8_t *slot = packet->ring + (size_t)packet->next * SLOT;
    struct tpacket2_hdr *header = (struct tpacket2_hdr *)slot;
    uint32_t status = __atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE);
    if (!(status & TP_STATUS_USER)) break;
    struct sockaddr_ll *from = (struct sockaddr_ll *)(slot + TPACKET_ALIGN(sizeof *header));
    if (from->sll_pkttype != PACKET_OUTGOING) {
      size_t length = header->tp_snaplen;
      if (length > buffer.length - used) break;
      memcpy(buffer.data + used, slot + header->tp_mac, length);
      row[R_OFFSET] = (int32_t)used;
      row[R_LENGTH] = (int32_t)length;
      row[R_IFINDEX] = from->sll_ifindex;
      row[R_FLAGS] = (header->tp_snaplen < header->tp_len ? F_TRUNCATED : 0) |
                     (status & (TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID) ? F_CHECKSUM_SETTLED : 0) |
                     ((status & TP_STATUS_VLAN_VALID) && (header->tp_vlan_tci & 0xfff) != 0 ? F_VLAN : 0) |
                     (from->sll_pkttype == PACKET_OTHERHOST ? F_OTHER_HOST : 0);
      row[R_AGE_MICROS] = age_micros(header->tp_sec, header->tp_nsec);
      row += R_STRIDE;
      used += length;
      count++;
    }
    __atomic_store_n(&header->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    packet->next = (packet->next + 1) % SLOTS;
  }
  return number(env, count);
}

/* sendPacket(handle, buffer, outgoing, from, count): each packet has its destination MAC and its Ethernet type in the 8 bytes
 * before it. Gives how many went, or the error of the first. */
static napi_value send_packet(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  if (!arguments(env, info, 5, argv)) return NULL;
  struct packet *packet = packet_of(env, argv[0]);
  if (packet == NULL) return number(env, -EBADF);
  struct bytes buffer = bytes_of(env, argv[1]);
  size_t room;
  int32_t *rows = ints_of(env, argv[2], &room);
  int32_t from = int_of(env, argv[3]), count = int_of(env, argv[4]);
  if (rows == NULL || from < 0 || count < 1 || (size_t)from + (size_t)count > room / S_STRIDE) return number(env, -EINVAL);
  if (count > MESSAGES) count = MESSAGES;
  struct mmsghdr messages[MESSAGES];
  struct iovec parts[MESSAGES];
  struct sockaddr_ll addresses[MESSAGES];
  memset(messages, 0, sizeof messages[0] * (size_t)count);
  memset(addresses, 0, sizeof addresses[0] * (size_t)count);
  for (int32_t i = 0; i < count; i++) {
    const int32_t *row = rows + (size_t)(from + i) * S_STRIDE;
    if (!fits(row, buffer, ETH_ALEN + 2)) return number(env, -EINVAL);
    uint8_t *start = buffer.data + row[S_OFFSET];
    addresses[i].sll_family = AF_PACKET;
    memcpy(&addresses[i].sll_protocol, start - 2, 2);
    addresses[i].sll_ifindex = row[S_IFINDEX];
    addresses[i].sll_halen = ETH_ALEN;
    memcpy(addresses[i].sll_addr, start - 2 - ETH_ALEN, ETH_ALEN);
    parts[i] = (struct iovec){start, (size_t)row[S_LENGTH]};
    messages[i].msg_hdr.msg_name = &addresses[i];
    messages[i].msg_hdr.msg_namelen = sizeof addresses[i];
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int sent = sendmmsg(packet->sender, messages, (unsigned)count, MSG_DONTWAIT);
  return sent < 0 ? failure(env) : number(env, sent);
}

/* packetDrops(handle): frames that found the ring full since the last call (PACKET_STATISTICS starts anew when read). */
static napi_value packet_drops(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct packet *packet = packet_of(env, argv[0]);
  if (packet == NULL) return number(env, -EBADF);
  struct tpacket_stats stats;
  socklen_t length = sizeof stats;
  if (getsockopt(packet->receiver, SOL_PACKET, PACKET_STATISTICS, &stats, &length) != 0) return failure(env);
  return number(env, stats.tp_drops);
}

/* closePacket(handle). */
static napi_value close_packet_handle(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct packet *packet = packet_of(env, argv[0]);
  if (packet != NULL) close_packet(packet);
  return number(env, 0);
}

void register_packet_socket(napi_env env, napi_value exports) {
  export_function(env, exports, "openPacket", open_packet);
  export_function(env, exports, "packetFd", packet_fd);
  export_function(env, exports, "receivePacket", receive_packet);
  export_function(env, exports, "sendPacket", send_packet);
  export_function(env, exports, "packetDrops", packet_drops);
  export_function(env, exports, "closePacket", close_packet_handle);
}
