/*
 * The identity of the daemon itself. Owns nothing but the list of groups, for one call.
 *
 * Unlike in child.c, libc's functions are the right ones here: every thread of the process has to change.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <grp.h>
#include <unistd.h>

static napi_value make_failure(napi_env env, const char *stage) {
  int error = errno;
  napi_value failure;
  napi_create_object(env, &failure);
  set_property(env, failure, "stage", make_string(env, stage));
  set_property(env, failure, "errno", make_int(env, error));
  return failure;
}

napi_value set_identity(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  uint32_t uid, gid;
  struct id_list groups = {0};
  if (!read_arguments(env, info, 3, arguments) || !read_id(env, arguments[0], "uid", &uid) ||
      !read_id(env, arguments[1], "gid", &gid) || !read_ids(env, arguments[2], "groups", &groups)) {
    return NULL;
  }
  int result = setgroups(groups.count, groups.items);
  int error = errno;
  free_ids(&groups);
  errno = error;
  if (result != 0) {
    return make_failure(env, "groups");
  }
  if (setresgid(gid, gid, gid) != 0) {
    return make_failure(env, "gid");
  }
  if (setresuid(uid, uid, uid) != 0) {
    return make_failure(env, "uid");
  }
  return make_null(env);
}
