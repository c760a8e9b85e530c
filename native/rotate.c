/*
 * See rotate.h.
 */
#define _GNU_SOURCE
#include "rotate.h"
#include "log-entries.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More moves than these, of some 10 microseconds each, are not waited for. */
enum { MAX_MOVES_AT_ONCE = 64 };

/* Room for a name in a directory and what is put behind it. */
enum { NAME_BYTES = PATH_MAX + 16 };

static const char fallen_suffix[] = "~", aside_suffix[] = "~0";

static void with_suffix(char *result, const char *name, const char *suffix) {
  snprintf(result, NAME_BYTES, "%s.%s", name, suffix);
}

/* The n-th newest rotated file. */
static void backup_name(char *result, const char *name, uint32_t number) {
  snprintf(result, NAME_BYTES, "%s.%u", name, number);
}

static int remove_and_free(struct place *place, const char *name) {
  int held;
  int error = log_entry_remove(place, name, &held);
  if (held >= 0) {
    close(held);
  }
  return error;
}

static int is_there(struct place *place, const char *name, bool *there) {
  struct log_entry entry;
  int error = log_entry_look(place, name, &entry);
  *there = entry.is_there;
  return error;
}

/* Moves the backups up, from the oldest on, and at last `newest`, which becomes the first. */
static int move_up(struct place *place, const struct rotation *rotation, const struct log_numbers *numbers,
                   const char *newest) {
  char from[NAME_BYTES], to[NAME_BYTES];
  for (size_t i = numbers->count; i > 0; i--) {
    uint32_t number = numbers->items[i - 1];
    if (number == 0 || number >= rotation->backups) {
      continue;
    }
    backup_name(from, rotation->name, number);
    backup_name(to, rotation->name, number + 1);
    int error = log_entry_move(place, from, to);
    if (error != 0) {
      return error;
    }
  }
  backup_name(to, rotation->name, 1);
  return log_entry_move(place, newest, to);
}

/* Moves the backups up and `newest` after them. */
static int shift(struct place *place, struct rotation *rotation, const struct log_numbers *numbers,
                 const char *newest) {
  char oldest[NAME_BYTES], fallen[NAME_BYTES];
  uint32_t last = rotation->backups;
  bool comes_one;
  int error = is_there(place, newest, &comes_one);
  if (error != 0) {
    return error;
  }
  bool falls_off = has_number(numbers, last) && (last == 1 ? comes_one : has_number(numbers, last - 1));
  backup_name(oldest, rotation->name, last);
  with_suffix(fallen, rotation->name, fallen_suffix);
  int stuck = remove_and_free(place, fallen);
  if (!falls_off) {
    return move_up(place, rotation, numbers, newest);
  }
  if (stuck != 0 && stuck != ENOENT) {
    return stuck;
  }
  error = log_entry_move(place, oldest, fallen);
  if (error == 0) {
    error = move_up(place, rotation, numbers, newest);
  }
  if (error == 0) {
    rotation->has_fallen = true;
  } else {
    /* Goes back where nothing has come to its place. The reason is that of the failure. */
    char reason[REASON_BYTES];
    memcpy(reason, place->reason, sizeof(reason));
    log_entry_move(place, fallen, oldest);
    memcpy(place->reason, reason, sizeof(reason));
  }
  return error;
}

static int list_and_shift(struct place *place, struct rotation *rotation, const char *newest) {
  struct log_numbers numbers;
  int error = log_entries_list(place, rotation->name, rotation->backups, SIZE_MAX, &numbers);
  if (error == 0) {
    error = shift(place, rotation, &numbers, newest);
  }
  free_numbers(&numbers);
  return error;
}

/*
 * What a rotation has put aside that was killed, or could not go on. A log whose name leaves no room for the suffix has
 * none so large a number of backups that it could have been put aside.
 */
static int finish_last_one(struct place *place, struct rotation *rotation, const char *aside) {
  char fallen[NAME_BYTES];
  bool is_left;
  int error = is_there(place, aside, &is_left);
  if (error != 0 || !is_left) {
    return error == ENAMETOOLONG ? 0 : error;
  }
  error = list_and_shift(place, rotation, aside);
  if (error == 0 && rotation->has_fallen) {
    with_suffix(fallen, rotation->name, fallen_suffix);
    remove_and_free(place, fallen);
    rotation->has_fallen = false;
  }
  return error;
}

int rotation_begin(struct place *place, struct rotation *rotation) {
  char aside[NAME_BYTES];
  struct log_numbers numbers = {0};
  rotation->is_put_aside = false;
  rotation->has_fallen = false;
  with_suffix(aside, rotation->name, aside_suffix);
  int error = finish_last_one(place, rotation, aside);
  if (error == 0) {
    error = log_entries_list(place, rotation->name, rotation->backups, MAX_MOVES_AT_ONCE, &numbers);
  }
  if (error == 0 && numbers.count > MAX_MOVES_AT_ONCE) {
    error = log_entry_move(place, rotation->name, aside);
    rotation->is_put_aside = error == 0;
  } else if (error == 0) {
    error = shift(place, rotation, &numbers, rotation->name);
  }
  free_numbers(&numbers);
  return error;
}

int rotation_finish(struct place *place, struct rotation *rotation, int *held) {
  char name[NAME_BYTES];
  int error = 0;
  *held = -1;
  if (rotation->is_put_aside) {
    with_suffix(name, rotation->name, aside_suffix);
    error = list_and_shift(place, rotation, name);
  }
  if (error == 0 && rotation->has_fallen) {
    with_suffix(name, rotation->name, fallen_suffix);
    error = log_entry_remove(place, name, held);
  }
  return error;
}

/* The lowest number that is free. */
static uint32_t first_gap(const struct log_numbers *numbers) {
  uint32_t gap = 1;
  for (size_t i = 0; i < numbers->count; i++) {
    if (numbers->items[i] == gap) {
      gap++;
    }
  }
  return gap;
}

/*
 * A shift leaves one gap, which the files below it go on to fill; the last number is it when the oldest file has been moved
 * out of the way. Where there is none, nothing has been moved, and the next rotation knows whether the oldest may stay.
 */
void rotation_complete(struct place *place, const char *name) {
  char aside[NAME_BYTES], fallen[NAME_BYTES];
  bool is_left, has_fallen;
  struct log_numbers numbers = {0};
  with_suffix(aside, name, aside_suffix);
  with_suffix(fallen, name, fallen_suffix);
  if (is_there(place, aside, &is_left) != 0 || !is_left || is_there(place, fallen, &has_fallen) != 0) {
    return;
  }
  if (log_entries_list(place, name, UINT32_MAX - 1, SIZE_MAX, &numbers) == 0) {
    uint32_t gap = first_gap(&numbers);
    bool is_within = numbers.count > 0 && gap < numbers.items[numbers.count - 1];
    struct rotation rotation = {.name = name, .backups = gap};
    if ((is_within || has_fallen) && shift(place, &rotation, &numbers, aside) == 0) {
      remove_and_free(place, fallen);
    }
  }
  free_numbers(&numbers);
}
