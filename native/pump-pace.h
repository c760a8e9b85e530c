/*
 * When a pipe is rather looked at now and then than waited for: decided by how fast it fills. Pure.
 *
 * Waking up for each of many small writes costs writer and reader more than the bytes. An interval is taken if by all that is
 * known a fourth of the pipe at most fills in it. A pipe that is found fuller than that is waited for from then on: the rest
 * of it fills in microseconds, and its writer would stand still until the next look.
 */
#ifndef SUPERVISORD_PUMP_PACE_H
#define SUPERVISORD_PUMP_PACE_H

#include <stdint.h>

/* The slowest first. At 25 ms nobody watching a log can tell. */
enum { PACES = 4, NO_PACE = -1 };
extern const uint64_t pace_intervals_ns[PACES];

struct pace {
  uint64_t since_ns, last_ns, distrust_until_ns;
  uint64_t bytes;
  uint64_t rate; /* bytes in the last full window of time; 0 when it is not known */
  int8_t interval;
  int8_t distrusted; /* intervals up to this one are too long until then */
};

void pace_init(struct pace *pace);

/* After a read that an event has brought about: the interval to look at from now on, or NO_PACE. */
int pace_after_event(struct pace *pace, uint64_t now_ns, uint64_t bytes, uint64_t capacity);

/* After a look that found something. */
int pace_after_look(struct pace *pace, uint64_t now_ns, uint64_t bytes, uint64_t capacity);

#endif
