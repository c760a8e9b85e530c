#define _GNU_SOURCE
#include "faults.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096 };

_Atomic uint64_t lane_waits;
_Atomic int64_t lane_wait_limit;
static struct {
  _Atomic int error, after, times, most;
} faults[CALLS];
static _Atomic bool named[DESCRIPTORS];
static _Atomic uint32_t hanging[DESCRIPTORS]; /* 1: is to hang, 2: hangs */
static _Atomic unsigned random_of_thousand;
static _Atomic uint64_t random_seed, leapt_ns;
static _Thread_local struct dice dice;

static _Atomic unsigned death;

ssize_t __real_splice(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned flags);
off_t __real_lseek(int fd, off_t offset, int whence);
ssize_t __real_read(int fd, void *buffer, size_t length);
ssize_t __real_write(int fd, const void *buffer, size_t length);
int __real_epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event);
int __real_epoll_wait(int epoll, struct epoll_event *events, int count, int limit_ms);
int __real_close(int fd);
int __real_epoll_create1(int flags);
int __real_eventfd(unsigned value, int flags);
int __real_fcntl(int fd, int command, ...);
void *__real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *data);
int __real_clock_gettime(clockid_t clock, struct timespec *time);
long __real_syscall(long number, ...);

void set_fault(enum call call, struct fault fault) {
  atomic_store(&faults[call].error, fault.error);
  atomic_store(&faults[call].most, fault.most);
  atomic_store(&faults[call].after, fault.after);
  atomic_store(&faults[call].times, fault.times);
}

int faults_left(enum call call) { return atomic_load(&faults[call].times); }

void may_fail(int fd, bool may) { atomic_store_explicit(&named[fd], may, memory_order_relaxed); }

void set_random_faults(unsigned of_thousand, uint64_t seed) {
  atomic_store(&random_seed, seed);
  atomic_store(&random_of_thousand, of_thousand);
}

void leap(uint64_t ns) { atomic_fetch_add(&leapt_ns, ns); }

void set_death(unsigned calls) { atomic_store(&death, calls); }

static void may_die(void) {
  if (atomic_load_explicit(&death, memory_order_relaxed) > 0 && atomic_fetch_sub(&death, 1) == 1) {
    kill(getpid(), SIGKILL);
  }
}

