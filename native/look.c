/*
 * See look.h. The kernel's call and its record are used as they are, since libc's wrapper is younger than the oldest
 * libc that the addon runs on, and its `stat` has another name in each.
 */
#define _GNU_SOURCE
#include "look.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the kernel's linux/stat.h, which musl's compiler package does not bring. */
enum { STATX_ALL_BASIC = 0x7ff, EMPTY_PATH = 0x1000 };

/* struct statx. */
struct kernel_record {
  uint32_t mask, block_bytes;
  uint64_t attributes;
  uint32_t links, uid, gid;
  uint16_t mode, unused;
  uint64_t inode, bytes, blocks, attributes_mask;
  struct {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t unused;
  } times[4];
  uint32_t special_major, special_minor, major, minor;
  uint64_t rest[14];
};

_Static_assert(sizeof(struct kernel_record) == 256, "as large as the kernel's");

static uint64_t device_number(uint64_t major, uint64_t minor) {
  return (major & 0xfffff000u) << 32 | (major & 0xfffu) << 8 | (minor & 0xffffff00u) << 12 | (minor & 0xffu);
}

static int ask(int directory, const char *name, int flags, struct seen *seen) {
  struct kernel_record record;
  while (syscall(SYS_statx, directory, name, flags, STATX_ALL_BASIC, &record) != 0) {
    if (errno != EINTR) {
      return errno;
    }
  }
  *seen = (struct seen){
      .mode = record.mode,
      .uid = record.uid,
      .gid = record.gid,
      .links = record.links,
      .device = device_number(record.major, record.minor),
      .inode = record.inode,
      .bytes = (int64_t)record.bytes,
  };
  return 0;
}

int look_at(int directory, const char *name, bool follows, struct seen *seen) {
  return ask(directory, name, follows ? 0 : AT_SYMLINK_NOFOLLOW, seen);
}

int look_at_fd(int fd, struct seen *seen) { return ask(fd, "", EMPTY_PATH, seen); }

bool is_same_file(const struct seen *a, const struct seen *b) {
  return a->inode == b->inode && a->device == b->device;
}
