/*
 * The physical limit: reads a child's pipe and writes its log, doing nothing else.
 *
 *   copy LOG maxbytes backups total command...
 *
 * Rotates like a supervisor, since that costs system calls too. Ends when total bytes are in the log and the
 * child has ended, and prints its own CPU seconds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUFFER = 128 * 1024 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int open_log(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    fail(path);
  }
  return fd;
}

/* What falls off is removed first: renaming onto a file has some file systems write that to the disk. */
static void rotate(const char *path, int backups) {
  char last[4096];
  snprintf(last, sizeof last, "%s.%d", path, backups);
  unlink(last);
  for (int index = backups - 1; index >= 0; index--) {
    char from[4096], to[4096];
    snprintf(from, sizeof from, index == 0 ? "%s" : "%s.%d", path, index);
    snprintf(to, sizeof to, "%s.%d", path, index + 1);
    rename(from, to);
  }
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

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
  int ends[2];
  if (argc < 6) {
    fprintf(stderr, "usage: copy LOG maxbytes backups total command...\n");
    return 2;
  }
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("pipe");
  }
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    execv(argv[5], argv + 5);
    fail(argv[5]);
  }
  close(ends[1]);
  copy(ends[0], argv[1], atol(argv[2]), atoi(argv[3]), atol(argv[4]));
  waitpid(pid, NULL, 0);
  printf("%.6f\n", cpu_seconds());
  return 0;
}
