/*
 * The system calls of the pump as the tests want them to go; the linker puts these in between (`--wrap`, see calls).
 *
 * Nothing here makes one thread wait for another, unless it was asked for, so that the thread sanitizer sees the pump as it is.
 */
#ifndef SUPERVISORD_PUMP_TEST_FAULTS_H
#define SUPERVISORD_PUMP_TEST_FAULTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum call { READ, WRITE, STATX, EPOLL_ADD, SET_PIPE_SIZE, EPOLL_CREATE, EVENTFD, MMAP, THREAD, CALLS };

/*
 * The next `times` of this call after `after` others fail with this error. With `most` they move so many bytes at
 * most instead; with both, one moves so many and what comes then fails.
 */
struct fault {
  int error, after, times, most;
};
/* Reads, writes and looks are those of lanes only, on pipes and files that were named by `may_fail`. */
void set_fault(enum call call, struct fault fault);
/* How many faults of this kind have not been used up. */
int faults_left(enum call call);
void may_fail(int fd, bool may);

/* Of a thousand calls so many go wrong in a way that is to be overcome; 0: none. */
void set_random_faults(unsigned of_thousand, uint64_t seed);

/* This process kills itself at the start or end of so manieth call of a lane on a pipe or file; 0: it lives. */
void set_death(unsigned calls);

/* Writes to this descriptor wait until they are let go. */
void set_hanging(int fd, bool hangs);
/* Waits until a write hangs. */
void await_hanging(int fd);

/* The clock goes forward so far in no time. */
void leap(uint64_t ns);

/* Waits of lanes for events so far; and how long the last one may last, in ms, negative: for ever. */
extern _Atomic uint64_t lane_waits;
extern _Atomic int64_t lane_wait_limit;

#endif
