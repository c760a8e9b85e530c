/*
 * A program whose output tells what is missing of it.
 *
 *   numbered NAME COUNT LINES PAUSE wait|end|restart
 *
 * Writes LINES lines to each of its streams, to stdout and stderr in turn, one a write, PAUSE microseconds apart. COUNT is a file that holds, as one
 * number of eight bytes, how many lines it has said in all of its runs; each is counted before it is written, and the
 * next run goes on with the next number. Then it waits for a signal, ends, or ends in its first five runs and waits in the others.
 * TERM that comes before all lines are written waits for that.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SHORT_RUNS = 5, PADDINGS = 61 };

static uint64_t *map_count(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || ftruncate(fd, sizeof(uint64_t)) != 0) {
    exit(3);
  }
  void *count = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (count == MAP_FAILED) {
    exit(3);
  }
  close(fd);
  return count;
}

/* A line is longer or shorter by its number, so that a piece of one is never mistaken for another. */
static void say(int fd, const char *name, const char *stream, uint64_t number) {
  static const char padding[PADDINGS + 1] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
  char line[256];
  int length = snprintf(line, sizeof line, "%s %s %llu %.*s\n", name, stream, (unsigned long long)number,
                        (int)(number * 7 % PADDINGS), padding);
  if (write(fd, line, (size_t)length) != length) {
    exit(4);
  }
}

int main(int argc, char **argv) {
  sigset_t term;
  if (argc != 6) {
    fprintf(stderr, "usage: numbered NAME COUNT LINES PAUSE wait|end|restart\n");
    return 2;
  }
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, NULL);
  uint64_t *count = map_count(argv[2]);
  uint64_t lines = strtoull(argv[3], NULL, 10);
  useconds_t pause_us = (useconds_t)strtoul(argv[4], NULL, 10);
  for (uint64_t line = 0; line < lines; line++) {
    uint64_t number = __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
    say(1, argv[1], "out", number);
    say(2, argv[1], "err", number);
    if (pause_us > 0) {
      usleep(pause_us);
    }
  }
  int ends = strcmp(argv[5], "end") == 0 || (strcmp(argv[5], "restart") == 0 && *count <= SHORT_RUNS * lines);
  sigprocmask(SIG_UNBLOCK, &term, NULL);
  while (!ends) {
    pause();
  }
  return 0;
}
