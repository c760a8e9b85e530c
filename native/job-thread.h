/*
 * Threads of jobs, with a small stack. They sleep on a counter.
 */
#ifndef SUPERVISORD_JOB_THREAD_H
#define SUPERVISORD_JOB_THREAD_H

#include <stdatomic.h>

/* Starts one that does nothing but call `life` with `data`; 0 or an errno. */
int job_thread_start(void *(*life)(void *data), void *data);

/* Sleeps while the counter is `seen`, at most so many milliseconds; below 0: as long as it takes. */
void job_thread_sleep(atomic_uint *counter, unsigned seen, int ms);

/* Wakes one. */
void job_thread_wake(atomic_uint *counter);

#endif
