/* What a record of a write under way and the file say about how much of it is there. */
#define _GNU_SOURCE
#include "../pump-exact-parts.h"
#include "../look.h"
#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
  const char *what, *before, *after, *slot;
  uint32_t done;
  bool is_other;
  size_t expected;
} cases[] = {
    {"nothing", "old", "", "abcdef", 0, false, 0},
    {"some", "old", "abc", "abcdef", 0, false, 3},
    {"all", "old", "abcdef", "abcdef", 0, false, 6},
    {"in an empty file", "", "ab", "abcdef", 0, false, 2},
    {"from where it was", "old", "de", "abcdef", 3, false, 2},
    {"all, and others behind", "old", "abcdefxyz", "abcdef", 0, false, 6},
    {"all, and others in front", "old", "xyabcdef", "abcdef", 0, false, 6},
    {"all, and others around", "old", "abxabcdefy", "abcdef", 0, false, 6},
    {"some, and others in front", "old", "xyzabc", "abcdef", 0, false, 3},
    {"others alone", "old", "xyz", "abcdef", 0, false, 0},
    {"others alone that begin like it", "old", "abxyz", "abcdef", 0, false, 0},
    {"another file", "old", "abc", "abcdef", 0, true, 0},
};

int find_test(void) {
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    int fd = new_log("find");
    char bytes[64];
    strcpy(bytes, cases[i].slot);
    CHECK(write(fd, cases[i].before, strlen(cases[i].before)) >= 0, "before");
    struct seen facts;
    CHECK(look_at_fd(fd, &facts) == 0, "statx");
    struct exact_slot slot = {.bytes = bytes,
                              .record = {.state = WRITING,
                                         .length = (uint32_t)strlen(bytes),
                                         .done = cases[i].done,
                                         .device = facts.device,
                                         .inode = facts.inode + cases[i].is_other,
                                         .size = (uint64_t)size_of(fd)}};
    CHECK(write(fd, cases[i].after, strlen(cases[i].after)) >= 0, "after");
    size_t found = exact_find(&slot, fd);
    CHECK(found == cases[i].expected, "%s: %zu", cases[i].what, found);
    /* Truncated since, as copytruncate does. */
    CHECK(ftruncate(fd, 0) == 0 && (cases[i].before[0] == 0 || exact_find(&slot, fd) == 0), "%s", cases[i].what);
    close(fd);
  }
  printf("find: %zu cases\n", sizeof(cases) / sizeof(*cases));
  return 0;
}