static long futex(_Atomic uint32_t *word, int operation, uint32_t value) {
  return __real_syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

void set_hanging(int fd, bool hangs) {
  atomic_store(&hanging[fd], hangs);
  futex(&hanging[fd], FUTEX_WAKE, INT32_MAX);
}

void await_hanging(int fd) {
  while (atomic_load(&hanging[fd]) != 2) {
    futex(&hanging[fd], FUTEX_WAIT, 1);
  }
}

static bool is_named(int fd) {
  return fd >= 0 && fd < DESCRIPTORS && atomic_load_explicit(&named[fd], memory_order_relaxed);
}

/* Whether the fault that was set is due. */
static bool is_due(enum call call) {
  if (atomic_load_explicit(&faults[call].times, memory_order_relaxed) == 0) {
    return false;
  }
  if (atomic_load_explicit(&faults[call].after, memory_order_relaxed) > 0) {
    atomic_fetch_sub_explicit(&faults[call].after, 1, memory_order_relaxed);
    return false;
  }
  atomic_fetch_sub_explicit(&faults[call].times, 1, memory_order_relaxed);
  return true;
}

/* Of what is made once and not at random. */
static bool fails(enum call call) {
  bool does = is_due(call);
  errno = does ? atomic_load(&faults[call].error) : errno;
  return does;
}

static bool is_random(void) {
  unsigned of_thousand = atomic_load_explicit(&random_of_thousand, memory_order_relaxed);
  if (of_thousand == 0) {
    return false;
  }
  dice.state ^= atomic_load_explicit(&random_seed, memory_order_relaxed);
  return below(&dice, 1000) < of_thousand;
}

/* Fails by errno, or makes `length` shorter. */
static bool goes_wrong(enum call call, const int *errors, unsigned count, size_t *length) {
  if (is_due(call)) {
    size_t most = (size_t)atomic_load(&faults[call].most);
    errno = atomic_load(&faults[call].error);
    if (length == NULL || (errno != 0 && most == 0)) {
      return true;
    }
    *length = most < *length ? most : *length;
    if (errno != 0) {
      atomic_store(&faults[call].most, 0);
      atomic_fetch_add(&faults[call].times, 1);
    }
    return false;
  }
  if (!is_random()) {
    return false;
  }
  if (length != NULL && *length > 1 && below(&dice, 2) == 0) {
    *length = 1 + below(&dice, *length - 1);
    return false;
  }
  errno = errors[below(&dice, count)];
  return true;
}

ssize_t __wrap_read(int fd, void *buffer, size_t length) {
  static const int errors[] = {EINTR};
  if (is_named(fd) && goes_wrong(READ, errors, 1, &length)) {
    return -1;
  }
  may_die();
  ssize_t count = __real_read(fd, buffer, length);
  may_die();
  return count;
}

ssize_t __wrap_splice(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned flags) {
  static const int errors[] = {EINTR};
  if (is_named(from) && goes_wrong(READ, errors, 1, &length)) {
    return -1;
  }
  may_die();
  ssize_t count = __real_splice(from, from_offset, to, to_offset, length, flags);
  may_die();
  return count;
}

off_t __wrap_lseek(int fd, off_t offset, int whence) {
  may_die();
  return __real_lseek(fd, offset, whence);
}

ssize_t __wrap_write(int fd, const void *buffer, size_t length) {
  static const int errors[] = {EINTR, EINTR, EINTR, EAGAIN, EIO, ENOSPC, EDQUOT, EFBIG};
  if (is_named(fd)) {
    uint32_t wanted = 1;
    if (atomic_load_explicit(&hanging[fd], memory_order_relaxed) != 0) {
      atomic_compare_exchange_strong(&hanging[fd], &wanted, 2);
      futex(&hanging[fd], FUTEX_WAKE, INT32_MAX);
      while (atomic_load(&hanging[fd]) == 2) {
        futex(&hanging[fd], FUTEX_WAIT, 2);
      }
    }
    if (goes_wrong(WRITE, errors, sizeof(errors) / sizeof(*errors), &length)) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
  }
  may_die();
  ssize_t count = __real_write(fd, buffer, length);
  may_die();
  return count;
}

long __wrap_syscall(long number, ...) {
  static const int errors[] = {EIO, EINTR};
  long values[6];
  va_list arguments;
  va_start(arguments, number);
  for (int i = 0; i < 6; i++) {
    values[i] = va_arg(arguments, long);
  }
  va_end(arguments);
  if (number == SYS_statx && is_named((int)values[0]) && goes_wrong(STATX, errors, 2, NULL)) {
    return -1;
  }
  if (number == SYS_epoll_pwait2) {
    const struct timespec *limit = (const struct timespec *)values[3];
    atomic_store(&lane_wait_limit, limit == NULL ? -1 : (int64_t)(limit->tv_nsec / 1000000));
    atomic_fetch_add(&lane_waits, 1);
  }
  return __real_syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

int __wrap_epoll_wait(int epoll, struct epoll_event *events, int count, int limit_ms) {
  atomic_store(&lane_wait_limit, limit_ms);
  atomic_fetch_add(&lane_waits, 1);
  if (is_random()) {
    errno = EINTR;
    return -1;
  }
  return __real_epoll_wait(epoll, events, count, limit_ms);
}

int __wrap_epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
  static const int errors[] = {ENOMEM, ENOSPC};
  if (operation == EPOLL_CTL_ADD && is_named(fd) && goes_wrong(EPOLL_ADD, errors, 2, NULL)) {
    return -1;
  }
  return __real_epoll_ctl(epoll, operation, fd, event);
}

int __wrap_fcntl(int fd, int command, ...) {
  static const int errors[] = {EPERM, EBUSY, ENOMEM};
  va_list arguments;
  va_start(arguments, command);
  long value = va_arg(arguments, long);
  va_end(arguments);
  if (command == F_SETPIPE_SZ && is_named(fd) && goes_wrong(SET_PIPE_SIZE, errors, 3, NULL)) {
    return -1;
  }
  return __real_fcntl(fd, command, value);
}

/* The next of this number is another one. */
int __wrap_close(int fd) {
  if (fd >= 0 && fd < DESCRIPTORS) {
    may_fail(fd, false);
  }
  return __real_close(fd);
}

int __wrap_epoll_create1(int flags) {
  return fails(EPOLL_CREATE) ? -1 : __real_epoll_create1(flags);
}

int __wrap_eventfd(unsigned value, int flags) {
  return fails(EVENTFD) ? -1 : __real_eventfd(value, flags);
}

void *__wrap_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return fails(MMAP) ? MAP_FAILED : __real_mmap(address, length, protection, flags, fd, offset);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *data) {
  return fails(THREAD) ? errno : __real_pthread_create(thread, attributes, run, data);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time) {
  int failed = __real_clock_gettime(clock, time);
  if (clock == CLOCK_MONOTONIC && failed == 0) {
    uint64_t ns = (uint64_t)time->tv_nsec + atomic_load_explicit(&leapt_ns, memory_order_relaxed);
    time->tv_sec += (time_t)(ns / 1000000000);
    time->tv_nsec = (long)(ns % 1000000000);
  }
  return failed;
}
