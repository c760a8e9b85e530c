/*
 * What the programs that log have in common.
 */
#ifndef SUPERVISORD_BENCH_LOGGING_H
#define SUPERVISORD_BENCH_LOGGING_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static inline void fail(const char *what) {
  perror(what);
  exit(1);
}

static inline int open_log(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    fail(path);
  }
  return fd;
}

/* What falls off is removed first: renaming onto a file has some file systems write that to the disk. */
static inline void rotate(const char *path, int backups) {
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

/* Starts a child whose stdout is the writing end of a pipe; returns the reading end. */
static inline int start_child(char **command, pid_t *pid) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("pipe");
  }
  *pid = fork();
  if (*pid == 0) {
    dup2(ends[1], 1);
    execv(command[0], command);
    fail(command[0]);
  }
  close(ends[1]);
  return ends[0];
}

static inline double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

#endif
