/* BPF devices: the way to whole Ethernet frames, one device for each interface. JavaScript reads and writes them as files. */
#include "bsd.h"

#include "../dhcp-filter.h"
#include <errno.h>
#include <fcntl.h>
#include <net/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The kernel has two such buffers for each device; it takes less where it allows less. */
enum { BUFFER = 512 << 10 };

static int open_device(void) {
  int flags = O_RDWR | O_NONBLOCK | O_CLOEXEC;
  int fd = open("/dev/bpf", flags);
  if (fd >= 0 || errno != ENOENT) return fd;
  /* macOS has one file for each device, and makes more when the last one is taken. */
  for (int number = 0;; number++) {
    char path[24];
    snprintf(path, sizeof path, "/dev/bpf%d", number);
    fd = open(path, flags);
    if (fd >= 0 || errno != EBUSY) return fd;
  }
}

static int set_filter(int fd, unsigned long request, struct bpf_insn *code, size_t length) {
  struct bpf_program program = {.bf_len = (unsigned)length, .bf_insns = code};
  return ioctl(fd, request, &program);
}

static int set_filters(int fd, uint16_t ethertype, uint16_t port) {
  struct bpf_insn udp4[] = {UDP4_TO(port)};
  struct bpf_insn udp6[] = {UDP6_TO(port)};
  struct bpf_insn arp[] = {
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TYPE_ARP, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0x40000),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
#ifdef BIOCSETWF
  /* Nothing but what we are here for can be sent, whatever becomes of this process. BIOCLOCK would make that certain, but
   * forbids the FIONBIO of libuv as well. */
  struct bpf_insn type_only[] = {
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ethertype, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0x40000),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  if (set_filter(fd, BIOCSETWF, type_only, sizeof type_only / sizeof type_only[0]) != 0) return -1;
#endif
  if (ethertype == TYPE_IPV4) return set_filter(fd, BIOCSETF, udp4, sizeof udp4 / sizeof udp4[0]);
  if (ethertype == TYPE_IPV6) return set_filter(fd, BIOCSETF, udp6, sizeof udp6 / sizeof udp6[0]);
  return set_filter(fd, BIOCSETF, arp, sizeof arp / sizeof arp[0]);
}

/* Frames that this host sends are no business of ours. */
static int receive_only(int fd) {
#ifdef BIOCSDIRFILT
  unsigned without = BPF_DIRECTION_OUT;
  return ioctl(fd, BIOCSDIRFILT, &without);
#else
  unsigned see_sent = 0;
  return ioctl(fd, BIOCSSEESENT, &see_sent);
#endif
}

static int set_up(int fd, const char *interface, uint16_t ethertype, uint16_t port) {
  unsigned size = BUFFER, on = 1, link = 0;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
  /* The size can be set before the interface only; the filters are there before the first frame can come. BIOCSHDRCMPLT stays
   * off: the kernel writes the source of what we send. */
  if (ioctl(fd, BIOCSBLEN, &size) != 0 || set_filters(fd, ethertype, port) != 0 || receive_only(fd) != 0 ||
      ioctl(fd, BIOCSETIF, &request) != 0 || ioctl(fd, BIOCIMMEDIATE, &on) != 0 || ioctl(fd, BIOCGDLT, &link) != 0)
    return -1;
  if (link == DLT_EN10MB) return 0;
  errno = EPROTOTYPE;
  return -1;
}

/* openBpf(interface, ethertype, port): a descriptor for frames with IPv4 or IPv6 and UDP to the port, or with ARP. read(2)
 * wants a buffer of `bpfBufferLength`; write(2) takes one frame. */
static napi_value open_bpf(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  char name[IFNAMSIZ] = "";
  if (!arguments(env, info, 3, argv)) return NULL;
  napi_get_value_string_utf8(env, argv[0], name, sizeof name, NULL);
  int fd = open_device();
  if (fd < 0) return failure(env);
  if (set_up(fd, name, (uint16_t)int_of(env, argv[1]), (uint16_t)int_of(env, argv[2])) != 0) return failure_closing(env, fd);
  return number(env, fd);
}

/* bpfBufferLength(fd). */
static napi_value bpf_buffer_length(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  unsigned length = 0;
  if (!arguments(env, info, 1, argv)) return NULL;
  return ioctl(int_of(env, argv[0]), BIOCGBLEN, &length) != 0 ? failure(env) : number(env, length);
}

/* bpfDrops(fd): frames that found the buffers full since the device was opened. */
static napi_value bpf_drops(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  struct bpf_stat stat;
  if (!arguments(env, info, 1, argv)) return NULL;
  return ioctl(int_of(env, argv[0]), BIOCGSTATS, &stat) != 0 ? failure(env) : number(env, (int64_t)stat.bs_drop);
}

void register_bpf(napi_env env, napi_value exports) {
  export_function(env, exports, "openBpf", open_bpf);
  export_function(env, exports, "bpfBufferLength", bpf_buffer_length);
  export_function(env, exports, "bpfDrops", bpf_drops);
}
