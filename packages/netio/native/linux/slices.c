/* How soon this process gets a processor when others use them all. */
#include "../netio.h"
#include "linux.h"

#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The least that the kernel grants, in nanoseconds; usual are some 3 ms. Who wants less at a time comes sooner, and does not get
 * less in all: that is what EEVDF, the scheduler of Linux, is about. */
enum { SHORT_SLICE = 100 * 1000 };

/* The kernel's struct sched_attr. The C library's header has it or has it not, by version. */
struct scheduling {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t slice;
  uint64_t deadline;
  uint64_t period;
};

/* Whether the thread has a short slice now. An operator's nice value stays, and so does another policy. */
static bool shorten(pid_t thread) {
  struct scheduling attributes = {0};
  if (syscall(SYS_sched_getattr, thread, &attributes, sizeof attributes, 0) != 0) return false;
  if (attributes.policy != SCHED_OTHER) return false;
  attributes.slice = SHORT_SLICE;
  if (syscall(SYS_sched_setattr, thread, &attributes, 0) != 0) return false;
  /* Kernels before 6.12 take it, and do nothing. */
  return syscall(SYS_sched_getattr, thread, &attributes, sizeof attributes, 0) == 0 && attributes.slice == SHORT_SLICE;
}

/* takeShortSlices(): for the threads that there are; those that they start have it from them. @returns of how many it is so */
static napi_value take_short_slices(napi_env env, napi_callback_info info) {
  (void)info;
  DIR *threads = opendir("/proc/self/task");
  if (threads == NULL) return failure(env);
  int count = 0;
  for (struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) {
    pid_t thread = atoi(entry->d_name);
    if (thread > 0 && shorten(thread)) count++;
  }
  closedir(threads);
  return number(env, count);
}

void register_slices(napi_env env, napi_value exports) {
  export_function(env, exports, "takeShortSlices", take_short_slices);
}
