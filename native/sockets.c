/*
 * Sockets that listen, made for children to accept on: blocking, and close-on-exec here. And who is at the other end
 * of a connection.
 *
 * The descriptors belong to JavaScript, which closes them; a function that fails leaves none behind.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Null where the name has no IPv4 address. Looks it up as the system does, which may take its time. */
napi_value resolve_host(napi_env env, napi_callback_info info) {
  napi_value argument;
  char *host;
  if (!read_arguments(env, info, 1, &argument) || !read_string(env, argument, "host", &host)) {
    return NULL;
  }
  const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  char text[INET_ADDRSTRLEN];
  const char *address = NULL;
  if (getaddrinfo(host, NULL, &hints, &found) == 0) {
    const struct sockaddr_in *first = (const struct sockaddr_in *)found->ai_addr;
    address = inet_ntop(AF_INET, &first->sin_addr, text, sizeof(text));
    freeaddrinfo(found);
  }
  free(host);
  return address == NULL ? make_null(env) : make_string(env, address);
}

/* Binds and listens; the descriptor, or the errno as a negative number after closing it. */
static int listen_on(int fd, const void *address, socklen_t length, int backlog) {
  if (bind(fd, (const struct sockaddr *)address, length) != 0 || listen(fd, backlog) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

static int listen_at_port(const char *host, int port, int backlog) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  const int on = 1;
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    return -EINVAL;
  }
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -errno;
  }
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return listen_on(fd, &address, sizeof(address), backlog);
}

/* The mode of the descriptor is that of the file from its first moment on, less the umask. */
static int listen_at_path(const char *path, int mode, int backlog) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof(address.sun_path)) {
    return -ENAMETOOLONG;
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -errno;
  }
  if (fchmod(fd, (mode_t)mode) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return listen_on(fd, &address, sizeof(address), backlog);
}

napi_value listen_inet(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  char *host;
  int port, backlog;
  if (!read_arguments(env, info, 3, arguments) || !read_int(env, arguments[1], "port", &port) ||
      !read_int(env, arguments[2], "backlog", &backlog)) {
    return NULL;
  }
  if (port < 0 || port > 65535) {
    return throw_type_error(env, "port", "it to be from 0 to 65535");
  }
  if (!read_string(env, arguments[0], "address", &host)) {
    return NULL;
  }
  int result = listen_at_port(host, port, backlog);
  free(host);
  return make_int(env, result);
}

napi_value listen_unix(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  char *path;
  int mode, backlog;
  if (!read_arguments(env, info, 3, arguments) || !read_int(env, arguments[1], "mode", &mode) ||
      !read_int(env, arguments[2], "backlog", &backlog) || !read_string(env, arguments[0], "path", &path)) {
    return NULL;
  }
  int result = listen_at_path(path, mode, backlog);
  free(path);
  return make_int(env, result);
}

/* Of a unix socket that is connected: who listened there, or connected from there. Source: SO_PEERCRED, unix(7). */
napi_value peer_of(napi_env env, napi_callback_info info) {
  napi_value argument, peer;
  int fd;
  struct ucred who;
  socklen_t length = sizeof(who);
  if (!read_arguments(env, info, 1, &argument) || !read_int(env, argument, "fd", &fd)) {
    return NULL;
  }
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) != 0) {
    return make_result(env, -1);
  }
  /* What the kernel tells of a socket that has no peer, or that is none of unix(7). */
  if (who.pid == 0 && who.uid == (uid_t)-1) {
    return make_int(env, -ENOTCONN);
  }
  napi_create_object(env, &peer);
  set_property(env, peer, "pid", make_int(env, who.pid));
  set_property(env, peer, "uid", make_int(env, who.uid));
  set_property(env, peer, "gid", make_int(env, who.gid));
  return peer;
}
