/*
 * Jobs that move, remove and replace logs; see file-jobs.h.
 */
#define _GNU_SOURCE
#include "file-jobs.h"
#include "log-entries.h"
#include "own-descriptor.h"
#include "rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_if_open(int fd) {
  if (fd >= 0) {
    close(fd);
  }
}

/* One of the daemon's own descriptors is never emptied, moved or gone over to, even if it is a file. */
static bool is_own(const struct file_request *request) {
  return own_descriptor(request->path, &request->admitted) != NO_DESCRIPTOR;
}

/* Opens the path, which must be a regular file. */
static int open_file(const struct file_request *request, int extra_flags, struct file_answer *answer) {
  if (is_own(request)) {
    return EINVAL;
  }
  int error = file_open_append(request, extra_flags, answer);
  if (error == 0 && !S_ISREG(answer->facts.seen.mode)) {
    close(answer->fd);
    answer->fd = -1;
    answer->has_facts = false;
    error = EINVAL;
  }
  return error;
}

static void keep_reason(struct file_answer *answer, int error, const struct place *place) {
  answer->error = error;
  if (error == UNSAFE_PATH) {
    memcpy(answer->reason, place->reason, sizeof(answer->reason));
  }
}

/* Whether the file that is open is to be rotated; else the outcome is set. What cannot be looked at is. */
static bool is_due(const struct file_request *request, struct file_answer *answer) {
  struct seen seen;
  if (look_at_fd(request->fd, &seen) != 0) {
    return true;
  }
  if (seen.links == 0) {
    answer->outcome = FILE_REMOVED;
    return false;
  }
  if (seen.bytes < request->max_bytes) {
    answer->outcome = FILE_SMALL;
    answer->has_facts = true;
    answer->facts = (struct file_facts){.seen = seen};
    return false;
  }
  return true;
}

static void open_anew(const struct file_request *request, int extra_flags, struct file_answer *answer) {
  answer->error = open_file(request, extra_flags, answer);
  answer->outcome = answer->error == 0 ? DONE : MISPLACED;
}

/* A directory that is gone is for the opening to tell of. */
static void rotate(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct place place;
  struct rotation rotation = {.backups = request->backups};
  int held = -1;
  int error = place_find(&place, request->path, KEEP_LAST_LINK, &request->admitted);
  if (error == 0) {
    rotation.name = place.name;
    error = rotation_begin(&place, &rotation);
  }
  if (error != 0 && error != ENOENT) {
    job->answer.outcome = FAILED;
    keep_reason(&job->answer, error, &place);
  } else {
    open_anew(request, 0, &job->answer);
  }
  job_answer(&job->job);
  if (error == 0) {
    rotation_finish(&place, &rotation, &held);
  }
  place_close(&place);
  job_end_key(&job->job);
  close_if_open(held);
}

void file_job_rotate(struct file_job *job) {
  if (!is_due(&job->request, &job->answer)) {
    return;
  }
  if (job->request.backups == 0) {
    open_anew(&job->request, O_TRUNC, &job->answer);
  } else {
    rotate(job);
  }
}

/* Whether the path names the file that is open. */
static bool is_still_there(const struct file_request *request, struct file_answer *answer) {
  struct seen here, named;
  if (look_at_fd(request->fd, &here) != 0 ||
      file_stat(request->path, &request->admitted, answer->reason, &named) != 0 || !is_same_file(&here, &named)) {
    return false;
  }
  answer->outcome = FILE_SAME;
  answer->has_facts = true;
  answer->facts = (struct file_facts){.seen = here};
  return true;
}

void file_job_reopen(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct file_answer *answer = &job->answer;
  struct seen here;
  if (request->only_if_other && is_still_there(request, answer)) {
    return;
  }
  bool is_removed = look_at_fd(request->fd, &here) == 0 && here.links == 0;
  answer->error = open_file(request, 0, answer);
  answer->outcome = answer->error == 0 ? DONE : FAILED;
  if (answer->error == 0 && is_removed && here.bytes > request->position) {
    /* What cannot be read back is lost, as it would have been. */
    file_read_range(request->fd, request->position, (size_t)(here.bytes - request->position), answer);
  }
}

static int remove_file(const struct file_request *request, struct file_answer *answer, int *held) {
  struct place place;
  *held = -1;
  int error = place_find(&place, request->path, KEEP_LAST_LINK, &request->admitted);
  if (error == 0) {
    error = log_entry_remove(&place, place.name, held);
  }
  keep_reason(answer, error, &place);
  place_close(&place);
  return error;
}

/* What frees the space of a file nobody waits for. */
static void answer_and_close(struct file_job *job, int held) {
  job_answer(&job->job);
  job_end_key(&job->job);
  close_if_open(held);
}

void file_job_clear(struct file_job *job) {
  int held = -1;
  int error = is_own(&job->request) ? EINVAL : remove_file(&job->request, &job->answer, &held);
  if (error == 0 || error == ENOENT) {
    open_anew(&job->request, 0, &job->answer);
  } else {
    job->answer.outcome = FAILED;
    job->answer.error = error;
  }
  answer_and_close(job, held);
}

void file_job_remove(struct file_job *job) {
  int held;
  int error = remove_file(&job->request, &job->answer, &held);
  job->answer.outcome = error == 0 ? DONE : FAILED;
  answer_and_close(job, held);
}
