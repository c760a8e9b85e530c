#include "pump-pace.h"

#include <stdbool.h>

enum { MICROSECOND = 1000, MILLISECOND = 1000 * 1000 };

const uint64_t pace_intervals_ns[PACES] = {
    25 * MILLISECOND,
    5 * MILLISECOND,
    1 * MILLISECOND,
    250 * MICROSECOND,
};

/* What came in less time than this may be a burst, and says nothing of how it goes on. */
static const uint64_t glimpse_ns = 2 * MILLISECOND;
/* So long bytes are counted before they are counted anew. */
static const uint64_t window_ns = 20 * MILLISECOND;
/* For so many intervals a pipe that has filled in one is not looked at as seldom again. */
static const uint64_t distrust_intervals = 40;

void pace_init(struct pace *pace) { *pace = (struct pace){.interval = NO_PACE, .distrusted = NO_PACE}; }

static void begin(struct pace *pace, uint64_t now_ns) {
  pace->since_ns = now_ns;
  pace->last_ns = now_ns;
  pace->bytes = 0;
}

/* The longest interval in which no more than a fourth of the pipe fills. */
static int interval_for(const struct pace *pace, uint64_t bytes, uint64_t elapsed_ns, uint64_t now_ns,
                        uint64_t capacity) {
  int first = now_ns < pace->distrust_until_ns ? pace->distrusted + 1 : 0;
  for (int i = first; i < PACES; i++) {
    if (bytes * pace_intervals_ns[i] / elapsed_ns < capacity / 4) {
      return i;
    }
  }
  return NO_PACE;
}

/* Counts bytes; true once so much time has passed that `elapsed_ns` says something. */
static bool count(struct pace *pace, uint64_t now_ns, uint64_t bytes, uint64_t least_ns, uint64_t *counted,
                  uint64_t *elapsed_ns) {
  pace->bytes += bytes;
  pace->last_ns = now_ns;
  *counted = pace->bytes;
  *elapsed_ns = now_ns - pace->since_ns;
  if (*elapsed_ns < least_ns) {
    return false;
  }
  if (*elapsed_ns >= window_ns) {
    pace->rate = *counted;
    begin(pace, now_ns);
  }
  return true;
}

int pace_after_event(struct pace *pace, uint64_t now_ns, uint64_t bytes, uint64_t capacity) {
  uint64_t counted, elapsed_ns;
  if (now_ns - pace->last_ns >= window_ns) {
    pace->rate = 0;
    begin(pace, now_ns);
    return NO_PACE;
  }
  return count(pace, now_ns, bytes, glimpse_ns, &counted, &elapsed_ns)
             ? interval_for(pace, counted, elapsed_ns, now_ns, capacity)
             : NO_PACE;
}

int pace_after_look(struct pace *pace, uint64_t now_ns, uint64_t bytes, uint64_t capacity) {
  uint64_t counted, elapsed_ns;
  uint64_t interval_ns = pace_intervals_ns[pace->interval];
  if (bytes >= capacity / 4) {
    /* It may be no more than that the look was late; who knows how much there would have been of what filled the pipe. */
    uint64_t since_look_ns = now_ns - pace->last_ns;
    uint64_t expected = since_look_ns == 0 ? bytes : bytes * interval_ns / since_look_ns;
    if (expected >= capacity / 4 || bytes > capacity / 2) {
      pace->distrusted = pace->interval;
      pace->distrust_until_ns = now_ns + distrust_intervals * interval_ns;
    }
    begin(pace, now_ns);
    return NO_PACE;
  }
  return count(pace, now_ns, bytes, window_ns, &counted, &elapsed_ns)
             ? interval_for(pace, counted, elapsed_ns, now_ns, capacity)
             : pace->interval;
}
