/*
 * A child and a program that logs its stdin, as `child | logger`.
 *
 *   piped N logger... child...
 *
 * The first N words are the logger's. Ends when both have ended, and prints the CPU seconds of the logger.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WORDS = 30 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static pid_t start(char **words, int from, int to) {
  pid_t pid = fork();
  if (pid < 0) {
    fail("fork");
  }
  if (pid == 0) {
    dup2(from, to);
    execv(words[0], words);
    fail(words[0]);
  }
  return pid;
}

static double seconds_of(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int argc, char **argv) {
  char *logger[MAX_WORDS] = {NULL};
  int ends[2];
  int words = argc < 2 ? 0 : atoi(argv[1]);
  if (words < 1 || words >= MAX_WORDS || argc < words + 3) {
    fprintf(stderr, "usage: piped N logger... child...\n");
    return 2;
  }
  memcpy(logger, argv + 2, (size_t)words * sizeof *logger);
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("pipe");
  }
  pid_t logging = start(logger, ends[0], 0);
  start(argv + 2 + words, ends[1], 1);
  close(ends[0]);
  close(ends[1]);
  struct rusage usage = {0};
  int status = 0;
  if (wait4(logging, &status, 0, &usage) != logging || status != 0) {
    fprintf(stderr, "%s ended with %d\n", logger[0], status);
    return 1;
  }
  wait(NULL);
  printf("%.6f\n", seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
  return 0;
}
