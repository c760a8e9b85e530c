/*
 * Resource limits of the process. Owns nothing. JavaScript's Infinity is no limit.
 */
#include "limits.h"
#include "functions.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool read_limit(napi_env env, napi_value value, rlim_t *result) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0)) {
    throw_type_error(env, "a limit", "a number from 0, or Infinity");
    return false;
  }
  *result = number >= 9007199254740992.0 ? RLIM_INFINITY : (rlim_t)number;
  return true;
}

static napi_value make_limit(napi_env env, rlim_t limit) {
  napi_value result;
  napi_create_double(env, limit == RLIM_INFINITY ? INFINITY : (double)limit, &result);
  return result;
}

static bool read_resource(napi_env env, napi_value value, int *resource) {
  char *name;
  if (!read_string(env, value, "resource", &name)) {
    return false;
  }
  bool is_nofile = strcmp(name, "NOFILE") == 0;
  bool is_nproc = strcmp(name, "NPROC") == 0;
  free(name);
  if (!is_nofile && !is_nproc) {
    throw_type_error(env, "resource", "NOFILE or NPROC");
    return false;
  }
  *resource = is_nofile ? RLIMIT_NOFILE : RLIMIT_NPROC;
  return true;
}

napi_value get_limit(napi_env env, napi_callback_info info) {
  napi_value argument, result;
  int resource;
  struct rlimit limit;
  if (!read_arguments(env, info, 1, &argument) || !read_resource(env, argument, &resource)) {
    return NULL;
  }
  if (getrlimit(resource, &limit) != 0) {
    return make_result(env, -1);
  }
  napi_create_object(env, &result);
  set_property(env, result, "soft", make_limit(env, limit.rlim_cur));
  set_property(env, result, "hard", make_limit(env, limit.rlim_max));
  return result;
}

napi_value set_limit(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  int resource;
  struct rlimit limit;
  if (!read_arguments(env, info, 3, arguments) || !read_resource(env, arguments[0], &resource) ||
      !read_limit(env, arguments[1], &limit.rlim_cur) || !read_limit(env, arguments[2], &limit.rlim_max)) {
    return NULL;
  }
  return make_result(env, setrlimit(resource, &limit));
}
