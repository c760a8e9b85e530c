/*
 * Opening what is at a place; see paths.h. What is found in a directory that others can write must be a file of one of
 * those who may be meant.
 */
#define _GNU_SOURCE
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often others may remove a file and make it again while it is being opened. */
enum { OPEN_ATTEMPTS = 10 };

static int try_open(int directory, const char *entry, int flags, uint32_t mode, int *fd) {
  do {
    *fd = openat(directory, entry, flags | O_CLOEXEC, (mode_t)mode);
  } while (*fd < 0 && errno == EINTR);
  return *fd < 0 ? errno : 0;
}

int place_check_owner(struct place *place, const struct seen *file) {
  if (!place->is_open || is_trusted(file->uid, place->self) || file->uid == place->directory.uid ||
      is_friend(place->admitted, file->uid)) {
    return 0;
  }
  sprintf(place->reason, "others can write its directory, and it belongs to user %u", file->uid);
  return UNSAFE_PATH;
}

/* Whether a descriptor may be used. A second name may be that of a file which is for root alone. */
static int check(struct place *place, int fd, int flags) {
  struct seen seen;
  int error = look_at_fd(fd, &seen);
  if (error == 0) {
    error = place_check_owner(place, &seen);
  }
  if (error == 0 && seen.links > 1 && !S_ISDIR(seen.mode)) {
    sprintf(place->reason, "others can write its directory, and it is a file with another name elsewhere");
    error = UNSAFE_PATH;
  }
  if (error == 0 && (flags & O_TRUNC) != 0 && ftruncate(fd, 0) != 0) {
    error = errno;
  }
  return error;
}

static int check_or_close(struct place *place, int flags, int *fd) {
  int error = check(place, *fd, flags);
  if (error != 0) {
    close(*fd);
    *fd = -1;
  }
  return error;
}

int place_open(struct place *place, int flags, uint32_t mode, int *fd) {
  char entry[PATH_MAX];
  *fd = -1;
  int error = place_entry(place, place->name, entry);
  if (error != 0) {
    return error;
  }
  if (!place->is_open) {
    return try_open(place->fd, entry, flags, mode, fd);
  }
  /* Never waits, whatever somebody has put there, and changes nothing before it is known what it is. */
  int careful = (flags & ~(O_CREAT | O_EXCL | O_TRUNC)) | O_NOFOLLOW | O_NONBLOCK;
  bool is_to_be_new = (flags & O_EXCL) != 0;
  for (int attempt = 1;; attempt++) {
    error = is_to_be_new ? ENOENT : try_open(place->fd, entry, careful, mode, fd);
    if (error == 0) {
      return check_or_close(place, flags, fd);
    }
    if (error != ENOENT || (flags & O_CREAT) == 0) {
      return error;
    }
    error = try_open(place->fd, entry, careful | O_CREAT | O_EXCL, mode, fd);
    if (error != EEXIST || is_to_be_new || attempt == OPEN_ATTEMPTS) {
      return error;
    }
  }
}

int place_look(struct place *place, struct seen *seen) {
  char entry[PATH_MAX];
  if (place->is_found) {
    *seen = place->found;
    return 0;
  }
  int error = place_entry(place, place->name, entry);
  return error != 0 ? error : look_at(place->fd, entry, !place->is_open, seen);
}
