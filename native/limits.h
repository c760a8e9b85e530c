/*
 * Reading a resource limit from JavaScript; throws and returns false like the functions of values.h.
 */
#ifndef SUPERVISORD_LIMITS_H
#define SUPERVISORD_LIMITS_H

#include "values.h"

#include <sys/resource.h>

bool read_limit(napi_env env, napi_value value, rlim_t *result);

#endif
