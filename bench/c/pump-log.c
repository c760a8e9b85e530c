/*
 * The pump of the addon by itself, in place of a reader and writer of our own: what its exact mode costs.
 *
 *   pump-log plain|exact LOG maxbytes backups total command...
 *
 * Ends when total bytes are in the log and the child has ended, and prints its own CPU seconds.
 */
#define _GNU_SOURCE
#include "../../native/pump-exact.h"
#include "logging.h"

#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { NOTES = 16 };

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

int main(int argc, char **argv) {
  int wake;
  pid_t pid;
  if (argc < 7) {
    fprintf(stderr, "usage: pump-log plain|exact LOG maxbytes backups total command...\n");
    return 2;
  }
  int pipe = start_child(argv + 6, &pid);
  fcntl(pipe, F_SETFL, O_NONBLOCK);
  struct pump *pump = pump_new(&wake);
  if (pump == NULL) {
    fail("the pump");
  }
  if (strcmp(argv[1], "exact") == 0) {
    be_exact(pump);
  }
  log_all(pump, wake, pipe, argv + 2);
  waitpid(pid, NULL, 0);
  printf("%.6f\n", cpu_seconds());
  return 0;
}
