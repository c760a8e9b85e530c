/*
 * Memory that the C library keeps after it was freed. Only glibc keeps much, and only it has these calls, so they are looked
 * up when they are used: the addon names no symbol that another library lacks.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "values.h"

#include <dlfcn.h>
#include <stddef.h>

/* Of glibc's malloc.h. */
enum { MMAP_THRESHOLD = -3 };

napi_value map_large_blocks(napi_env env, napi_callback_info info) {
  napi_value argument;
  int bytes;
  if (!read_arguments(env, info, 1, &argument) || !read_int(env, argument, "bytes", &bytes)) {
    return NULL;
  }
  int (*set_option)(int, int) = (int (*)(int, int))dlsym(RTLD_DEFAULT, "mallopt");
  if (set_option != NULL) {
    set_option(MMAP_THRESHOLD, bytes);
  }
  return make_result(env, 0);
}

napi_value trim_memory(napi_env env, napi_callback_info info) {
  (void)info;
  int (*trim)(size_t) = (int (*)(size_t))dlsym(RTLD_DEFAULT, "malloc_trim");
  if (trim != NULL) {
    trim(0);
  }
  return make_result(env, 0);
}
