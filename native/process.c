/*
 * Calls about whole processes: signals, sessions, adoption of orphans, replacing ourselves.
 *
 * Memory: execve's strings are freed only when it fails; when it works there is nobody left to free them.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

napi_value send_signal(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int pid, number;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "pid", &pid) ||
      !read_int(env, arguments[1], "signal", &number)) {
    return NULL;
  }
  return make_result(env, kill(pid, number));
}

napi_value set_disposition(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int number;
  bool ignored;
  if (!read_arguments(env, info, 2, arguments) || !read_int(env, arguments[0], "signal", &number) ||
      !read_bool(env, arguments[1], "ignored", &ignored)) {
    return NULL;
  }
  struct sigaction action = {.sa_handler = ignored ? SIG_IGN : SIG_DFL};
  return make_result(env, sigaction(number, &action, NULL));
}

napi_value set_subreaper(napi_env env, napi_callback_info info) {
  napi_value argument;
  bool on;
  if (!read_arguments(env, info, 1, &argument) || !read_bool(env, argument, "on", &on)) {
    return NULL;
  }
  return make_result(env, prctl(PR_SET_CHILD_SUBREAPER, on ? 1UL : 0UL));
}

napi_value new_session(napi_env env, napi_callback_info info) {
  (void)info;
  return make_result(env, setsid());
}

napi_value replace_process(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  char *file = NULL;
  struct string_list argv = {0}, environment = {0};
  napi_value result = NULL;
  if (read_arguments(env, info, 3, arguments) && read_string(env, arguments[0], "file", &file) &&
      read_strings(env, arguments[1], "argv", &argv) &&
      read_strings(env, arguments[2], "env", &environment)) {
    result = make_result(env, execve(file, argv.items, environment.items));
  }
  free(file);
  free_strings(&argv);
  free_strings(&environment);
  return result;
}
