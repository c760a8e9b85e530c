/*
 * The walk for JavaScript, in its own thread: what it has come to, with a descriptor of the directory where that is to be
 * used by one.
 */
#define _GNU_SOURCE
#include "admitted-values.h"
#include "functions.h"
#include "own-descriptor.h"
#include "paths.h"

#include <fcntl.h>
#include <stdlib.h>

static void set_bool(napi_env env, napi_value object, const char *name, bool value) {
  napi_value boolean = NULL;
  napi_get_boolean(env, value, &boolean);
  set_property(env, object, name, boolean);
}

static napi_value make_seen(napi_env env, const struct seen *seen) {
  napi_value result = NULL;
  napi_create_object(env, &result);
  set_property(env, result, "mode", make_int(env, seen->mode));
  set_property(env, result, "uid", make_int(env, seen->uid));
  set_property(env, result, "gid", make_int(env, seen->gid));
  set_property(env, result, "nlink", make_int(env, seen->links));
  set_property(env, result, "dev", make_int(env, (int64_t)seen->device));
  set_property(env, result, "ino", make_int(env, (int64_t)seen->inode));
  set_property(env, result, "size", make_int(env, seen->bytes));
  return result;
}

static napi_value make_link(napi_env env, const struct place *place) {
  napi_value result = NULL;
  if (!place->is_link) {
    return make_null(env);
  }
  napi_create_object(env, &result);
  set_property(env, result, "target", make_string(env, place->target));
  set_bool(env, result, "isOurs", place->link_is_ours);
  return result;
}

/* The descriptor goes to JavaScript. */
static napi_value make_place(napi_env env, struct place *place) {
  napi_value result = NULL;
  bool by_path = place->fd == AT_FDCWD;
  napi_create_object(env, &result);
  set_property(env, result, "fd", by_path ? make_null(env) : make_int(env, place->fd));
  set_property(env, result, "directory", make_string(env, place->at));
  set_property(env, result, "name", make_string(env, place->name));
  set_property(env, result, "openDirectory", place->is_open ? make_seen(env, &place->directory) : make_null(env));
  set_property(env, result, "found", place->is_found ? make_seen(env, &place->found) : make_null(env));
  set_property(env, result, "link", make_link(env, place));
  place->fd = AT_FDCWD;
  return result;
}

static napi_value walk(napi_env env, const char *path, enum last_link last_link, const struct admitted *admitted) {
  struct place *place = malloc(sizeof(*place));
  if (place == NULL) {
    return throw_out_of_memory(env);
  }
  napi_value result = NULL;
  int error = place_find(place, path, last_link, admitted);
  napi_create_object(env, &result);
  set_property(env, result, "error", error == UNSAFE_PATH ? make_string(env, place->reason) : make_int(env, error));
  set_property(env, result, "place", error == 0 ? make_place(env, place) : make_null(env));
  set_property(env, result, "believed", make_file_ids(env, place->believed, place->believed_count));
  place_close(place);
  free(place);
  return result;
}

napi_value walk_path(napi_env env, napi_callback_info info) {
  napi_value arguments[5], result = NULL;
  struct admitted admitted = {0};
  bool keeps_last_link, believes_all;
  char *path = NULL;
  if (!read_arguments(env, info, 5, arguments) || !read_bool(env, arguments[1], "keepsLastLink", &keeps_last_link) ||
      !read_bool(env, arguments[4], "believesAll", &believes_all) ||
      !read_string(env, arguments[0], "path", &path)) {
    return NULL;
  }
  if (read_admitted(env, arguments[2], arguments[3], &admitted)) {
    admitted.believes_all = believes_all;
    result = walk(env, path, keeps_last_link ? KEEP_LAST_LINK : FOLLOW_LAST_LINK, &admitted);
  }
  free_admitted(&admitted);
  free(path);
  return result;
}

napi_value find_own_descriptor(napi_env env, napi_callback_info info) {
  napi_value arguments[3], result = NULL;
  struct admitted admitted = {0};
  char *path = NULL;
  if (!read_arguments(env, info, 3, arguments) || !read_string(env, arguments[0], "path", &path)) {
    return NULL;
  }
  if (read_admitted(env, arguments[1], arguments[2], &admitted)) {
    result = make_int(env, own_descriptor(path, &admitted));
  }
  free_admitted(&admitted);
  free(path);
  return result;
}
