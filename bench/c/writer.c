/*
 * A child whose output is measured.
 *
 *   writer flood GO DONE total size     total bytes of 100-byte lines, `size` bytes a write
 *   writer paced GO DONE lines pause    so many lines, one a write, pause microseconds apart
 *
 * GO is a FIFO: work begins when there is a byte to take from it. The seconds from the first write to the end of the last, and
 * those of the longest write, go to the FIFO DONE as one line. One that is paced stays after that until it is ended, so that
 * nothing but writing is measured.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double longest_write = 0;

static void write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(fd, bytes, length);
    if (count < 0) {
      fail("write");
    }
    bytes += count;
    length -= (size_t)count;
  }
}

/* One look at the clock a write: what is between two of them is next to nothing. */
static double write_timed(const char *bytes, size_t length, double begin) {
  write_all(1, bytes, length);
  double end = now();
  if (end - begin > longest_write) {
    longest_write = end - begin;
  }
  return end;
}

static void wait_for_go(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || read(fd, &byte, 1) != 1) {
    fail(path);
  }
  close(fd);
}

/* A line is its number, modulo a million, and letters. */
static void fill_line(char *line, long number) {
  char head[8];
  snprintf(head, sizeof head, "%06d ", (int)(number % 1000000));
  memset(line, 'a' + (char)(number % 26), LINE);
  memcpy(line, head, 7);
  line[LINE - 1] = '\n';
}

/* The same line over and over from a buffer that stays in the cache, so that making lines costs nothing. */
static void flood(long total, size_t size) {
  char *lines = malloc(size + LINE);
  if (lines == NULL) {
    fail("malloc");
  }
  fill_line(lines, 0);
  for (size_t at = LINE; at < size + LINE; at++) {
    lines[at] = lines[at - LINE];
  }
  double time = now();
  for (long written = 0; written < total;) {
    size_t count = (long)size < total - written ? size : (size_t)(total - written);
    time = write_timed(lines + written % LINE, count, time);
    written += (long)count;
  }
  free(lines);
}

static void paced(long count, long pause_us) {
  char line[LINE];
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long number = 0; number < count; number++) {
    fill_line(line, number);
    write_timed(line, LINE, now());
    next.tv_nsec += pause_us * 1000;
    while (next.tv_nsec >= 1000000000) {
      next.tv_nsec -= 1000000000;
      next.tv_sec++;
    }
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == EINTR) {
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: writer flood|paced GO DONE count size|pause\n");
    return 2;
  }
  long count = atol(argv[4]);
  long detail = atol(argv[5]);
  wait_for_go(argv[2]);
  double begin = now();
  if (strcmp(argv[1], "flood") == 0) {
    flood(count, (size_t)detail);
  } else {
    paced(count, detail);
  }
  double seconds = now() - begin;
  char answer[64];
  int length = snprintf(answer, sizeof answer, "%.6f %.6f\n", seconds, longest_write);
  int done = open(argv[3], O_WRONLY);
  if (done < 0) {
    fail(argv[3]);
  }
  write_all(done, answer, (size_t)length);
  close(done);
  if (strcmp(argv[1], "paced") == 0) {
    pause();
  }
  return 0;
}
