/*
 * See admitted-values.h.
 */
#include "admitted-values.h"

#include <stdlib.h>

bool read_natural(napi_env env, napi_value value, const char *what, int64_t *result) {
  if (napi_get_value_int64(env, value, result) != napi_ok || *result < 0) {
    throw_type_error(env, what, "a number from 0 up");
    return false;
  }
  return true;
}

static bool read_links(napi_env env, napi_value value, struct admitted *result) {
  uint32_t count;
  if (napi_get_array_length(env, value, &count) != napi_ok || count % 2 != 0) {
    throw_type_error(env, "links", "an array of devices and inodes in turn");
    return false;
  }
  struct file_id *links = malloc((count / 2 + 1) * sizeof(*links));
  if (links == NULL) {
    throw_out_of_memory(env);
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    int64_t number;
    if (napi_get_element(env, value, i, &element) != napi_ok ||
        !read_natural(env, element, "links", &number)) {
      free(links);
      return false;
    }
    *(i % 2 == 0 ? &links[i / 2].device : &links[i / 2].inode) = (uint64_t)number;
  }
  result->links = links;
  result->link_count = count / 2;
  return true;
}

bool read_admitted(napi_env env, napi_value friends, napi_value links, struct admitted *result) {
  struct id_list ids = {0};
  *result = (struct admitted){0};
  if (!read_ids(env, friends, "friends", &ids)) {
    return false;
  }
  if (!read_links(env, links, result)) {
    free_ids(&ids);
    return false;
  }
  result->friends = ids.items;
  result->friend_count = ids.count;
  return true;
}

void free_admitted(struct admitted *admitted) {
  free((void *)admitted->friends);
  free((void *)admitted->links);
  *admitted = (struct admitted){0};
}

napi_value make_file_ids(napi_env env, const struct file_id *ids, size_t count) {
  napi_value result = NULL;
  napi_create_array(env, &result);
  for (uint32_t i = 0; i < count; i++) {
    napi_set_element(env, result, 2 * i, make_int(env, (int64_t)ids[i].device));
    napi_set_element(env, result, 2 * i + 1, make_int(env, (int64_t)ids[i].inode));
  }
  return result;
}
