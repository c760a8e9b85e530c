/*
 * The pump for JavaScript. Files and streams are known to it as externals, which it must not use after it has given them up;
 * there is one pump, made at the first file.
 */
#include "functions.h"
#include "pump.h"
#include "values.h"

#include <errno.h>

static bool read_pointer(napi_env env, napi_value value, const char *what, void *pointer) {
  return read_external(env, value, what, "what the pump returned", pointer);
}

/* For functions that take nothing but a file or a stream. */
static bool read_only_pointer(napi_env env, napi_callback_info info, const char *what, void *pointer) {
  napi_value argument;
  return read_arguments(env, info, 1, &argument) && read_pointer(env, argument, what, pointer);
}

static napi_value make_pointer(napi_env env, void *pointer) {
  napi_value result;
  if (pointer == NULL) {
    return make_int(env, -errno);
  }
  return napi_create_external(env, pointer, NULL, NULL, &result) == napi_ok ? result : throw_out_of_memory(env);
}

napi_value pump_open(napi_env env, napi_callback_info info) {
  (void)info;
  int wake_fd;
  napi_value result;
  struct pump *pump = pump_new(&wake_fd);
  if (pump == NULL) {
    return make_int(env, -errno);
  }
  napi_create_object(env, &result);
  set_property(env, result, "pump", make_pointer(env, pump));
  set_property(env, result, "wakeFd", make_int(env, wake_fd));
  return result;
}

napi_value pump_notes(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct pump *pump;
  void *notes;
  size_t length;
  if (!read_arguments(env, info, 2, arguments) || !read_pointer(env, arguments[0], "pump", &pump) ||
      !read_buffer(env, arguments[1], "notes", &notes, &length)) {
    return NULL;
  }
  return make_int(env, (int64_t)pump_take_notes(pump, notes, length / sizeof(struct pump_note)));
}

napi_value pump_finish(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct pump *pump;
  uint32_t limit_ms;
  if (!read_arguments(env, info, 2, arguments) || !read_pointer(env, arguments[0], "pump", &pump) ||
      !read_id(env, arguments[1], "limitMs", &limit_ms)) {
    return NULL;
  }
  pump_settle(pump, limit_ms);
  return make_int(env, 0);
}

napi_value pump_add_file(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  struct pump *pump;
  uint32_t id;
  int fd;
  int64_t device, size;
  if (!read_arguments(env, info, 5, arguments) || !read_pointer(env, arguments[0], "pump", &pump) ||
      !read_id(env, arguments[1], "id", &id) || !read_int(env, arguments[2], "fd", &fd) ||
      !read_number(env, arguments[3], "device", &device) || !read_number(env, arguments[4], "size", &size)) {
    return NULL;
  }
  return make_pointer(env, pump_file_new(pump, id, fd, (uint64_t)device, (uint64_t)size));
}

napi_value pump_push(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  struct pump_file *file;
  void *bytes;
  size_t length;
  int64_t max_bytes;
  bool at_front;
  if (!read_arguments(env, info, 4, arguments) || !read_pointer(env, arguments[0], "file", &file) ||
      !read_buffer(env, arguments[1], "bytes", &bytes, &length) ||
      !read_number(env, arguments[2], "maxBytes", &max_bytes) ||
      !read_bool(env, arguments[3], "atFront", &at_front)) {
    return NULL;
  }
  return pump_file_push(file, bytes, length, (uint64_t)max_bytes, at_front) ? make_int(env, 0)
                                                                            : throw_out_of_memory(env);
}

napi_value pump_hold(napi_env env, napi_callback_info info) {
  struct pump_file *file;
  if (!read_only_pointer(env, info, "file", &file)) {
    return NULL;
  }
  return make_int(env, pump_file_hold(file));
}

napi_value pump_go_on(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  struct pump_file *file;
  struct pump_way way;
  if (!read_arguments(env, info, 5, arguments) || !read_pointer(env, arguments[0], "file", &file) ||
      !read_int(env, arguments[1], "fd", &way.fd) || !read_number(env, arguments[2], "size", &way.size) ||
      !read_id(env, arguments[3], "noLimitForMs", &way.no_limit_for_ms) ||
      !read_id(env, arguments[4], "noLookForMs", &way.no_look_for_ms)) {
    return NULL;
  }
  return make_int(env, pump_file_go_on(file, &way));
}

napi_value pump_follow(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct pump_file *file;
  bool on;
  if (!read_arguments(env, info, 2, arguments) || !read_pointer(env, arguments[0], "file", &file) ||
      !read_bool(env, arguments[1], "on", &on)) {
    return NULL;
  }
  pump_file_follow(file, on);
  return make_int(env, 0);
}

napi_value pump_facts(napi_env env, napi_callback_info info) {
  napi_value result;
  struct pump_file *file;
  struct pump_sizes sizes;
  if (!read_only_pointer(env, info, "file", &file)) {
    return NULL;
  }
  pump_file_sizes(file, &sizes);
  napi_create_object(env, &result);
  set_property(env, result, "size", make_int(env, (int64_t)sizes.size));
  set_property(env, result, "seen", make_int(env, (int64_t)sizes.seen));
  set_property(env, result, "reached", make_int(env, (int64_t)sizes.reached));
  set_property(env, result, "busyForMs", make_int(env, (int64_t)pump_file_busy_for(file)));
  return result;
}

napi_value pump_backlog(napi_env env, napi_callback_info info) {
  struct pump_file *file;
  if (!read_only_pointer(env, info, "file", &file)) {
    return NULL;
  }
  return make_int(env, (int64_t)pump_file_backlog(file));
}

napi_value pump_drop_file(napi_env env, napi_callback_info info) {
  struct pump_file *file;
  if (!read_only_pointer(env, info, "file", &file)) {
    return NULL;
  }
  return make_int(env, pump_file_delete(file));
}

napi_value pump_add_stream(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  struct pump_file *file;
  uint32_t id;
  int fd;
  int64_t max_bytes;
  if (!read_arguments(env, info, 4, arguments) || !read_pointer(env, arguments[0], "file", &file) ||
      !read_id(env, arguments[1], "id", &id) || !read_int(env, arguments[2], "fd", &fd) ||
      !read_number(env, arguments[3], "maxBytes", &max_bytes)) {
    return NULL;
  }
  return make_pointer(env, pump_stream_new(file, id, fd, (uint64_t)max_bytes));
}

napi_value pump_drain(napi_env env, napi_callback_info info) {
  struct pump_stream *stream;
  if (!read_only_pointer(env, info, "stream", &stream)) {
    return NULL;
  }
  return make_int(env, pump_stream_drain(stream));
}

napi_value pump_part(napi_env env, napi_callback_info info) {
  struct pump_stream *stream;
  if (!read_only_pointer(env, info, "stream", &stream)) {
    return NULL;
  }
  return make_int(env, pump_stream_part(stream));
}

napi_value pump_bytes(napi_env env, napi_callback_info info) {
  struct pump_stream *stream;
  if (!read_only_pointer(env, info, "stream", &stream)) {
    return NULL;
  }
  return make_int(env, (int64_t)pump_stream_bytes(stream));
}

napi_value pump_drop_stream(napi_env env, napi_callback_info info) {
  struct pump_stream *stream;
  if (!read_only_pointer(env, info, "stream", &stream)) {
    return NULL;
  }
  return make_int(env, pump_stream_delete(stream));
}
