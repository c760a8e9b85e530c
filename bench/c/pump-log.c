/*
 * The pump of the addon by itself, in place of a reader and writer of our own: what its exact mode costs.
 *
 *   pump-log plain|exact LOG maxbytes backups total command...
 *
 * Ends when total bytes are in the log and the child has ended, and prints its own CPU seconds.
 */
#define _GNU_SOURCE
#include "../../native/pump-exact.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOTES = 16 };

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

static void be_exact(struct pump *pump) {
  int ends[1][2];
  int memory = memfd_create("pump", MFD_CLOEXEC);
  if (memory < 0 || pipe2(ends[0], O_CLOEXEC | O_NONBLOCK) != 0 || pump_exact(pump, memory, ends, 1) != 0) {
    fail("exact mode");
  }
}

static void log_all(struct pump *pump, int wake, int pipe, char **words) {
  const char *path = words[0];
  uint64_t max_bytes = strtoull(words[1], NULL, 10), total = strtoull(words[3], NULL, 10);
  struct pump_note notes[NOTES];
  struct pump_file *file = pump_file_new(pump, 1, open_log(path), 0, 0);
  struct pump_stream *stream = file == NULL ? NULL : pump_stream_new(file, 2, pipe, max_bytes);
  if (stream == NULL) {
    fail("the pump");
  }
  while (pump_stream_bytes(stream) < total) {
    struct pollfd poll_wake = {.fd = wake, .events = POLLIN};
    poll(&poll_wake, 1, 20);
    size_t count = pump_take_notes(pump, notes, NOTES);
    for (size_t i = 0; i < count; i++) {
      if ((notes[i].events & PUMP_SIZE_REACHED) != 0) {
        rotate(path, atoi(words[2]));
        struct pump_way way = {.fd = open_log(path), .size = 0};
        close(pump_file_go_on(file, &way));
      }
    }
  }
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  int ends[2], wake;
  if (argc < 7) {
    fprintf(stderr, "usage: pump-log plain|exact LOG maxbytes backups total command...\n");
    return 2;
  }
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail("pipe");
  }
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    execv(argv[6], argv + 6);
    fail(argv[6]);
  }
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  struct pump *pump = pump_new(&wake);
  if (pump == NULL) {
    fail("the pump");
  }
  if (strcmp(argv[1], "exact") == 0) {
    be_exact(pump);
  }
  log_all(pump, wake, ends[0], argv + 2);
  waitpid(pid, NULL, 0);
  printf("%.6f\n", cpu_seconds());
  return 0;
}
