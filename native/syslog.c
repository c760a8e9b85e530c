/*
 * Messages to the system log, without libc's syslog(): that one blocks while the receiver is slow.
 *
 * The socket that syslogOpen returns belongs to JavaScript, which closes it.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A connected datagram socket, or -1 with errno set. */
static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

napi_value syslog_open(napi_env env, napi_callback_info info) {
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

napi_value syslog_send(napi_env env, napi_callback_info info) {
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
