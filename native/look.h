/*
 * What is at a path or open as a descriptor: stat, without the names that libc gives it by version.
 */
#ifndef SUPERVISORD_LOOK_H
#define SUPERVISORD_LOOK_H

#include <stdbool.h>
#include <stdint.h>

struct seen {
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  uint32_t links;
  /* As Node and `makedev` number it. */
  uint64_t device;
  uint64_t inode;
  int64_t bytes;
};

/* Both return 0 or an errno. `name` is relative to a directory, which may be AT_FDCWD. */
int look_at(int directory, const char *name, bool follows, struct seen *seen);
int look_at_fd(int fd, struct seen *seen);

bool is_same_file(const struct seen *a, const struct seen *b);

#endif
