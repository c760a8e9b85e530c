/*
 * Users and groups, through the name service switch: files, LDAP, whatever the machine is set up for. May
 * therefore block; called while a configuration is read, never between clone and exec.
 *
 * Memory: the look-up buffers live for one call.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

enum { FIRST_BUFFER_BYTES = 4096, LAST_BUFFER_BYTES = 16 * 1024 * 1024, FIRST_GROUPS = 64 };

/* What is looked up: by name when it is not NULL, else by id. */
struct key {
  const char *name;
  uint32_t id;
};

/* Makes one attempt with the buffer it is given: errno, and a record or null. */
typedef int (*look_up)(napi_env env, const struct key *key, char *buffer, size_t bytes, napi_value *record);

static int look_up_user(napi_env env, const struct key *key, char *buffer, size_t bytes, napi_value *record) {
  struct passwd entry, *found = NULL;
  int error = key->name != NULL ? getpwnam_r(key->name, &entry, buffer, bytes, &found)
                                : getpwuid_r(key->id, &entry, buffer, bytes, &found);
  if (found != NULL) {
    napi_create_object(env, record);
    set_property(env, *record, "name", make_string(env, entry.pw_name));
    set_property(env, *record, "uid", make_int(env, entry.pw_uid));
    set_property(env, *record, "gid", make_int(env, entry.pw_gid));
    set_property(env, *record, "home", make_string(env, entry.pw_dir));
  }
  return error;
}

static int look_up_group(napi_env env, const struct key *key, char *buffer, size_t bytes, napi_value *record) {
  struct group entry, *found = NULL;
  int error = key->name != NULL ? getgrnam_r(key->name, &entry, buffer, bytes, &found)
                                : getgrgid_r(key->id, &entry, buffer, bytes, &found);
  if (found != NULL) {
    napi_create_object(env, record);
    set_property(env, *record, "name", make_string(env, entry.gr_name));
    set_property(env, *record, "gid", make_int(env, entry.gr_gid));
  }
  return error;
}

/* Repeats the attempt with a larger buffer while the record does not fit. */
static napi_value find(napi_env env, look_up attempt, const struct key *key) {
  napi_value record = make_null(env);
  for (size_t bytes = FIRST_BUFFER_BYTES; bytes <= LAST_BUFFER_BYTES; bytes *= 4) {
    char *buffer = malloc(bytes);
    if (buffer == NULL) {
      return throw_out_of_memory(env);
    }
    int error = attempt(env, key, buffer, bytes, &record);
    free(buffer);
    if (error != ERANGE) {
      return record;
    }
  }
  return record;
}

static napi_value find_by_name(napi_env env, napi_callback_info info, look_up attempt) {
  napi_value argument;
  char *name;
  if (!read_arguments(env, info, 1, &argument) || !read_string(env, argument, "name", &name)) {
    return NULL;
  }
  struct key key = {.name = name};
  napi_value record = find(env, attempt, &key);
  free(name);
  return record;
}

static napi_value find_by_id(napi_env env, napi_callback_info info, look_up attempt) {
  napi_value argument;
  struct key key = {0};
  if (!read_arguments(env, info, 1, &argument) || !read_id(env, argument, "id", &key.id)) {
    return NULL;
  }
  return find(env, attempt, &key);
}

napi_value user_by_name(napi_env env, napi_callback_info info) { return find_by_name(env, info, look_up_user); }

napi_value user_by_id(napi_env env, napi_callback_info info) { return find_by_id(env, info, look_up_user); }

napi_value group_by_name(napi_env env, napi_callback_info info) {
  return find_by_name(env, info, look_up_group);
}

napi_value group_by_id(napi_env env, napi_callback_info info) { return find_by_id(env, info, look_up_group); }

/* Grows the list until every group fits; NULL when memory ran out. The caller frees it. */
static gid_t *list_groups(const char *name, gid_t primary, int *count) {
  int room = FIRST_GROUPS;
  gid_t *groups = NULL;
  for (;;) {
    gid_t *larger = realloc(groups, (size_t)room * sizeof(gid_t));
    if (larger == NULL) {
      free(groups);
      return NULL;
    }
    groups = larger;
    *count = room;
    if (getgrouplist(name, primary, groups, count) >= 0) {
      return groups;
    }
    room = *count > room ? *count : room * 2;
  }
}

napi_value groups_of_user(napi_env env, napi_callback_info info) {
  napi_value arguments[2], list;
  char *name;
  uint32_t primary;
  if (!read_arguments(env, info, 2, arguments) || !read_id(env, arguments[1], "gid", &primary) ||
      !read_string(env, arguments[0], "name", &name)) {
    return NULL;
  }
  int count;
  gid_t *groups = list_groups(name, primary, &count);
  free(name);
  if (groups == NULL) {
    return throw_out_of_memory(env);
  }
  napi_create_array_with_length(env, (size_t)count, &list);
  for (int i = 0; i < count; i++) {
    napi_set_element(env, list, (uint32_t)i, make_int(env, groups[i]));
  }
  free(groups);
  return list;
}
