/*
 * Opening logs by their paths; see file-jobs.h.
 */
#define _GNU_SOURCE
#include "file-jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_facts(int fd, struct file_facts *facts) {
  int error = look_at_fd(fd, &facts->seen);
  facts->is_terminal = error == 0 && S_ISCHR(facts->seen.mode) && isatty(fd) == 1;
  return error;
}

static int open_path(const char *path, int flags, uint32_t mode, const struct admitted *admitted,
                     struct file_answer *answer) {
  struct place place;
  int error = place_find(&place, path, FOLLOW_LAST_LINK, admitted);
  if (error == 0) {
    error = place_open(&place, flags, mode, &answer->fd);
  }
  if (error == UNSAFE_PATH) {
    memcpy(answer->reason, place.reason, sizeof(answer->reason));
  }
  place_close(&place);
  return error;
}

/* The descriptor is kept only with what it is. */
static int add_facts(struct file_answer *answer) {
  int error = file_facts(answer->fd, &answer->facts);
  answer->has_facts = error == 0;
  if (error != 0) {
    close(answer->fd);
    answer->fd = -1;
  }
  return error;
}

int file_open_append(const struct file_request *request, int extra_flags, struct file_answer *answer) {
  const char *path = request->path;
  int flags = O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | extra_flags;
  /* Through /proc it may be the pipe of another process, whose reader must not be mistaken for ourselves. */
  int error = strncmp(path, "/proc/", strlen("/proc/")) == 0
                  ? EACCES
                  : open_path(path, flags | O_RDWR, request->mode, &request->admitted, answer);
  if (error == EACCES) {
    error = open_path(path, flags | O_WRONLY, request->mode, &request->admitted, answer);
  }
  return error != 0 ? error : add_facts(answer);
}

int file_stat(const char *path, const struct admitted *admitted, char *reason, struct seen *seen) {
  struct place place;
  int error = place_find(&place, path, FOLLOW_LAST_LINK, admitted);
  if (error == 0) {
    error = place_look(&place, seen);
  }
  if (error == UNSAFE_PATH) {
    memcpy(reason, place.reason, sizeof(place.reason));
  }
  place_close(&place);
  return error;
}

static int open_nothing(const struct seen *seen, struct file_answer *answer) {
  answer->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  answer->facts = (struct file_facts){.seen = *seen};
  answer->facts.seen.bytes = 0;
  answer->has_facts = answer->fd >= 0;
  return answer->fd < 0 ? errno : 0;
}

/*
 * A device, FIFO, socket or terminal has no past, and reading it would block, or take what is for somebody else. So it is
 * never opened, and reads as an empty file that does not grow.
 */
int file_open_read(const char *path, const struct admitted *admitted, struct file_answer *answer) {
  struct seen seen;
  int error = file_stat(path, admitted, answer->reason, &seen);
  answer->is_there = error == 0;
  if (error == 0 && !S_ISREG(seen.mode) && !S_ISDIR(seen.mode)) {
    return open_nothing(&seen, answer);
  }
  error = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, admitted, answer);
  if (error == 0) {
    error = add_facts(answer);
  }
  if (error == 0 && !S_ISREG(answer->facts.seen.mode)) {
    close(answer->fd);
    answer->fd = -1;
    answer->has_facts = false;
    error = S_ISDIR(answer->facts.seen.mode) ? EISDIR : EINVAL;
  }
  return error;
}
