/*
 * Finds where a path leads, name by name.
 *
 * As long as only root and the daemon's user can change what is on the way it is a path like any other. From the first
 * directory on that others can write, each name is opened by itself, relative to the descriptor of its directory and
 * without following links, so that nothing can be exchanged between a look and what comes of it. Descriptors are opened
 * with O_PATH, which does nothing to what is opened.
 *
 * Used from any thread; nothing is remembered from one call to the next. Every function returns 0, an errno, or
 * UNSAFE_PATH, and then `reason` of the place is a sentence that says why.
 */
#ifndef SUPERVISORD_PATHS_H
#define SUPERVISORD_PATHS_H

#include "path-trust.h"

#include <limits.h>

enum { UNSAFE_PATH = -1, MAX_PATH_LINKS = 40, REASON_BYTES = 768 };

/* What a last name that is a link stands for: its target, or itself. */
enum last_link { FOLLOW_LAST_LINK, KEEP_LAST_LINK };

/* Where a path leads; to be closed by place_close(), also after a failure. */
struct place {
  const struct admitted *admitted;
  /* The effective user id of the daemon. */
  uint32_t self;
  /* The directory: AT_FDCWD, and `at` is its path, or a descriptor. */
  int fd;
  char at[PATH_MAX];
  struct seen directory;
  /* Others can write the directory: what is there may be another thing at any moment. */
  bool is_open;
  /* In the directory; of what is below /proc all names. */
  const char *name;
  /* Whether something was seen there. Nothing is looked at below /proc. */
  bool is_found;
  struct seen found;
  /* It is a link, which was kept; where it leads, and whether root or the daemon's user has put it there. */
  bool is_link;
  bool link_is_ours;
  char target[PATH_MAX];
  char reason[REASON_BYTES];
  /* Links of root or the daemon's user that would not have been followed unless they were believed. */
  struct file_id believed[MAX_PATH_LINKS + 1];
  size_t believed_count;

  /* Of the walk. */
  enum last_link last_link;
  bool is_at_root;
  /* Owns the names that are left, from `next` on. */
  char *names;
  char *next;
  struct detour detours[MAX_PATH_LINKS + 1];
  size_t detour_count;
};

/* Goes along an absolute path, once. `admitted` must live as long as the place. */
int place_find(struct place *place, const char *path, enum last_link last_link, const struct admitted *admitted);
void place_close(struct place *place);

/* The path of another name in the same directory, relative to `place->fd`, in a buffer of PATH_MAX. */
int place_entry(const struct place *place, const char *name, char *entry);

/* Refuses what belongs to somebody else than us, whose directory it is and our friends; for places that are open. */
int place_check_owner(struct place *place, const struct seen *file);

/* Opens what is at a place as `open` does, close-on-exec; the descriptor is the caller's. */
int place_open(struct place *place, int flags, uint32_t mode, int *fd);

/* What is at a place; follows no link that has come there since. */
int place_look(struct place *place, struct seen *seen);

#endif
