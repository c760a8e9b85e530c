/*
 * Clients that follow one log at once, as many `tail -f`.
 *
 *   followers SOCKET path count wanted deadline
 *
 * Prints `ready` when all have got their response, and then, as soon as each has `wanted` bytes of the log or after
 * `deadline` seconds, one line: the bytes that were delivered to all of them together, and the seconds it took.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 100, BUFFER = 256 * 1024 };

enum part { HEADER, SIZE, BODY };

struct client {
  int fd;
  enum part part;
  int newlines;   /* of the header, in a row */
  long chunk;     /* bytes of the chunk's body that are to come, its own line end included */
  long delivered; /* bytes of the log */
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int connect_to(const char *path, const char *target) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char request[512];
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    fail(path);
  }
  int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n", target);
  if (write(fd, request, (size_t)length) != length) {
    fail("request");
  }
  return fd;
}

static int digit(char letter) {
  return letter >= '0' && letter <= '9' ? letter - '0' : (letter | 32) - 'a' + 10;
}

/* Takes the chunked coding apart; the last two bytes of a chunk's body are no part of the log. */
static void take(struct client *client, const char *bytes, long length) {
  for (long at = 0; at < length;) {
    char letter = bytes[at];
    if (client->part == BODY) {
      long count = length - at < client->chunk ? length - at : client->chunk;
      long payload = client->chunk - 2 < count ? client->chunk - 2 : count;
      client->delivered += payload > 0 ? payload : 0;
      client->chunk -= count;
      at += count;
      if (client->chunk == 0) {
        client->part = SIZE;
      }
      continue;
    }
    at++;
    if (client->part == HEADER) {
      client->newlines = letter == '\n' ? client->newlines + 1 : letter == '\r' ? client->newlines : 0;
      if (client->newlines == 2) {
        client->part = SIZE;
      }
    } else if (letter == '\n') {
      client->chunk += 2;
      client->part = BODY;
    } else if (letter != '\r') {
      client->chunk = client->chunk * 16 + digit(letter);
    }
  }
}

static long receive(struct client *clients, int count, long wanted, double deadline, int whole_header) {
  static char buffer[BUFFER];
  struct pollfd polled[MAX_CLIENTS];
  for (;;) {
    int waiting = 0;
    long delivered = 0;
    for (int i = 0; i < count; i++) {
      int done = whole_header ? clients[i].part != HEADER : clients[i].delivered >= wanted;
      polled[i] = (struct pollfd){.fd = done ? -1 : clients[i].fd, .events = POLLIN};
      waiting += !done;
      delivered += clients[i].delivered;
    }
    double left = deadline - now();
    if (waiting == 0 || left <= 0) {
      return delivered;
    }
    if (poll(polled, (nfds_t)count, (int)(left * 1000) + 1) < 0 && errno != EINTR) {
      fail("poll");
    }
    for (int i = 0; i < count; i++) {
      if (polled[i].fd >= 0 && polled[i].revents != 0) {
        ssize_t got = read(clients[i].fd, buffer, sizeof buffer);
        if (got <= 0) {
          fail("a follower was hung up on");
        }
        take(&clients[i], buffer, got);
      }
    }
  }
}

int main(int argc, char **argv) {
  static struct client clients[MAX_CLIENTS];
  if (argc != 6 || atoi(argv[3]) > MAX_CLIENTS) {
    fprintf(stderr, "usage: followers SOCKET path count wanted deadline\n");
    return 2;
  }
  int count = atoi(argv[3]);
  for (int i = 0; i < count; i++) {
    clients[i] = (struct client){.fd = connect_to(argv[1], argv[2])};
  }
  double deadline = now() + atof(argv[5]);
  receive(clients, count, 0, deadline, 1);
  puts("ready");
  fflush(stdout);
  double begin = now();
  long delivered = receive(clients, count, atol(argv[4]), begin + atof(argv[5]), 0);
  printf("%ld %.6f\n", delivered, now() - begin);
  return 0;
}
