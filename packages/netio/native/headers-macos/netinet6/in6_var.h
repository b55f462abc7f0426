/* Stands in for <netinet6/in6_var.h> of macOS, as net/bpf.h beside it does. */
#ifndef NETINET6_IN6_VAR_H
#define NETINET6_IN6_VAR_H

#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioccom.h>

struct in6_ifreq {
  char ifr_name[IFNAMSIZ];
  union {
    struct sockaddr_in6 ifru_addr;
    int ifru_flags6;
    char ifru_room[272];
  } ifr_ifru;
};
#define ifr_addr ifr_ifru.ifru_addr

#define SIOCGIFAFLAG_IN6 _IOWR('i', 73, struct in6_ifreq)

enum { IN6_IFF_TENTATIVE = 0x2, IN6_IFF_DUPLICATED = 0x4 };

#endif
