/* frame-pump INTERFACE: a wire on a pipe. Every frame that passes the interface goes to stdout, every frame read from
 * stdin goes out of it, each behind its length (16 bits, big endian) and, on stdout, a byte that is 1 for sent frames.
 * It gives tests a view of the network that shares nothing with the server's own socket code. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FRAME = 65535 };

static void need(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(1);
}

/* Reads exactly `length` bytes; 0 at the end of the input. */
static int read_all(uint8_t *to, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t n = read(STDIN_FILENO, to + at, length - at);
    if (n <= 0) return 0;
    at += (size_t)n;
  }
  return 1;
}

static void write_all(const uint8_t *from, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t n = write(STDOUT_FILENO, from + at, length - at);
    need(n > 0, "stdout");
    at += (size_t)n;
  }
}

int main(int argc, char **argv) {
  need(argc == 2, "usage: frame-pump INTERFACE");
  int wire = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  need(wire >= 0, "AF_PACKET socket");
  struct sockaddr_ll link = {
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(argv[1])};
  need(link.sll_ifindex > 0, argv[1]);
  need(bind(wire, (struct sockaddr *)&link, sizeof link) == 0, "bind");
  struct packet_mreq promiscuous = {.mr_ifindex = link.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
  need(setsockopt(wire, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) == 0, "promiscuous mode");
  fputs("ready\n", stderr);

  static uint8_t frame[3 + MAX_FRAME];
  struct pollfd waiting[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wire, .events = POLLIN}};
  for (;;) {
    need(poll(waiting, 2, -1) > 0, "poll");
    if (waiting[1].revents) {
      struct sockaddr_ll from;
      socklen_t size = sizeof from;
      ssize_t n = recvfrom(wire, frame + 3, MAX_FRAME, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
      if (n > 0) {
        frame[0] = (uint8_t)(n >> 8);
        frame[1] = (uint8_t)n;
        frame[2] = from.sll_pkttype == PACKET_OUTGOING;
        write_all(frame, 3 + (size_t)n);
      }
    }
    if (waiting[0].revents) {
      if (!read_all(frame, 2)) return 0;
      size_t length = (size_t)(frame[0] << 8 | frame[1]);
      if (!read_all(frame, length)) return 0;
      need(send(wire, frame, length, 0) == (ssize_t)length, "send");
    }
  }
}
