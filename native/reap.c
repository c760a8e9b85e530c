/*
 * Collecting children that have ended. Owns nothing.
 *
 * Any child of the process is collected, also those it never started: orphans that the kernel gave to it
 * as process 1 or as a subreaper. So nothing else in the process may wait for children.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <sys/wait.h>

static napi_value make_child(napi_env env, pid_t pid, int status) {
  napi_value child, dumped;
  napi_create_object(env, &child);
  set_property(env, child, "pid", make_int(env, pid));
  if (WIFEXITED(status)) {
    set_property(env, child, "code", make_int(env, WEXITSTATUS(status)));
    return child;
  }
  set_property(env, child, "signal", make_int(env, WTERMSIG(status)));
  napi_get_boolean(env, WCOREDUMP(status) != 0, &dumped);
  set_property(env, child, "coreDumped", dumped);
  return child;
}

napi_value reap_children(napi_env env, napi_callback_info info) {
  napi_value argument, children;
  uint32_t count = 0, at_most;
  if (!read_arguments(env, info, 1, &argument) || !read_id(env, argument, "atMost", &at_most)) {
    return NULL;
  }
  napi_create_array(env, &children);
  while (count < at_most) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR) {
      continue;
    }
    if (pid <= 0) {
      break;
    }
    napi_set_element(env, children, count++, make_child(env, pid, status));
  }
  return children;
}
