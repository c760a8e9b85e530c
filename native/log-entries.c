/*
 * See log-entries.h.
 */
#define _GNU_SOURCE
#include "log-entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the kernel's linux/fs.h. */
enum { NO_REPLACE = 1 };

/* Freeing the space of a smaller file takes no longer than holding it. */
enum { LARGE_BYTES = 1024 * 1024 };

/* A link that somebody else made is never followed, and may be removed whatever it leads to. */
static bool is_link_to_log(const struct place *place, const char *entry, const struct seen *link) {
  struct seen target;
  if (place->is_open && !is_trusted(link->uid, place->self)) {
    return true;
  }
  return look_at(place->fd, entry, true, &target) != 0 || S_ISREG(target.mode);
}

int log_entry_look(struct place *place, const char *name, struct log_entry *entry) {
  char path[PATH_MAX];
  struct seen seen;
  *entry = (struct log_entry){0};
  int error = place_entry(place, name, path);
  if (error == 0) {
    error = look_at(place->fd, path, false, &seen);
  }
  if (error == ENOENT) {
    return 0;
  }
  if (error == 0) {
    error = place_check_owner(place, &seen);
  }
  if (error != 0) {
    return error;
  }
  entry->is_there = true;
  entry->is_log = S_ISREG(seen.mode) || (S_ISLNK(seen.mode) && is_link_to_log(place, path, &seen));
  entry->bytes = seen.bytes;
  return 0;
}

/* What is in the way of a move: nothing is 0. */
static int look_in_the_way(struct place *place, const char *to) {
  struct log_entry in_the_way;
  int error = log_entry_look(place, to, &in_the_way);
  if (error != 0 || !in_the_way.is_there) {
    return error;
  }
  return in_the_way.is_log ? EEXIST : EINVAL;
}

/* Some file systems know no such flag: then the name is as free as it was when it was looked at. */
static int rename_to_free(struct place *place, const char *from, const char *to) {
  char source[PATH_MAX], target[PATH_MAX];
  int error = place_entry(place, from, source);
  if (error == 0) {
    error = place_entry(place, to, target);
  }
  if (error != 0 || syscall(SYS_renameat2, place->fd, source, place->fd, target, NO_REPLACE) == 0) {
    return error;
  }
  if (errno != EEXIST && errno != EINVAL && errno != ENOSYS) {
    return errno;
  }
  bool is_known = errno == EEXIST;
  error = look_in_the_way(place, to);
  if (error != 0 || is_known) {
    return error == 0 ? EEXIST : error;
  }
  return renameat(place->fd, source, place->fd, target) == 0 ? 0 : errno;
}

int log_entry_move(struct place *place, const char *from, const char *to) {
  struct log_entry moved;
  int error = log_entry_look(place, from, &moved);
  if (error != 0) {
    return error;
  }
  if (!moved.is_there) {
    error = look_in_the_way(place, to);
    return error == EEXIST ? 0 : error;
  }
  if (!moved.is_log) {
    return EINVAL;
  }
  error = rename_to_free(place, from, to);
  /* Others may remove a file at any moment. */
  return error == ENOENT ? 0 : error;
}

int log_entry_remove(struct place *place, const char *name, int *held) {
  char path[PATH_MAX];
  struct log_entry entry;
  *held = -1;
  int error = log_entry_look(place, name, &entry);
  if (error == 0) {
    error = place_entry(place, name, path);
  }
  if (error != 0) {
    return error;
  }
  if (!entry.is_there) {
    return ENOENT;
  }
  if (!entry.is_log) {
    return EINVAL;
  }
  if (entry.bytes >= LARGE_BYTES) {
    *held = openat(place->fd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  }
  return unlinkat(place->fd, path, 0) == 0 ? 0 : errno;
}
