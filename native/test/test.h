/* What the tests of the pump share. They are plain programs without Node, so that sanitizers see all of it. */
#ifndef SUPERVISORD_PUMP_TEST_H
#define SUPERVISORD_PUMP_TEST_H

#include "../pump.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

/* Ends the program with the place, the condition and what more there is to say. */
#define CHECK(condition, ...)                                                                                          \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fail(__FILE__, __LINE__, #condition, __VA_ARGS__);                                                               \
    }                                                                                                                  \
  } while (0)

__attribute__((noreturn, format(printf, 4, 5))) void fail(const char *file, int line, const char *condition,
                                                          const char *format, ...);

/* Named where a test fails; 0: there is none. */
extern uint64_t seed_of_round;

/* Random numbers that a seed decides. */
struct dice {
  uint64_t state;
};
uint64_t throw_dice(struct dice *dice);
/* From 0 up to but not including `sides`. */
uint64_t below(struct dice *dice, uint64_t sides);
uint64_t mix(uint64_t value);

struct bytes {
  unsigned char *at;
  size_t length, room;
};
/* Room for so many more at the end, which count as there. */
unsigned char *grow(struct bytes *bytes, size_t more);
void read_file(int fd, uint64_t from, struct bytes *into);

/* A folder for the logs of this process, in memory where there is some; it is removed at the end. */
const char *log_folder(void);
/* A new and empty log that is open for appending. */
int new_log(const char *name);
int64_t size_of(int fd);
/* How many descriptors this process has. */
int count_descriptors(void);
void make_pipe(int ends[2]);

/* What exact mode needs of a keeper. */
struct keeper {
  int memory;
  int pipes[2][2];
};
void make_keeper(struct keeper *keeper);

/* Waits until there is something on `wake`, and takes it; fails after ten seconds, which is what a lost wake-up looks like. */
size_t await_notes(struct pump *pump, int wake, struct pump_note *notes, size_t count, const char *what);

int pace_test(void);
int lane_test(void);
int model_test(uint64_t seed, uint64_t rounds, bool is_exact);
int kill_test(uint64_t seed, uint64_t kills);
int find_test(void);

#endif
