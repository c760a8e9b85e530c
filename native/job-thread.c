/*
 * See job-thread.h.
 */
#define _GNU_SOURCE
#include "job-thread.h"
#include "thread.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the kernel's linux/futex.h, which musl's compiler package does not bring. */
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };

/* A walk and a rotation take half of it. */
enum { STACK_BYTES = 128 * 1024 };

int job_thread_start(void *(*life)(void *data), void *data) {
  return start_detached_thread(life, data, STACK_BYTES);
}

void job_thread_sleep(atomic_uint *counter, unsigned seen, int ms) {
  /* The kernel's own record for this call, which is not that of every libc. */
  struct {
    long seconds, nanoseconds;
  } time = {ms / 1000, ms % 1000 * 1000000L};
  syscall(SYS_futex, counter, FUTEX_WAIT_PRIVATE, seen, ms < 0 ? NULL : &time, NULL, 0);
}

void job_thread_wake(atomic_uint *counter) {
  syscall(SYS_futex, counter, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
