/* When a pipe is rather looked at than waited for. */
#include "../pump-pace.h"
#include "test.h"

#include <string.h>

enum { PIPE = 64 * 1024, EVENT_OF = NO_PACE, SLOWEST = 0, FIVE = 1, ONE = 2, QUARTER = 3 };
static const uint64_t ms = 1000 * 1000;

struct seen {
  int events, looks, interval;
  uint64_t most; /* in the pipe when it was read */
};

/* A writer of so many bytes every so many quarters of a millisecond, who stops while the pipe is full, for two seconds. */
static struct seen simulate(uint64_t bytes, uint64_t every_quarters, uint64_t late_ns) {
  struct pace pace;
  struct seen seen = {.interval = NO_PACE};
  uint64_t in_pipe = 0, to_write = 0, look_at = 0;
  pace_init(&pace);
  for (uint64_t step = 0; step < 8000; step++) {
    uint64_t now = step * ms / 4 + 1000 * ms;
    to_write += step % every_quarters == 0 ? bytes : 0;
    uint64_t written = to_write < PIPE - in_pipe ? to_write : PIPE - in_pipe;
    in_pipe += written;
    to_write -= written;
    if (pace.interval != NO_PACE ? now < look_at : in_pipe == 0) {
      continue;
    }
    seen.most = in_pipe > seen.most ? in_pipe : seen.most;
    if (pace.interval == NO_PACE) {
      seen.events++;
      seen.interval = pace_after_event(&pace, now, in_pipe, PIPE);
    } else {
      seen.looks++;
      seen.interval = in_pipe == 0 ? NO_PACE : pace_after_look(&pace, now, in_pipe, PIPE);
    }
    pace.interval = (int8_t)seen.interval;
    in_pipe = 0;
    look_at = now + (seen.interval == NO_PACE ? 0 : pace_intervals_ns[seen.interval]) + late_ns;
  }
  return seen;
}

/* One that is looked at every 25 ms, last at 40. */
static struct pace make_paced(void) {
  struct pace pace;
  pace_init(&pace);
  pace_after_event(&pace, 1000 * ms, 100, PIPE);
  pace.interval = (int8_t)pace_after_event(&pace, 1010 * ms, 100, PIPE);
  CHECK(pace.interval == SLOWEST, "%d", pace.interval);
  pace.interval = (int8_t)pace_after_look(&pace, 1040 * ms, 100, PIPE);
  CHECK(pace.interval == SLOWEST, "%d", pace.interval);
  return pace;
}

struct step {
  int interval; /* it is looked at so often before; NO_PACE: an event */
  uint64_t at_ms, bytes, capacity;
  int expected;
};

static const struct {
  const char *what;
  struct step steps[6];
} cases[] = {
    {"found full: waited for at once, and not looked at as seldom for a second",
     {{SLOWEST, 65, PIPE, PIPE, NO_PACE},
      {EVENT_OF, 70, 10, PIPE, FIVE},
      {EVENT_OF, 1055, 10, PIPE, NO_PACE},
      {EVENT_OF, 1064, 10, PIPE, FIVE},
      {EVENT_OF, 1065, 10, PIPE, SLOWEST}}},
    {"found a fourth full by a late look: trusted again",
     {{SLOWEST, 100, 20000, PIPE, NO_PACE}, {EVENT_OF, 110, 10, PIPE, SLOWEST}}},
    {"found more than half full by a late look: not trusted",
     {{SLOWEST, 1000, 40000, PIPE, NO_PACE}, {EVENT_OF, 1010, 10, PIPE, FIVE}}},
    {"holds little: a fourth of that", {{SLOWEST, 65, 2048, 8192, NO_PACE}}},
    {"holds little: less than a fourth of that", {{SLOWEST, 65, 2047, 8192, SLOWEST}}},
    {"is silent for a while: that says nothing", {{SLOWEST, 65, PIPE, PIPE, NO_PACE}, {EVENT_OF, 5000, PIPE, PIPE, NO_PACE}}},
};

static const struct {
  const char *what;
  uint64_t bytes, every_quarters;
  int expected;
} rates[] = {
    {"a line now and then", 100, 200, NO_PACE},
    {"lines often", 100, 40, SLOWEST},
    {"lines very often", 100, 1, SLOWEST},
    {"a megabyte a second", 1000, 4, FIVE},
    {"ten megabytes a second", 5000, 2, ONE},
    {"forty megabytes a second", 10000, 1, QUARTER},
    {"as fast as it can", 16 * 1024, 1, NO_PACE},
};

int pace_test(void) {
  for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
    struct seen seen = simulate(rates[i].bytes, rates[i].every_quarters, 0);
    CHECK(seen.interval == rates[i].expected, "%s: interval %d", rates[i].what, seen.interval);
    CHECK(seen.most <= PIPE / 4, "%s: %d in the pipe", rates[i].what, (int)seen.most);
  }
  struct seen lines = simulate(100, 8, 0);
  CHECK(lines.events < 5 && lines.looks < 105, "%d events, %d looks", lines.events, lines.looks);
  struct seen late = simulate(1000, 4, 20 * ms);
  CHECK(late.events < 200, "%d events", late.events);
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
    struct pace pace = make_paced();
    for (const struct step *step = cases[i].steps; step->at_ms > 0; step++) {
      uint64_t now = (1000 + step->at_ms) * ms;
      pace.interval = (int8_t)step->interval;
      int interval = step->interval == NO_PACE ? pace_after_event(&pace, now, step->bytes, step->capacity)
                                               : pace_after_look(&pace, now, step->bytes, step->capacity);
      CHECK(interval == step->expected, "%s, at %d ms: %d", cases[i].what, (int)step->at_ms, interval);
    }
  }
  printf("pace: %zu rates, %zu cases\n", sizeof(rates) / sizeof(*rates), sizeof(cases) / sizeof(*cases));
  return 0;
}
