/*
 * JavaScript values in, C values out, and back. See values.h for who owns what.
 */
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Longest message of throw_type_error; both parts are literals of ours. */
enum { MESSAGE_MAX = 160 };

napi_value throw_type_error(napi_env env, const char *what, const char *expected) {
  char message[MESSAGE_MAX] = "cannot use ";
  strncat(message, what, MESSAGE_MAX / 2 - strlen(message));
  strncat(message, ": expected ", MESSAGE_MAX / 2);
  strncat(message, expected, MESSAGE_MAX - strlen(message) - 1);
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
  return NULL;
}

napi_value throw_out_of_memory(napi_env env) {
  napi_throw_error(env, "ERR_MEMORY_ALLOCATION_FAILED", "cannot allocate memory for a system call");
  return NULL;
}

bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, arguments, NULL, NULL) != napi_ok || given < count) {
    throw_type_error(env, "the arguments", "more of them");
    return false;
  }
  return true;
}

bool read_int(napi_env env, napi_value value, const char *what, int *result) {
  int32_t number;
  if (napi_get_value_int32(env, value, &number) != napi_ok) {
    throw_type_error(env, what, "an integer");
    return false;
  }
  *result = number;
  return true;
}

bool read_id(napi_env env, napi_value value, const char *what, uint32_t *result) {
  int64_t number;
  if (napi_get_value_int64(env, value, &number) != napi_ok || number < 0 || number >= UINT32_MAX) {
    throw_type_error(env, what, "an id from 0 to 4294967294");
    return false;
  }
  *result = (uint32_t)number;
  return true;
}

bool read_number(napi_env env, napi_value value, const char *what, int64_t *result) {
  if (napi_get_value_int64(env, value, result) != napi_ok) {
    throw_type_error(env, what, "a number");
    return false;
  }
  return true;
}

bool read_bool(napi_env env, napi_value value, const char *what, bool *result) {
  if (napi_get_value_bool(env, value, result) != napi_ok) {
    throw_type_error(env, what, "a boolean");
    return false;
  }
  return true;
}

bool read_buffer(napi_env env, napi_value value, const char *what, void **data, size_t *length) {
  bool is_buffer = false;
  if (napi_is_buffer(env, value, &is_buffer) != napi_ok || !is_buffer ||
      napi_get_buffer_info(env, value, data, length) != napi_ok) {
    throw_type_error(env, what, "a Buffer");
    return false;
  }
  return true;
}

/* Copies a string of `size` bytes to `target`, which has room for them and a NUL. */
bool read_external(napi_env env, napi_value value, const char *what, const char *expected, void *pointer) {
  if (napi_get_value_external(env, value, pointer) != napi_ok) {
    throw_type_error(env, what, expected);
    return false;
  }
  return true;
}

static bool copy_string(napi_env env, napi_value value, const char *what, char *target, size_t size) {
  size_t copied;
  if (napi_get_value_string_utf8(env, value, target, size + 1, &copied) != napi_ok) {
    throw_type_error(env, what, "a string");
    return false;
  }
  if (memchr(target, '\0', copied) != NULL) {
    throw_type_error(env, what, "no NUL character in it");
    return false;
  }
  return true;
}

static bool string_size(napi_env env, napi_value value, const char *what, size_t *size) {
  if (napi_get_value_string_utf8(env, value, NULL, 0, size) != napi_ok) {
    throw_type_error(env, what, "a string");
    return false;
  }
  return true;
}

bool read_string(napi_env env, napi_value value, const char *what, char **result) {
  size_t size;
  if (!string_size(env, value, what, &size)) {
    return false;
  }
  char *text = malloc(size + 1);
  if (text == NULL) {
    throw_out_of_memory(env);
    return false;
  }
  if (!copy_string(env, value, what, text, size)) {
    free(text);
    return false;
  }
  *result = text;
  return true;
}

static bool array_length(napi_env env, napi_value value, const char *what, uint32_t *count) {
  if (napi_get_array_length(env, value, count) != napi_ok) {
    throw_type_error(env, what, "an array");
    return false;
  }
  return true;
}

/* Bytes that the strings of an array need, each with its NUL. */
static bool strings_size(napi_env env, napi_value array, const char *what, uint32_t count, size_t *total) {
  *total = 0;
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    size_t size;
    if (napi_get_element(env, array, i, &element) != napi_ok || !string_size(env, element, what, &size)) {
      return false;
    }
    *total += size + 1;
  }
  return true;
}

bool read_strings(napi_env env, napi_value value, const char *what, struct string_list *result) {
  uint32_t count;
  size_t total;
  if (!array_length(env, value, what, &count) || !strings_size(env, value, what, count, &total)) {
    return false;
  }
  size_t pointers = ((size_t)count + 1) * sizeof(char *);
  char **items = malloc(pointers + total);
  if (items == NULL) {
    throw_out_of_memory(env);
    return false;
  }
  char *next = (char *)items + pointers;
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    size_t room = (size_t)((char *)items + pointers + total - next);
    if (napi_get_element(env, value, i, &element) != napi_ok ||
        !copy_string(env, element, what, next, room - 1)) {
      free(items);
      return false;
    }
    items[i] = next;
    next += strlen(next) + 1;
  }
  items[count] = NULL;
  result->items = items;
  return true;
}

void free_strings(struct string_list *list) { free(list->items); }

bool read_ids(napi_env env, napi_value value, const char *what, struct id_list *result) {
  uint32_t count;
  if (!array_length(env, value, what, &count)) {
    return false;
  }
  uint32_t *items = malloc(((size_t)count + 1) * sizeof(uint32_t));
  if (items == NULL) {
    throw_out_of_memory(env);
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    napi_value element;
    if (napi_get_element(env, value, i, &element) != napi_ok || !read_id(env, element, what, &items[i])) {
      free(items);
      return false;
    }
  }
  result->items = items;
  result->count = count;
  return true;
}

void free_ids(struct id_list *list) { free(list->items); }

bool read_property(napi_env env, napi_value object, const char *name, napi_value *result, bool *present) {
  napi_valuetype type;
  if (napi_get_named_property(env, object, name, result) != napi_ok ||
      napi_typeof(env, *result, &type) != napi_ok) {
    throw_type_error(env, name, "it in an object");
    return false;
  }
  *present = type != napi_undefined && type != napi_null;
  return true;
}

napi_value make_null(napi_env env) {
  napi_value result = NULL;
  napi_get_null(env, &result);
  return result;
}

napi_value make_int(napi_env env, int64_t value) {
  napi_value result = NULL;
  napi_create_int64(env, value, &result);
  return result;
}

napi_value make_string(napi_env env, const char *text) {
  napi_value result = NULL;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

napi_value make_result(napi_env env, int64_t result) { return make_int(env, result < 0 ? -errno : result); }

void set_property(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}
