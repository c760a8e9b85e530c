/*
 * Waiting for descriptors in Node's event loop, without giving them away.
 *
 * A handle of Node's own (net.Socket) closes its descriptor by itself, at a moment JavaScript hears of later; until then
 * the number may already be somebody else's. A watch never closes: it says that a read or a write would not wait, the
 * owner makes the call, ends the watch, and closes the descriptor right after.
 *
 * The functions of libuv come from the node process that loads the addon. Its headers are not part of node-api-headers,
 * so the few that are needed are declared here; they belong to libuv's stable interface (version 1).
 */
#include "functions.h"
#include "values.h"

#include <stdlib.h>

struct uv_loop_s;
typedef void (*poll_function)(void *handle, int status, int events);
typedef void (*close_function)(void *handle);
extern size_t uv_handle_size(int type);
extern void uv_handle_set_data(void *handle, void *data);
extern void *uv_handle_get_data(const void *handle);
extern int uv_poll_init(struct uv_loop_s *loop, void *handle, int fd);
extern int uv_poll_start(void *handle, int events, poll_function function);
extern int uv_poll_stop(void *handle);
extern void uv_close(void *handle, close_function function);

/* uv_handle_type and uv_poll_event of libuv. */
enum { POLL_HANDLE = 8, READABLE = 1, WRITABLE = 2 };

/* Freed when libuv has let go of the handle and JavaScript of the watch, in whichever order. */
struct watch {
  napi_env env;
  napi_ref callback;
  void *handle;
  bool is_closing;
  bool is_closed;
  bool is_forgotten;
};

static void free_if_done(struct watch *watch) {
  if (watch->is_closed && watch->is_forgotten) {
    free(watch->handle);
    free(watch);
  }
}

static void on_closed(void *handle) {
  struct watch *watch = uv_handle_get_data(handle);
  watch->is_closed = true;
  free_if_done(watch);
}

static void close_watch(struct watch *watch) {
  if (!watch->is_closing) {
    watch->is_closing = true;
    uv_poll_stop(watch->handle);
    uv_close(watch->handle, on_closed);
    napi_delete_reference(watch->env, watch->callback);
  }
}

static void forget_watch(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  struct watch *watch = data;
  close_watch(watch);
  watch->is_forgotten = true;
  free_if_done(watch);
}

/* What is wrong with the descriptor, the owner learns from its own call. */
static void on_event(void *handle, int status, int events) {
  (void)status;
  (void)events;
  struct watch *watch = uv_handle_get_data(handle);
  napi_env env = watch->env;
  napi_handle_scope scope;
  napi_value function, receiver, error;
  if (napi_open_handle_scope(env, &scope) != napi_ok) {
    return;
  }
  if (napi_get_reference_value(env, watch->callback, &function) == napi_ok &&
      napi_get_global(env, &receiver) == napi_ok &&
      napi_make_callback(env, NULL, receiver, function, 0, NULL, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &error) == napi_ok) {
    napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

static bool read_watch(napi_env env, napi_value value, struct watch **watch) {
  return read_external(env, value, "watch", "what watchOpen returned", watch);
}

napi_value watch_open(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result;
  int fd;
  struct uv_loop_s *loop;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "fd", &fd)) {
    return NULL;
  }
  struct watch *watch = calloc(1, sizeof(*watch));
  void *handle = calloc(1, uv_handle_size(POLL_HANDLE));
  if (watch == NULL || handle == NULL) {
    free(watch);
    free(handle);
    return throw_out_of_memory(env);
  }
  watch->env = env;
  watch->handle = handle;
  if (napi_create_reference(env, arguments[1], 1, &watch->callback) != napi_ok) {
    free(watch);
    free(handle);
    return throw_type_error(env, "callback", "a function");
  }
  int failure = napi_get_uv_event_loop(env, &loop) == napi_ok ? uv_poll_init(loop, handle, fd) : -1;
  if (failure != 0) {
    napi_delete_reference(env, watch->callback);
    free(watch);
    free(handle);
    return make_int(env, failure);
  }
  uv_handle_set_data(handle, watch);
  if (napi_create_external(env, watch, forget_watch, NULL, &result) != napi_ok) {
    watch->is_forgotten = true;
    close_watch(watch);
    return throw_out_of_memory(env);
  }
  return result;
}

napi_value watch_start(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct watch *watch;
  bool for_writing;
  if (!read_arguments(env, info, 2, arguments) || !read_watch(env, arguments[0], &watch) ||
      !read_bool(env, arguments[1], "forWriting", &for_writing)) {
    return NULL;
  }
  if (watch->is_closing) {
    return throw_type_error(env, "watch", "one that is not closed");
  }
  return make_int(env, uv_poll_start(watch->handle, for_writing ? WRITABLE : READABLE, on_event));
}

napi_value watch_stop(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct watch *watch;
  if (!read_arguments(env, info, 1, &argument) || !read_watch(env, argument, &watch)) {
    return NULL;
  }
  return make_int(env, watch->is_closing ? 0 : uv_poll_stop(watch->handle));
}

napi_value watch_close(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct watch *watch;
  if (!read_arguments(env, info, 1, &argument) || !read_watch(env, argument, &watch)) {
    return NULL;
  }
  close_watch(watch);
  return make_int(env, 0);
}
