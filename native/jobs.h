/*
 * Work that may take as long as a file system likes, on threads of its own.
 *
 * Jobs stand in line per domain, which is a number for a file system: at most so many of one run at a time, so that one that
 * hangs holds up a few threads and nothing but its own. Jobs with the same key are carried out one after the other, in the
 * order in which they were submitted to their domain. A thread is started when none is idle, and all but one end when there
 * has been nothing to do for them for a while; the last sleeps. No thread is ever waited for, so the process may end while one
 * hangs.
 *
 * No JavaScript here. Threads block all signals. Submitting and taking is for any thread.
 */
#ifndef SUPERVISORD_JOBS_H
#define SUPERVISORD_JOBS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { JOBS_PER_DOMAIN = 2, JOB_THREADS_MAX = 64 };

/* Where what is finished waits for whoever asked for it. Shared by that one and the jobs. */
struct inbox;

struct domain;

/* To be embedded as the first member of what a job is about. */
struct job {
  /* Set by whoever submits it. */
  int64_t domain;
  /* NULL: in no order with others. Must live as long as the job. */
  const char *key;
  /* Carries it out. Then it is finished, unless it has said so itself by job_answer(). */
  void (*run)(struct job *job);
  /* When no thread can be started: makes it one that has failed with an errno. */
  void (*fail)(struct job *job, int error);
  /* Frees it, answered or not; in any thread. */
  void (*release)(struct job *job);
  /* False: nobody wants to hear that it is finished. */
  bool has_answer;

  /* Of the pool. */
  struct inbox *inbox;
  struct domain *home;
  struct job *next;
  struct job *next_running;
  int64_t started_ns;
  atomic_int owners;
};

/* NULL when there is no memory or descriptor, with the errno set. */
struct inbox *inbox_open(void);
/* The owner's share; what comes later is released unheard. */
void inbox_close(struct inbox *inbox);
/* Becomes readable when something is finished. */
int inbox_fd(const struct inbox *inbox);
/* All that is finished, linked by `next` in the order of it; each to be given back to job_release(). */
struct job *inbox_take(struct inbox *inbox);

/* Takes over a job. Without memory for its domain it fails at once. */
void job_submit(struct inbox *inbox, struct job *job);
/* Within run(): hands the answer over, so that only work is left that nobody waits for; `run` must not touch it after. */
void job_answer(struct job *job);
/* Within run(): lets the next job with the same key begin. */
void job_end_key(struct job *job);
void job_release(struct job *job);

/* For how long the job of a domain has been running that does so longest, in milliseconds; -1: none is. */
double jobs_running_ms(int64_t domain);
/* How many threads there are. */
int jobs_thread_count(void);

#endif
