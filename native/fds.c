/*
 * Descriptors. Those a function returns belong to JavaScript, which closes them; a function that fails
 * leaves none behind.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int change_flag(int fd, int get, int set, int flag, bool on) {
  int flags = fcntl(fd, get);
  if (flags < 0) {
    return -1;
  }
  return fcntl(fd, set, on ? flags | flag : flags & ~flag);
}

napi_value make_pipe(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  bool keeps_read_end;
  int ends[2];
  if (!read_arguments(env, info, 1, &argument) ||
      !read_bool(env, argument, "keepsReadEnd", &keeps_read_end)) {
    return NULL;
  }
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return make_result(env, -1);
  }
  if (change_flag(ends[keeps_read_end ? 0 : 1], F_GETFL, F_SETFL, O_NONBLOCK, true) < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return make_int(env, -error);
  }
  napi_create_object(env, &result);
  set_property(env, result, "readFd", make_int(env, ends[0]));
  set_property(env, result, "writeFd", make_int(env, ends[1]));
  return result;
}

napi_value close_fd(napi_env env, napi_callback_info info) {
  napi_value argument;
  int fd;
  if (!read_arguments(env, info, 1, &argument) || !read_int(env, argument, "fd", &fd)) {
    return NULL;
  }
  return make_result(env, close(fd));
}

napi_value dup_to(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int from, to;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "from", &from) ||
      !read_int(env, arguments[1], "to", &to)) {
    return NULL;
  }
  return make_result(env, dup2(from, to));
}

/* The descriptor opened here is closed again, unless it happens to be one of those wanted. */
napi_value open_null_onto(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct id_list fds = {0};
  if (!read_arguments(env, info, 1, &argument) || !read_ids(env, argument, "fds", &fds)) {
    return NULL;
  }
  int null_fd = open("/dev/null", O_RDWR);
  int result = null_fd < 0 ? -1 : 0;
  bool is_wanted = false;
  for (size_t i = 0; i < fds.count && result >= 0; i++) {
    is_wanted = is_wanted || (int)fds.items[i] == null_fd;
    result = dup2(null_fd, (int)fds.items[i]);
  }
  int error = errno;
  if (null_fd >= 0 && !is_wanted) {
    close(null_fd);
  }
  free_ids(&fds);
  return make_int(env, result < 0 ? -error : 0);
}

static napi_value set_flag(napi_env env, napi_callback_info info, int get, int set, int flag) {
  napi_value arguments[2];
  int fd;
  bool on;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "fd", &fd) ||
      !read_bool(env, arguments[1], "on", &on)) {
    return NULL;
  }
  return make_result(env, change_flag(fd, get, set, flag, on));
}

napi_value set_non_blocking(napi_env env, napi_callback_info info) {
  return set_flag(env, info, F_GETFL, F_SETFL, O_NONBLOCK);
}

napi_value set_close_on_exec(napi_env env, napi_callback_info info) {
  return set_flag(env, info, F_GETFD, F_SETFD, FD_CLOEXEC);
}

napi_value resize_pipe(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int fd, bytes;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "fd", &fd) ||
      !read_int(env, arguments[1], "bytes", &bytes)) {
    return NULL;
  }
  return make_result(env, fcntl(fd, F_SETPIPE_SZ, bytes));
}

napi_value pipe_bytes(napi_env env, napi_callback_info info) {
  napi_value argument;
  int fd;
  if (!read_arguments(env, info, 1, &argument) || !read_int(env, argument, "fd", &fd)) {
    return NULL;
  }
  return make_result(env, fcntl(fd, F_GETPIPE_SZ));
}

napi_value read_available(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int fd;
  void *data;
  size_t length;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "fd", &fd) ||
      !read_buffer(env, arguments[1], "buffer", &data, &length)) {
    return NULL;
  }
  return make_result(env, read(fd, data, length));
}

napi_value write_some(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  int fd, offset;
  void *data;
  size_t length;
  if (!read_arguments(env, info, 3, arguments) || !read_int(env, arguments[0], "fd", &fd) ||
      !read_buffer(env, arguments[1], "buffer", &data, &length) ||
      !read_int(env, arguments[2], "offset", &offset)) {
    return NULL;
  }
  if (offset < 0 || (size_t)offset > length) {
    return throw_type_error(env, "offset", "it within the buffer");
  }
  return make_result(env, write(fd, (char *)data + offset, length - (size_t)offset));
}
