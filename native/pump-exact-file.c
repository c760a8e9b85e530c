/* How much of what was being written is in a file. */
#define _GNU_SOURCE
#include "pump-exact-parts.h"
#include "look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  /* So far bytes are looked for that others have written others in front of. */
  MOST_LOOKED_AT = 16 * 1024 * 1024,
  /* A write that was cut short ends at the end of one. */
  PAGE = 4096,
};

/* Reads as much as there is; false where nothing can be read. */
static bool read_at(int fd, char *bytes, size_t length, uint64_t offset) {
  for (size_t done = 0; done < length;) {
    ssize_t count = pread(fd, bytes + done, length - done, (off_t)(offset + done));
    if (count == 0 || (count < 0 && errno != EINTR)) {
      return false;
    }
    done += count > 0 ? (size_t)count : 0;
  }
  return true;
}

static size_t common(const char *one, const char *other, size_t most) {
  size_t length = 0;
  while (length < most && one[length] == other[length]) {
    length++;
  }
  return length;
}

/* The longest beginning of the bytes that may be what a write has left there. */
static size_t longest_in(const char *bytes, size_t length, const char *grown, size_t grown_by, uint64_t offset) {
  size_t longest = 0;
  for (size_t at = 0; at < grown_by && longest < length; at++) {
    size_t most = grown_by - at < length ? grown_by - at : length;
    size_t same = common(bytes, grown + at, most);
    bool may_end_there = same == length || at + same == grown_by || (offset + at + same) % PAGE == 0;
    if (may_end_there && same > longest) {
      longest = same;
    }
  }
  return longest;
}

size_t exact_find(const struct exact_slot *slot, int fd) {
  const struct exact_record *record = &slot->record;
  const char *bytes = slot->bytes + record->done;
  size_t length = record->length - record->done;
  off_t size = lseek(fd, 0, SEEK_END);
  struct seen facts;
  /* One that nothing is said of is the one that the owner has found by its number. */
  bool is_other =
      look_at_fd(fd, &facts) == 0 && (record->inode != facts.inode || record->device != facts.device);
  /* In one that is shorter than before, and so was truncated, it might be found where it is something else that looks alike. */
  if (is_other || size < 0 || (uint64_t)size < record->size) {
    return 0;
  }
  uint64_t from = record->size;
  size_t grown_by = (uint64_t)size - from < MOST_LOOKED_AT ? (size_t)((uint64_t)size - from) : MOST_LOOKED_AT;
  char *grown = malloc(grown_by + 1);
  if (grown == NULL || !read_at(fd, grown, grown_by, from)) {
    /* It is open for writing alone, or cannot be read: the size has to do. */
    free(grown);
    return grown_by < length ? grown_by : length;
  }
  size_t same = common(bytes, grown, grown_by < length ? grown_by : length);
  size_t found = same == grown_by || same == length ? same : longest_in(bytes, length, grown, grown_by, from);
  free(grown);
  return found;
}
