/*
 * JavaScript values in, C values out, and back.
 *
 * Every read_* function returns false after it has thrown a JavaScript exception; the caller frees what it
 * holds and returns NULL. Strings and lists that were read belong to the caller, which frees them with the
 * function named beside them.
 */
#ifndef SUPERVISORD_VALUES_H
#define SUPERVISORD_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A NULL-terminated list of strings in one allocation; `items` is what execve takes. */
struct string_list {
  char **items;
};

/* Numbers such as group ids. */
struct id_list {
  uint32_t *items;
  size_t count;
};

bool read_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments);
bool read_int(napi_env env, napi_value value, const char *what, int *result);
bool read_id(napi_env env, napi_value value, const char *what, uint32_t *result);
bool read_number(napi_env env, napi_value value, const char *what, int64_t *result);
bool read_bool(napi_env env, napi_value value, const char *what, bool *result);
bool read_buffer(napi_env env, napi_value value, const char *what, void **data, size_t *length);

/* What a function of ours has made of a pointer: `pointer` is the address of one. */
bool read_external(napi_env env, napi_value value, const char *what, const char *expected, void *pointer);

/* Refuses a string with a NUL character, which C would cut short. Freed with free(). */
bool read_string(napi_env env, napi_value value, const char *what, char **result);

/* Freed with free_strings(), which is harmless on a zeroed list. */
bool read_strings(napi_env env, napi_value value, const char *what, struct string_list *result);
void free_strings(struct string_list *list);

/* Freed with free_ids(), which is harmless on a zeroed list. */
bool read_ids(napi_env env, napi_value value, const char *what, struct id_list *result);
void free_ids(struct id_list *list);

/* A named property; `present` is false for null and undefined. */
bool read_property(napi_env env, napi_value object, const char *name, napi_value *result, bool *present);

napi_value throw_type_error(napi_env env, const char *what, const char *expected);
napi_value throw_out_of_memory(napi_env env);

napi_value make_null(napi_env env);
napi_value make_int(napi_env env, int64_t value);
napi_value make_string(napi_env env, const char *text);
/* The result of a system call: itself, or the errno as a negative number. */
napi_value make_result(napi_env env, int64_t result);
void set_property(napi_env env, napi_value object, const char *name, napi_value value);

#endif
