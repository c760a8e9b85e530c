/*
 * What is admitted for a path, as JavaScript hands it over: an array of user ids, and one of devices and inodes in turn.
 */
#ifndef SUPERVISORD_ADMITTED_VALUES_H
#define SUPERVISORD_ADMITTED_VALUES_H

#include "path-trust.h"
#include "values.h"

/* As the functions of values.h; freed with free_admitted(), which is harmless on a zeroed one. */
bool read_admitted(napi_env env, napi_value friends, napi_value links, struct admitted *result);
void free_admitted(struct admitted *admitted);

/* The opposite for links. */
napi_value make_file_ids(napi_env env, const struct file_id *ids, size_t count);

/* A whole number from 0 up, such as a size. */
bool read_natural(napi_env env, napi_value value, const char *what, int64_t *result);

#endif
