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

static int read_into(uint8_t *bytes, int fd, int64_t position, size_t length, size_t *count) {
  *count = 0;
  while (*count < length) {
    ssize_t more = pread(fd, bytes + *count, length - *count, (off_t)(position + (int64_t)*count));
    if (more == 0) {
      break;
    }
    if (more > 0) {
      *count += (size_t)more;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

int file_read_range(int fd, int64_t position, size_t length, struct file_answer *answer) {
  uint8_t *bytes = malloc(length + 1);
  size_t count = 0;
  int error = bytes == NULL ? ENOMEM : read_into(bytes, fd, position, length, &count);
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

/* To where the request wants it. */
static int read_wanted(const struct file_request *request, size_t length, struct file_answer *answer) {
  struct block *block = request->block;
  if (block == NULL) {
    return file_read_range(request->fd, request->position, length, answer);
  }
  answer->start = request->position;
  return read_into(block->bytes, request->fd, request->position, length < block->length ? length : block->length,
                   &answer->length);
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
  job->answer.error = read_wanted(request, request->length, &job->answer);
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

/* Whether the path now names another file. */
static bool is_moved(const struct file_request *request, const struct seen *open) {
  char reason[REASON_BYTES];
  struct seen named;
  return file_stat(request->path, &request->admitted, reason, &named) == 0 && !is_same_file(&named, open);
}

/* The file that came after the one that is open, if the path now names another. */
static void open_next(const struct file_request *request, struct file_answer *answer) {
  char path[PATH_MAX];
  struct file_answer next = {.fd = -1};
  if (is_moved(request, &answer->facts.seen) && successor(request, &answer->facts.seen, path) == 0 &&
      file_open_read(path, &request->admitted, &next) == 0) {
    answer->fd = next.fd;
    answer->next_facts = next.facts;
  }
}

/* Reads from the position on; whether that is the end of the file. */
static bool read_rest(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct file_answer *answer = &job->answer;
  answer->error = file_facts(request->fd, &answer->facts);
  answer->has_facts = answer->error == 0;
  int64_t size = answer->facts.seen.bytes;
  if (answer->error == 0 && size > request->position) {
    answer->error = read_wanted(request, at_most(request->length, size - request->position), answer);
  }
  answer->outcome = answer->error == 0 ? DONE : FAILED;
  return answer->error == 0 && size == request->position;
}

void file_job_read_on(struct file_job *job) {
  if (read_rest(job) && is_moved(&job->request, &job->answer.facts.seen)) {
    job->answer.outcome = FILE_MOVED;
  }
}

/*
 * Backups must not be moved while it is looked for the one that came next. What was written to the file before it was moved
 * is read first.
 */
void file_job_read_next(struct file_job *job) {
  if (read_rest(job)) {
    open_next(&job->request, &job->answer);
  }
}
