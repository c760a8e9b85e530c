/*
 * Users and groups, while the caller waits: for the reading of a configuration. Looking up beside the event loop is
 * lookup-thread.c.
 */
#include "functions.h"
#include "lookup.h"
#include "values.h"

#include <errno.h>
#include <stdlib.h>

static napi_value make_failure(napi_env env, int error) {
  return error == ENOENT ? make_null(env) : make_int(env, -error);
}

static napi_value make_user(napi_env env, const struct lookup_key *key) {
  struct passwd entry;
  char *buffer;
  int error = look_up_user(key, &entry, &buffer);
  if (error != 0) {
    return make_failure(env, error);
  }
  napi_value record;
  napi_create_object(env, &record);
  set_property(env, record, "name", make_string(env, entry.pw_name));
  set_property(env, record, "uid", make_int(env, entry.pw_uid));
  set_property(env, record, "gid", make_int(env, entry.pw_gid));
  set_property(env, record, "home", make_string(env, entry.pw_dir));
  free(buffer);
  return record;
}

static napi_value make_group(napi_env env, const struct lookup_key *key) {
  struct group entry;
  char *buffer;
  int error = look_up_group(key, &entry, &buffer);
  if (error != 0) {
    return make_failure(env, error);
  }
  napi_value record;
  napi_create_object(env, &record);
  set_property(env, record, "name", make_string(env, entry.gr_name));
  set_property(env, record, "gid", make_int(env, entry.gr_gid));
  free(buffer);
  return record;
}

typedef napi_value (*make_record)(napi_env env, const struct lookup_key *key);

static napi_value find_by_name(napi_env env, napi_callback_info info, make_record make) {
  napi_value argument;
  char *name;
  if (!read_arguments(env, info, 1, &argument) || !read_string(env, argument, "name", &name)) {
    return NULL;
  }
  struct lookup_key key = {.name = name};
  napi_value record = make(env, &key);
  free(name);
  return record;
}

static napi_value find_by_id(napi_env env, napi_callback_info info, make_record make) {
  napi_value argument;
  struct lookup_key key = {0};
  if (!read_arguments(env, info, 1, &argument) || !read_id(env, argument, "id", &key.id)) {
    return NULL;
  }
  return make(env, &key);
}

napi_value user_by_name(napi_env env, napi_callback_info info) { return find_by_name(env, info, make_user); }

napi_value user_by_id(napi_env env, napi_callback_info info) { return find_by_id(env, info, make_user); }

napi_value group_by_name(napi_env env, napi_callback_info info) { return find_by_name(env, info, make_group); }

napi_value group_by_id(napi_env env, napi_callback_info info) { return find_by_id(env, info, make_group); }

napi_value groups_of_user(napi_env env, napi_callback_info info) {
  napi_value arguments[2], list;
  char *name;
  uint32_t primary;
  if (!read_arguments(env, info, 2, arguments) || !read_id(env, arguments[1], "gid", &primary) ||
      !read_string(env, arguments[0], "name", &name)) {
    return NULL;
  }
  int count;
  gid_t *groups;
  int error = look_up_groups(name, primary, &groups, &count);
  free(name);
  if (error != 0) {
    return make_int(env, -error);
  }
  napi_create_array_with_length(env, (size_t)count, &list);
  for (int i = 0; i < count; i++) {
    napi_set_element(env, list, (uint32_t)i, make_int(env, groups[i]));
  }
  free(groups);
  return list;
}
