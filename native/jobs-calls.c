/*
 * What JavaScript asks about the pool of threads.
 */
#include "admitted-values.h"
#include "functions.h"
#include "jobs.h"

napi_value get_jobs_running_ms(napi_env env, napi_callback_info info) {
  napi_value argument, result = NULL;
  int64_t domain;
  if (!read_arguments(env, info, 1, &argument) || !read_number(env, argument, "domain", &domain)) {
    return NULL;
  }
  napi_create_double(env, jobs_running_ms(domain), &result);
  return result;
}

napi_value count_job_threads(napi_env env, napi_callback_info info) {
  (void)info;
  return make_int(env, jobs_thread_count());
}
