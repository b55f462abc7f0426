/*
 * instant-server: answers each DISCOVER and REQUEST that relays send it at once, with what takes no memory to know. What is
 * measured with it is not a server, but who measures.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#define PORT 67
enum { MESSAGES = 32, BYTES = 1500, YIADDR = 16, GIADDR = 24, CHADDR = 28, OPTIONS = 240, REPLY = 300 };
enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5 };

/* Makes a reply of the message. Returns whether it is one to answer. */
static int answer(unsigned char *message, int length) {
  static unsigned char options[] = {53, 1, 0, 54, 4, 10, 0, 0, 1, 51, 4, 0, 0, 14, 16, 1, 4, 255, 0, 0, 0, 255};
  int type = 0;
  for (int at = OPTIONS; at + 2 < length && message[at] != 255; at += 2 + message[at + 1])
    if (message[at] == 53) type = message[at + 2];
  if (message[0] != 1 || (type != DISCOVER && type != REQUEST)) return 0;
  message[0] = 2;
  message[YIADDR] = 10;
  memcpy(message + YIADDR + 1, message + CHADDR + 3, 3);
  options[2] = type == DISCOVER ? OFFER : ACK;
  memset(message + OPTIONS, 0, REPLY - OPTIONS);
  memcpy(message + OPTIONS, options, sizeof options);
  return 1;
}

int main(void) {
  static unsigned char buffers[MESSAGES][BYTES];
  static struct sockaddr_in from[MESSAGES];
  static struct iovec parts[MESSAGES];
  static struct mmsghdr messages[MESSAGES];
  int room = 8 << 20, fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  if (bind(fd, (struct sockaddr *)&here, sizeof here) != 0) {
    perror("bind");
    return 1;
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    for (int i = 0; i < MESSAGES; i++) {
      parts[i] = (struct iovec){buffers[i], BYTES};
      messages[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(fd, messages, MESSAGES, MSG_WAITFORONE, NULL), replies = 0;
    for (int i = 0; i < count; i++) {
      if (!answer(buffers[i], (int)messages[i].msg_len)) continue;
      memcpy(&from[i].sin_addr, buffers[i] + GIADDR, sizeof from[i].sin_addr);
      parts[i].iov_len = REPLY;
      messages[replies++].msg_hdr = messages[i].msg_hdr;
    }
    for (int sent = 0; sent < replies;) {
      int more = sendmmsg(fd, messages + sent, replies - sent, 0);
      sent += more > 0 ? more : 1;
    }
  }
}
