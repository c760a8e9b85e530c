/*
 * Blocks in JavaScript, which holds one twice: by its handle, that jobs are given, and by its bytes.
 */
#define _GNU_SOURCE
#include "block.h"
#include "functions.h"
#include "values.h"

#include <errno.h>

static void release(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  block_release(hint);
}

napi_value make_block(napi_env env, napi_callback_info info) {
  napi_value argument, result = NULL, handle, bytes;
  int length;
  if (!read_arguments(env, info, 1, &argument) || !read_int(env, argument, "bytes", &length)) {
    return NULL;
  }
  struct block *block = length <= 0 ? NULL : block_make((size_t)length);
  if (block == NULL) {
    return make_int(env, length <= 0 ? -EINVAL : -ENOMEM);
  }
  if (napi_create_external(env, block, release, block, &handle) != napi_ok) {
    block_release(block);
    return throw_out_of_memory(env);
  }
  block_hold(block);
  if (napi_create_external_buffer(env, block->length, block->bytes, release, block, &bytes) != napi_ok) {
    block_release(block);
    return throw_out_of_memory(env);
  }
  napi_create_object(env, &result);
  set_property(env, result, "handle", handle);
  set_property(env, result, "bytes", bytes);
  return result;
}
