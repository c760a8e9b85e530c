/*
 * Threads of ours: detached, since nobody waits for one at the end of the process, and with all signals blocked, which are for
 * JavaScript's.
 */
#ifndef SUPERVISORD_THREAD_H
#define SUPERVISORD_THREAD_H

#include <stddef.h>

/* Starts one that does nothing but call `life` with `data`. A stack of 0 bytes is the system's usual one. 0 or an errno. */
int start_detached_thread(void *(*life)(void *data), void *data, size_t stack_bytes);

#endif
