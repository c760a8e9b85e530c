/*
 * A limit to how long a spawn may hold the calling thread; see watchdog.h.
 *
 * One thread, made at the first spawn, for the rest of the process; it makes no system call while there is
 * no spawn. Owns no descriptor and no memory. Spawns come from one thread at a time, the one JavaScript
 * runs in.
 */
#define _GNU_SOURCE
#include "watchdog.h"
#include "thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Of the kernel's linux/futex.h, which musl's compiler package does not bring. */
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

/*
 * The state of the present watch, and in the bits above it the number of the watch: so that neither thread
 * takes one watch for another. Both threads sleep and decide on this one word.
 */
enum state { IDLE = 0, WATCHING = 1, KILLING = 2, KILLED = 3, STATE_BITS = 3, NEXT_WATCH = 4 };
static atomic_uint word;

static const volatile pid_t *watched_pid;
static uint32_t watched_limit_ms;
static bool is_running;

/* Sleeps while the word is `seen`; a limit of NULL is none. False when the limit was reached. */
static bool sleep_while(uint32_t seen, const struct timespec *limit) {
  return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, limit, NULL, 0) == 0 || errno != ETIMEDOUT;
}

static void wake(void) { syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0); }

static void watch_until_limit(uint32_t seen) {
  struct timespec limit = {
      .tv_sec = (time_t)(watched_limit_ms / 1000),
      .tv_nsec = (long)(watched_limit_ms % 1000) * 1000000,
  };
  if (sleep_while(seen, &limit) ||
      !atomic_compare_exchange_strong(&word, &seen, seen - WATCHING + KILLING)) {
    return;
  }
  if (*watched_pid > 0) {
    kill(*watched_pid, SIGKILL);
  }
  atomic_fetch_add(&word, KILLED - KILLING);
}

static void *watch(void *unused) {
  (void)unused;
  for (;;) {
    uint32_t seen = atomic_load(&word);
    if ((seen & STATE_BITS) == WATCHING) {
      watch_until_limit(seen);
    } else {
      sleep_while(seen, NULL);
    }
  }
  return NULL;
}

void watchdog_begin(const volatile pid_t *pid, uint32_t limit_ms) {
  watched_pid = pid;
  watched_limit_ms = limit_ms;
  atomic_fetch_add(&word, NEXT_WATCH + WATCHING);
  is_running = is_running || start_detached_thread(watch, NULL, 0) == 0;
  wake();
}

/* No wake: the thread finds out when it gets to the limit, which is not often. */
bool watchdog_end(void) {
  uint32_t watching = atomic_load(&word);
  if ((watching & STATE_BITS) == WATCHING &&
      atomic_compare_exchange_strong(&word, &watching, watching - WATCHING + IDLE)) {
    return false;
  }
  while ((atomic_load(&word) & STATE_BITS) != KILLED) {
    sched_yield();
  }
  atomic_fetch_sub(&word, KILLED - IDLE);
  wake();
  return true;
}
