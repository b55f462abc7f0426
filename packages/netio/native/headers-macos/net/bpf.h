/* Stands in for <net/bpf.h> where our sources are compiled for macOS elsewhere: the toolchain of `npm run ports` lacks it. It has
 * what we use of it; a Mac has its own. The numbers were compared with those that golang.org/x/sys made on a Mac. */
#ifndef NET_BPF_H
#define NET_BPF_H

#include <stdint.h>
#include <sys/ioccom.h>
#include <sys/types.h>

struct bpf_insn {
  unsigned short code;
  unsigned char jt, jf;
  uint32_t k;
};
struct bpf_program {
  unsigned bf_len;
  struct bpf_insn *bf_insns;
};
struct bpf_stat {
  unsigned bs_recv, bs_drop;
};
struct bpf_hdr {
  struct {
    int32_t tv_sec, tv_usec;
  } bh_tstamp;
  uint32_t bh_caplen, bh_datalen;
  unsigned short bh_hdrlen;
};

#define BPF_ALIGNMENT sizeof(int32_t)
#define DLT_EN10MB 1

#define BIOCGBLEN _IOR('B', 102, unsigned)
#define BIOCSBLEN _IOWR('B', 102, unsigned)
#define BIOCSETF _IOW('B', 103, struct bpf_program)
#define BIOCGDLT _IOR('B', 106, unsigned)
#define BIOCSETIF _IOW('B', 108, struct ifreq)
#define BIOCGSTATS _IOR('B', 111, struct bpf_stat)
#define BIOCIMMEDIATE _IOW('B', 112, unsigned)
#define BIOCSSEESENT _IOW('B', 119, unsigned)

#define BPF_STMT(code, k) {(unsigned short)(code), 0, 0, k}
#define BPF_JUMP(code, k, jt, jf) {(unsigned short)(code), jt, jf, k}

enum { BPF_LD = 0x00, BPF_LDX = 0x01, BPF_JMP = 0x05, BPF_RET = 0x06 };
enum { BPF_W = 0x00, BPF_H = 0x08, BPF_B = 0x10 };
enum { BPF_ABS = 0x20, BPF_IND = 0x40, BPF_MSH = 0xa0 };
enum { BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JSET = 0x40, BPF_K = 0x00 };

#endif
