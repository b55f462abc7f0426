/* Where the fields of BPF buffers and routing messages are, by their offsets in bytes, sizes and numbers. -1: there is none.
 * The names are those of KernelLayout in src/bsd/kernel-layout.ts. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <net/bpf.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/route.h>
#include <netinet/in.h>

#define SIZE_OF(type, field) sizeof(((type *)0)->field)

/* The rule by which the addresses behind a message are laid out. */
#ifdef __APPLE__
#define ADDRESS_UNIT sizeof(uint32_t)
#define LINK_STATE (-1)
#define LINK_STATE_UP 0
#else
#ifdef __NetBSD__
#define ADDRESS_UNIT sizeof(uint64_t)
#else
#define ADDRESS_UNIT sizeof(long)
#endif
#define LINK_STATE offsetof(struct if_msghdr, ifm_data.ifi_link_state)
#endif

#ifdef RTM_IFANNOUNCE
#define ANNOUNCE RTM_IFANNOUNCE
#else
#define ANNOUNCE (-1)
#endif

#if defined RTM_CHGADDR
#define CHANGED_ADDRESS RTM_CHGADDR
#elif defined RTM_CHGADDRATTR
#define CHANGED_ADDRESS RTM_CHGADDRATTR
#else
#define CHANGED_ADDRESS (-1)
#endif

#define KERNEL_LAYOUT(X)                                                    \
  X(bpfAlignment, BPF_ALIGNMENT)                                            \
  X(bpfSeconds, offsetof(struct bpf_hdr, bh_tstamp.tv_sec))                 \
  X(bpfMicroseconds, offsetof(struct bpf_hdr, bh_tstamp.tv_usec))           \
  X(bpfTimeSize, SIZE_OF(struct bpf_hdr, bh_tstamp.tv_sec))                 \
  X(bpfCaptured, offsetof(struct bpf_hdr, bh_caplen))                       \
  X(bpfLength, offsetof(struct bpf_hdr, bh_datalen))                        \
  X(bpfHeader, offsetof(struct bpf_hdr, bh_hdrlen))                         \
  X(messageLength, offsetof(struct if_msghdr, ifm_msglen))                  \
  X(messageType, offsetof(struct if_msghdr, ifm_type))                      \
  X(interfaceHeader, sizeof(struct if_msghdr))                              \
  X(interfaceAddresses, offsetof(struct if_msghdr, ifm_addrs))              \
  X(interfaceFlags, offsetof(struct if_msghdr, ifm_flags))                  \
  X(interfaceIndex, offsetof(struct if_msghdr, ifm_index))                  \
  X(interfaceMtu, offsetof(struct if_msghdr, ifm_data.ifi_mtu))             \
  X(interfaceLinkState, LINK_STATE)                                         \
  X(linkStateUp, LINK_STATE_UP)                                             \
  X(addressHeader, sizeof(struct ifa_msghdr))                               \
  X(addressAddresses, offsetof(struct ifa_msghdr, ifam_addrs))              \
  X(addressIndex, offsetof(struct ifa_msghdr, ifam_index))                  \
  X(addressUnit, ADDRESS_UNIT)                                              \
  X(netmaskBit, RTAX_NETMASK)                                               \
  X(linkBit, RTAX_IFP)                                                      \
  X(addressBit, RTAX_IFA)                                                   \
  X(familyInternet, AF_INET)                                                \
  X(familyInternet6, AF_INET6)                                              \
  X(socketFamily, offsetof(struct sockaddr, sa_family))                     \
  X(socketAddress, offsetof(struct sockaddr_in, sin_addr))                  \
  X(socketAddress6, offsetof(struct sockaddr_in6, sin6_addr))               \
  X(linkType, offsetof(struct sockaddr_dl, sdl_type))                       \
  X(linkNameLength, offsetof(struct sockaddr_dl, sdl_nlen))                 \
  X(linkAddressLength, offsetof(struct sockaddr_dl, sdl_alen))              \
  X(linkData, offsetof(struct sockaddr_dl, sdl_data))                       \
  X(flagUp, IFF_UP)                                                         \
  X(flagBroadcast, IFF_BROADCAST)                                           \
  X(flagLoopback, IFF_LOOPBACK)                                             \
  X(flagRunning, IFF_RUNNING)                                               \
  X(flagMulticast, IFF_MULTICAST)                                           \
  X(typeInterface, RTM_IFINFO)                                              \
  X(typeNewAddress, RTM_NEWADDR)                                            \
  X(typeOldAddress, RTM_DELADDR)                                            \
  X(typeChangedAddress, CHANGED_ADDRESS)                                    \
  X(typeAnnounce, ANNOUNCE)

#endif
