/*
 * A limit to how long a spawn may hold the calling thread.
 *
 * Between clone and exec the parent waits for the child, and some things can hold that: a working
 * directory or command on a file system that has stopped answering, a SIGSTOP from another process of the
 * child's new user. A second thread then kills the child, so that the parent goes on.
 */
#ifndef SUPERVISORD_WATCHDOG_H
#define SUPERVISORD_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Begins to watch; to be ended by watchdog_end() in the same thread before the next one begins. `pid` may
 * still be 0 and is written while the watch goes on. Without memory for a thread nothing is watched.
 */
void watchdog_begin(const volatile pid_t *pid, uint32_t limit_ms);

/* Ends the watch; true when the child has been killed, or is about to be, for taking too long. */
bool watchdog_end(void);

#endif
