/*
 * turns: loaded into a daemon before its libraries, it adds to the file that TURNS names the processor time of each turn of the
 * main loop that took more than a millisecond of it, in ms. A turn is what the main thread does between two waits. While another
 * program has the processor, or the machine under this one has taken it away, no processor time passes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
enum { SHORTEST = 1000 * 1000 };
typedef int (*wait_function)(int, struct epoll_event *, int, int, const sigset_t *);

static long processor_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

int epoll_pwait(int epoll, struct epoll_event *events, int most, int timeout, const sigset_t *mask) {
  static wait_function wait;
  static FILE *file;
  static long began;
  if (getpid() != gettid()) return ((wait_function)dlsym(RTLD_NEXT, "epoll_pwait"))(epoll, events, most, timeout, mask);
  if (wait == NULL) {
    wait = (wait_function)dlsym(RTLD_NEXT, "epoll_pwait");
    file = fopen(getenv("TURNS"), "a");
    if (wait == NULL || file == NULL) abort();
  } else if (processor_time() - began > SHORTEST) {
    fprintf(file, "%.2f\n", (double)(processor_time() - began) / 1e6);
    fflush(file);
  }
  int ready = wait(epoll, events, most, timeout, mask);
  began = processor_time();
  return ready;
}
