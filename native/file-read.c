/*
 * Jobs that read logs; see file-jobs.h.
 */
#define _GNU_SOURCE
#include "file-jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a file may have grown by while it is being read. */
enum { GROWTH_BYTES = 64 * 1024 };

int file_read_range(int fd, int64_t position, size_t length, struct file_answer *answer) {
  uint8_t *bytes = malloc(length + 1);
  size_t count = 0;
  int error = bytes == NULL ? ENOMEM : 0;
  while (error == 0 && count < length) {
    ssize_t more = pread(fd, bytes + count, length - count, (off_t)(position + (int64_t)count));
    if (more == 0) {
      break;
    }
    if (more > 0) {
      count += (size_t)more;
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error != 0) {
    free(bytes);
    return error;
  }
  uint8_t *fitted = count < length ? realloc(bytes, count + 1) : NULL;
  answer->bytes = fitted == NULL ? bytes : fitted;
  answer->length = count;
  answer->start = position;
  return 0;
}

static size_t at_most(size_t length, int64_t available) {
  size_t bound = available <= 0 ? 0 : (size_t)available;
  return length < bound ? length : bound;
}

void file_job_read(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct file_answer *answer = &job->answer;
  answer->error = file_open_read(request->path, &request->admitted, answer);
  if (answer->error == 0 && !request->keeps_open) {
    int64_t size = answer->facts.seen.bytes;
    int64_t start = request->position >= 0 ? request->position : size + request->position;
    start = start < 0 ? 0 : start;
    size_t length = at_most(request->length, size - start + GROWTH_BYTES);
    answer->error = file_read_range(answer->fd, start, length, answer);
    close(answer->fd);
    answer->fd = -1;
  }
  answer->outcome = answer->error == 0 ? DONE : FAILED;
}

void file_job_read_at(struct file_job *job) {
  const struct file_request *request = &job->request;
  job->answer.error = file_read_range(request->fd, request->position, request->length, &job->answer);
  job->answer.outcome = job->answer.error == 0 ? DONE : FAILED;
}

static int backup_path(char *result, const char *path, uint32_t number) {
  int length = number == 0 ? snprintf(result, PATH_MAX, "%s", path) : snprintf(result, PATH_MAX, "%s.%u", path, number);
  return length >= PATH_MAX ? ENAMETOOLONG : 0;
}

/* Where the file is that was begun when another one was rotated away: the path itself, unless it has been rotated since. */
static int successor(const struct file_request *request, const struct seen *old, char *path) {
  char reason[REASON_BYTES];
  struct seen seen;
  for (uint32_t number = 1;; number++) {
    int error = backup_path(path, request->path, number);
    if (error == 0) {
      error = file_stat(path, &request->admitted, reason, &seen);
    }
    if (error != 0) {
      return backup_path(path, request->path, 0);
    }
    if (is_same_file(&seen, old)) {
      return backup_path(path, request->path, number - 1);
    }
  }
}

/* The next file, if the path now names another. */
static void open_next(const struct file_request *request, struct file_answer *answer) {
  char path[PATH_MAX];
  struct seen named;
  struct file_answer next = {.fd = -1};
  if (file_stat(request->path, &request->admitted, next.reason, &named) != 0 ||
      is_same_file(&named, &answer->facts.seen) || successor(request, &answer->facts.seen, path) != 0) {
    return;
  }
  if (file_open_read(path, &request->admitted, &next) == 0) {
    answer->fd = next.fd;
    answer->next_facts = next.facts;
  }
}

void file_job_read_on(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct file_answer *answer = &job->answer;
  answer->error = file_facts(request->fd, &answer->facts);
  answer->has_facts = answer->error == 0;
  if (answer->error == 0 && answer->facts.seen.bytes > request->position) {
    size_t length = at_most(request->length, answer->facts.seen.bytes - request->position);
    answer->error = file_read_range(request->fd, request->position, length, answer);
  } else if (answer->error == 0 && answer->facts.seen.bytes == request->position) {
    open_next(request, answer);
  }
  answer->outcome = answer->error == 0 ? DONE : FAILED;
}
