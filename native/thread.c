/*
 * See thread.h. The mask is inherited, so it is set around the start.
 */
#define _GNU_SOURCE
#include "thread.h"

#include <pthread.h>
#include <signal.h>

int start_detached_thread(void *(*life)(void *data), void *data, size_t stack_bytes) {
  pthread_attr_t attributes;
  pthread_t thread;
  sigset_t all, before;
  int error = pthread_attr_init(&attributes);
  if (error != 0) {
    return error;
  }
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (stack_bytes > 0) {
    pthread_attr_setstacksize(&attributes, stack_bytes);
  }
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(&thread, &attributes, life, data);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}
