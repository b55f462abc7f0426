/* Filters of whole Ethernet frames, in the instructions that packet sockets and BPF devices have in common. */
#ifndef DHCP_FILTER_H
#define DHCP_FILTER_H

enum { FRAME_HEADER = 14, TYPE_IPV4 = 0x0800, TYPE_ARP = 0x0806, TYPE_IPV6 = 0x86dd, PROTOCOL_UDP = 17 };

/* IPv4, UDP to `port`. Of a fragmented datagram the first fragment passes: it has the ports, and so each is counted once; the
 * others are no business of ours. */
enum { UDP4_TO_LENGTH = 11 };
#define UDP4_TO(port)                                                                                                   \
  BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_IPV4, 0, 8),                          \
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FRAME_HEADER + 9), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_UDP, 0, 6),     \
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, FRAME_HEADER + 6), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),          \
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, FRAME_HEADER), BPF_STMT(BPF_LD | BPF_H | BPF_IND, FRAME_HEADER + 2),           \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (port), 0, 1), BPF_STMT(BPF_RET | BPF_K, 0x40000), BPF_STMT(BPF_RET | BPF_K, 0)

/* IPv6 with UDP to `port` at once behind the header, and not too long. */
enum { UDP6_TO_LENGTH = 10 };
#define UDP6_TO(port)                                                                                                   \
  BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_IPV6, 0, 7),                          \
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FRAME_HEADER + NEXT_HEADER),                                                    \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_UDP, 0, 5),                                                           \
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, FRAME_HEADER + PAYLOAD_LENGTH),                                                 \
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LONGEST_IN_RING, 3, 0),                                                        \
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, FRAME_HEADER + IPV6_HEADER + 2),                                                \
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (port), 0, 1), BPF_STMT(BPF_RET | BPF_K, 0x40000), BPF_STMT(BPF_RET | BPF_K, 0)

#endif
