/*
 * Says a line of 100 bytes a second until it is ended, at a moment of the second that depends on its pid, so that many
 * of them are spread over it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100 };

int main(void) {
  char line[LINE];
  struct timespec next;
  memset(line, 'a', sizeof line);
  line[LINE - 1] = '\n';
  clock_gettime(CLOCK_MONOTONIC, &next);
  next.tv_nsec = (long)getpid() * 7919 % 1000 * 1000000;
  for (;;) {
    if (write(1, line, sizeof line) != (ssize_t)sizeof line) {
      return 1;
    }
    next.tv_sec++;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == EINTR) {
    }
  }
}
