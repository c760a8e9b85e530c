#define _GNU_SOURCE
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t seed_of_round;

void fail(const char *file, int line, const char *condition, const char *format, ...) {
  int error = errno;
  va_list arguments;
  fprintf(stderr, "%s:%d: not so: %s: ", file, line, condition);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fprintf(stderr, " (errno: %s; seed: %llu)\n", strerror(error), (unsigned long long)seed_of_round);
  exit(1);
}

uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  return value ^ (value >> 31);
}

uint64_t throw_dice(struct dice *dice) {
  dice->state += UINT64_C(0x9e3779b97f4a7c15);
  return mix(dice->state);
}

uint64_t below(struct dice *dice, uint64_t sides) { return throw_dice(dice) % sides; }

unsigned char *grow(struct bytes *bytes, size_t more) {
  if (bytes->length + more >= bytes->room) {
    bytes->room = 2 * (bytes->length + more) + 1;
    bytes->at = realloc(bytes->at, bytes->room);
    CHECK(bytes->at != NULL, "%zu bytes", bytes->room);
  }
  unsigned char *end = bytes->at + bytes->length;
  bytes->length += more;
  return end;
}

int64_t size_of(int fd) { return lseek(fd, 0, SEEK_END); }

void read_file(int fd, uint64_t from, struct bytes *into) {
  int64_t size = size_of(fd);
  size_t length = size > (int64_t)from ? (size_t)size - from : 0;
  unsigned char *at = grow(into, length);
  for (size_t done = 0; done < length;) {
    ssize_t count = pread(fd, at + done, length - done, (off_t)(from + done));
    CHECK(count > 0, "read %zu of %zu", done, length);
    done += (size_t)count;
  }
}

static char folder[64];
static pid_t folder_of;

static void remove_folder(void) {
  char path[512];
  DIR *directory = folder_of == getpid() ? opendir(folder) : NULL;
  if (directory == NULL) {
    return;
  }
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
    unlink(path);
  }
  closedir(directory);
  rmdir(folder);
}

const char *log_folder(void) {
  if (folder_of == 0) {
    strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/sv-pump-XXXXXX" : "/tmp/sv-pump-XXXXXX");
    CHECK(mkdtemp(folder) != NULL, "%s", folder);
    folder_of = getpid();
    atexit(remove_folder);
  }
  return folder;
}

int new_log(const char *name) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s", log_folder(), name);
  unlink(path);
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  CHECK(fd >= 0, "%s", path);
  return fd;
}

int count_descriptors(void) {
  int count = 0;
  DIR *directory = opendir("/proc/self/fd");
  CHECK(directory != NULL, "/proc/self/fd");
  while (readdir(directory) != NULL) {
    count++;
  }
  closedir(directory);
  return count;
}

void make_pipe(int ends[2]) { CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0, "pipe"); }

size_t await_notes(struct pump *pump, int wake, struct pump_note *notes, size_t count, const char *what) {
  for (;;) {
    struct pollfd poll_fd = {.fd = wake, .events = POLLIN};
    int ready = poll(&poll_fd, 1, 10000);
    CHECK(ready > 0 || (ready < 0 && errno == EINTR), "nothing is told for ten seconds: %s", what);
    size_t taken = pump_take_notes(pump, notes, count);
    if (taken > 0) {
      return taken;
    }
  }
}

void make_keeper(struct keeper *keeper) {
  keeper->memory = memfd_create("exact", MFD_CLOEXEC);
  CHECK(keeper->memory >= 0, "memfd");
  make_pipe(keeper->pipes[0]);
  make_pipe(keeper->pipes[1]);
}
