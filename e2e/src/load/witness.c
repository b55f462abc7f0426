/*
 * witness: a thread on each processor that comes before all others and sleeps for a millisecond again and again. When it is late,
 * nobody had the processor: the machine under this one had other things to do. At its end it writes how late it was at most, in ms.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
enum { PRIORITY = 50, SLEEP = 1000 * 1000 };
static _Atomic long longest;

static long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void *watch(void *argument) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET((int)(long)argument, &cpus);
  struct sched_param parameters = {.sched_priority = PRIORITY};
  if (pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus) != 0 ||
      pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) != 0)
    _exit(1);
  for (;;) {
    struct timespec pause = {0, SLEEP};
    long before = nanoseconds();
    nanosleep(&pause, NULL);
    long late = nanoseconds() - before - SLEEP, most = longest;
    while (late > most && !atomic_compare_exchange_weak(&longest, &most, late)) continue;
  }
}

int main(void) {
  sigset_t end;
  int signal;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigprocmask(SIG_BLOCK, &end, NULL);
  for (long cpu = sysconf(_SC_NPROCESSORS_ONLN); cpu-- > 0;) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, (void *)cpu) != 0) return 1;
  }
  sigwait(&end, &signal);
  printf("%.1f\n", (double)longest / 1e6);
  return 0;
}
