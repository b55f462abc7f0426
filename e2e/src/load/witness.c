/*
 * witness: a thread on each processor that comes before all others and sleeps for a millisecond again and again. When it is late,
 * nobody had the processor: the machine under this one had other things to do. Less than two milliseconds may be the kernel's own,
 * which sends 64 packets before it lets go of a processor. At its end it writes a line for each time that one was late: when it
 * should have had the processor, in ms since 1970, and how late it was, in ms.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
enum { PRIORITY = 50, SLEEP = 1000 * 1000, LATE = 2 * 1000 * 1000, MOST = 1 << 18 };
static struct {
  double due, late;
} absences[MOST];
static _Atomic int count;

static long nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
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
    long before = nanoseconds(CLOCK_MONOTONIC);
    nanosleep(&pause, NULL);
    long late = nanoseconds(CLOCK_MONOTONIC) - before - SLEEP;
    if (late < LATE) continue;
    int i = atomic_fetch_add(&count, 1);
    if (i >= MOST) _exit(1);
    absences[i].due = (double)(nanoseconds(CLOCK_REALTIME) - late) / 1e6;
    absences[i].late = (double)late / 1e6;
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
  for (int i = 0; i < count; i++) printf("%.3f %.3f\n", absences[i].due, absences[i].late);
  return 0;
}
