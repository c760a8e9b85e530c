/*
 * The physical limit: reads a child's pipe and writes its log, doing nothing else.
 *
 *   copy LOG maxbytes backups total command...
 *
 * Rotates like a supervisor, since that costs system calls too. Ends when total bytes are in the log and the
 * child has ended, and prints its own CPU seconds.
 */
#define _GNU_SOURCE
#include "logging.h"

#include <sys/wait.h>

enum { BUFFER = 128 * 1024 };

static void copy(int from, const char *path, long max_bytes, int backups, long total) {
  static char buffer[BUFFER];
  int to = open_log(path);
  long size = 0;
  for (long left = total; left > 0;) {
    ssize_t count = read(from, buffer, sizeof buffer);
    if (count <= 0 || write(to, buffer, (size_t)count) != count) {
      fail("copy");
    }
    left -= count;
    size += count;
    if (size >= max_bytes) {
      close(to);
      rotate(path, backups);
      to = open_log(path);
      size = 0;
    }
  }
  close(to);
}

int main(int argc, char **argv) {
  pid_t pid;
  if (argc < 6) {
    fprintf(stderr, "usage: copy LOG maxbytes backups total command...\n");
    return 2;
  }
  int from = start_child(argv + 5, &pid);
  copy(from, argv[1], atol(argv[2]), atoi(argv[3]), atol(argv[4]));
  waitpid(pid, NULL, 0);
  printf("%.6f\n", cpu_seconds());
  return 0;
}
