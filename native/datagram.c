/*
 * Messages over Unix datagram sockets, which Node lacks: to the system log, without libc's syslog() that blocks while
 * the receiver is slow, and to the service manager.
 *
 * The socket that datagramOpen returns belongs to JavaScript, which closes it.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * Fills in the address and returns its length, or 0 with errno set. A leading @ stands for the NUL character of a name
 * in the abstract namespace, as in NOTIFY_SOCKET; such a name ends with the length, not with a NUL.
 */
static socklen_t fill_address(struct sockaddr_un *address, const char *path) {
  size_t length = strlen(path);
  if (length >= sizeof(address->sun_path)) {
    errno = ENAMETOOLONG;
    return 0;
  }
  memcpy(address->sun_path, path, length + 1);
  if (path[0] == '@') {
    address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  }
  return sizeof(*address);
}

/* A connected datagram socket, or -1 with errno set. */
static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  socklen_t length = fill_address(&address, path);
  if (length == 0) {
    return -1;
  }
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, length) != 0) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

napi_value datagram_open(napi_env env, napi_callback_info info) {
  napi_value argument;
  char *path;
  if (!read_arguments(env, info, 1, &argument) || !read_string(env, argument, "path", &path)) {
    return NULL;
  }
  int fd = connect_to(path);
  int error = errno;
  free(path);
  return make_int(env, fd < 0 ? -error : fd);
}

napi_value datagram_send(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int fd;
  void *data;
  size_t length;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "fd", &fd) ||
      !read_buffer(env, arguments[1], "message", &data, &length)) {
    return NULL;
  }
  return make_result(env, send(fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL));
}
