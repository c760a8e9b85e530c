/*
 * See directory-entries.h.
 */
#define _GNU_SOURCE
#include "directory-entries.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LISTING_BYTES = 32 * 1024 };

/* struct linux_dirent64. */
struct kernel_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

int for_each_name(int fd, int (*use)(const char *name, void *data), void *data) {
  char *buffer = malloc(LISTING_BYTES);
  int result = buffer == NULL ? ENOMEM : 0;
  while (result == 0) {
    long length = syscall(SYS_getdents64, fd, buffer, LISTING_BYTES);
    if (length <= 0) {
      result = length < 0 ? errno : ENOUGH_NAMES;
    }
    for (long at = 0; at < length && result == 0;) {
      const struct kernel_entry *entry = (const struct kernel_entry *)(buffer + at);
      result = use(entry->name, data);
      at += entry->length;
    }
  }
  free(buffer);
  return result == ENOUGH_NAMES ? 0 : result;
}
