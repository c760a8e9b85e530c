/*
 * The pool; see jobs.h. Everything in it is guarded by one mutex, which is held for no longer than it takes to look through
 * lists that are as long as there are file systems and threads. A job belongs to the pool until it has run, and to its inbox
 * from when it is answered until it is taken: whoever lets go of it last frees it.
 */
#define _GNU_SOURCE
#include "jobs.h"
#include "job-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/*
 * Who reads on and on asks for the next jobs when it has heard of the last ones: a thread that ended meanwhile would have to be
 * started for each.
 */
enum { LINGER_MS = 100 };

/* A thread that has nothing to do; on its stack. */
struct sleeper {
  struct sleeper *next;
  /* What it is called for, and how often it has been. */
  struct job *handed;
  atomic_uint calls;
};

struct queue {
  struct job *first;
  struct job *last;
};

struct inbox {
  struct queue finished;
  int fd;
  bool is_closed;
  /* The owner, and jobs that are not finished. */
  size_t shares;
};

struct domain {
  int64_t number;
  struct queue waiting;
  int running;
  struct domain *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct domain *domains;
static struct job *running;
static int threads;
/* Threads that sleep and have not been called, the last one to go to sleep first. */
static struct sleeper *idle;

static void push(struct queue *queue, struct job *job) {
  job->next = NULL;
  if (queue->last == NULL) {
    queue->first = job;
  } else {
    queue->last->next = job;
  }
  queue->last = job;
}

/* Takes out the one after `before`, or the first when that is NULL. */
static struct job *take_after(struct queue *queue, struct job *before) {
  struct job **link = before == NULL ? &queue->first : &before->next;
  struct job *job = *link;
  *link = job->next;
  if (queue->last == job) {
    queue->last = before;
  }
  job->next = NULL;
  return job;
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct domain *find_domain(int64_t number) {
  struct domain *domain = domains;
  while (domain != NULL && domain->number != number) {
    domain = domain->next;
  }
  return domain;
}

static struct domain *find_or_make_domain(int64_t number) {
  struct domain *domain = find_domain(number);
  if (domain == NULL) {
    domain = calloc(1, sizeof(*domain));
    if (domain != NULL) {
      domain->number = number;
      domain->next = domains;
      domains = domain;
    }
  }
  return domain;
}

static void drop_if_empty(struct domain *domain) {
  if (domain->running > 0 || domain->waiting.first != NULL) {
    return;
  }
  struct domain **link = &domains;
  while (*link != domain) {
    link = &(*link)->next;
  }
  *link = domain->next;
  free(domain);
}

static bool is_key_running(const char *key) {
  for (struct job *job = running; key != NULL && job != NULL; job = job->next_running) {
    if (job->key != NULL && strcmp(job->key, key) == 0) {
      return true;
    }
  }
  return false;
}

/* The first of a domain that may run, which is marked as running. */
static struct job *pick_from(struct domain *domain) {
  struct job *before = NULL;
  for (struct job *job = domain->waiting.first; job != NULL; job = job->next) {
    if (!is_key_running(job->key)) {
      take_after(&domain->waiting, before);
      domain->running++;
      job->started_ns = now_ns();
      job->next_running = running;
      running = job;
      return job;
    }
    before = job;
  }
  return NULL;
}

/* Each domain has its turn. */
static void move_to_end(struct domain **link) {
  struct domain *domain = *link;
  if (domain->next != NULL) {
    *link = domain->next;
    while (*link != NULL) {
      link = &(*link)->next;
    }
    *link = domain;
    domain->next = NULL;
  }
}

static struct job *pick(void) {
  for (struct domain **link = &domains; *link != NULL; link = &(*link)->next) {
    struct job *job = (*link)->running < JOBS_PER_DOMAIN ? pick_from(*link) : NULL;
    if (job != NULL) {
      move_to_end(link);
      return job;
    }
  }
  return NULL;
}

/* The opposite of what pick() has done. */
static void unmark(struct job *job) {
  struct job **link = &running;
  while (*link != job) {
    link = &(*link)->next_running;
  }
  *link = job->next_running;
  job->home->running--;
}

static void free_inbox_if_unused(struct inbox *inbox) {
  if (inbox->shares == 0) {
    close(inbox->fd);
    free(inbox);
  }
}

void job_release(struct job *job) {
  if (atomic_fetch_sub(&job->owners, 1) == 1) {
    job->release(job);
  }
}

/* Hands a share of the job to the inbox. */
static void post(struct job *job) {
  static const uint64_t one = 1;
  struct inbox *inbox = job->inbox;
  bool is_heard = job->has_answer && !inbox->is_closed;
  job->inbox = NULL;
  inbox->shares--;
  if (is_heard) {
    bool was_empty = inbox->finished.first == NULL;
    push(&inbox->finished, job);
    if (was_empty && write(inbox->fd, &one, sizeof(one)) < 0) {
      /* It cannot be full, being emptied at each look. */
    }
  } else {
    job_release(job);
  }
  free_inbox_if_unused(inbox);
}

/* Without a thread nobody would ever carry it out. */
static void fail(struct job *job, int error) {
  struct domain *home = job->home;
  unmark(job);
  drop_if_empty(home);
  job->fail(job, error);
  post(job);
  job_release(job);
}

/* Back to its place in the line: a thread takes it when it has time. */
static void put_back(struct job *job) {
  struct queue *waiting = &job->home->waiting;
  unmark(job);
  job->next = waiting->first;
  waiting->first = job;
  waiting->last = waiting->last == NULL ? job : waiting->last;
}

static void *run_jobs(void *data);

/* Sees to it that everything that may run does, as far as there may be threads. */
static void assign(void) {
  while (idle != NULL || threads < JOB_THREADS_MAX) {
    struct job *job = pick();
    if (job == NULL) {
      return;
    }
    if (idle != NULL) {
      struct sleeper *sleeper = idle;
      idle = sleeper->next;
      sleeper->handed = job;
      atomic_fetch_add(&sleeper->calls, 1);
      job_thread_wake(&sleeper->calls);
      continue;
    }
    int error = job_thread_start(run_jobs, job);
    if (error == 0) {
      threads++;
    } else if (threads == 0) {
      fail(job, error);
    } else {
      put_back(job);
      return;
    }
  }
}

static void end(struct job *job) {
  struct domain *home = job->home;
  unmark(job);
  drop_if_empty(home);
  if (job->inbox != NULL) {
    post(job);
  }
  job_release(job);
}

static void leave_idle(struct sleeper *sleeper) {
  struct sleeper **link = &idle;
  while (*link != sleeper) {
    link = &(*link)->next;
  }
  *link = sleeper->next;
}

/* Called with the lock held, which is let go of meanwhile. NULL: nobody has called, and another one sleeps on. */
static struct job *sleep_until_called(struct sleeper *self) {
  self->handed = NULL;
  self->next = idle;
  idle = self;
  for (bool has_lingered = false; self->handed == NULL; has_lingered = true) {
    bool is_only_one = idle == self && self->next == NULL;
    if (has_lingered && !is_only_one) {
      leave_idle(self);
      return NULL;
    }
    unsigned seen = atomic_load(&self->calls);
    pthread_mutex_unlock(&lock);
    job_thread_sleep(&self->calls, seen, is_only_one ? -1 : LINGER_MS);
    pthread_mutex_lock(&lock);
  }
  return self->handed;
}

/* The life of a thread, which begins with a job. */
static void *run_jobs(void *data) {
  struct sleeper self = {0};
  struct job *job = data;
  while (job != NULL) {
    job->run(job);
    pthread_mutex_lock(&lock);
    end(job);
    job = pick();
    assign();
    if (job == NULL) {
      job = sleep_until_called(&self);
    }
    threads -= job == NULL ? 1 : 0;
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

struct inbox *inbox_open(void) {
  struct inbox *inbox = calloc(1, sizeof(*inbox));
  if (inbox == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  inbox->shares = 1;
  inbox->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (inbox->fd < 0) {
    int error = errno;
    free(inbox);
    errno = error;
    return NULL;
  }
  return inbox;
}

int inbox_fd(const struct inbox *inbox) { return inbox->fd; }

struct job *inbox_take(struct inbox *inbox) {
  uint64_t count;
  pthread_mutex_lock(&lock);
  if (read(inbox->fd, &count, sizeof(count)) < 0) {
    /* Nothing has come since the last look. */
  }
  struct job *first = inbox->finished.first;
  inbox->finished = (struct queue){0};
  pthread_mutex_unlock(&lock);
  return first;
}

void inbox_close(struct inbox *inbox) {
  struct job *job = inbox_take(inbox);
  pthread_mutex_lock(&lock);
  inbox->is_closed = true;
  inbox->shares--;
  free_inbox_if_unused(inbox);
  pthread_mutex_unlock(&lock);
  while (job != NULL) {
    struct job *next = job->next;
    job_release(job);
    job = next;
  }
}

void job_submit(struct inbox *inbox, struct job *job) {
  pthread_mutex_lock(&lock);
  inbox->shares++;
  job->inbox = inbox;
  atomic_store(&job->owners, 2);
  job->home = find_or_make_domain(job->domain);
  if (job->home == NULL) {
    job->fail(job, ENOMEM);
    post(job);
    job_release(job);
  } else {
    push(&job->home->waiting, job);
    assign();
  }
  pthread_mutex_unlock(&lock);
}

void job_answer(struct job *job) {
  pthread_mutex_lock(&lock);
  post(job);
  pthread_mutex_unlock(&lock);
}

void job_end_key(struct job *job) {
  pthread_mutex_lock(&lock);
  job->key = NULL;
  assign();
  pthread_mutex_unlock(&lock);
}

double jobs_running_ms(int64_t domain) {
  double longest = -1;
  pthread_mutex_lock(&lock);
  int64_t now = now_ns();
  for (struct job *job = running; job != NULL; job = job->next_running) {
    double ms = (double)(now - job->started_ns) / 1e6;
    if (job->home->number == domain && ms > longest) {
      longest = ms;
    }
  }
  pthread_mutex_unlock(&lock);
  return longest;
}

int jobs_thread_count(void) {
  pthread_mutex_lock(&lock);
  int count = threads;
  pthread_mutex_unlock(&lock);
  return count;
}
