/*
 * Which backups of a log there are; see log-entries.h.
 */
#define _GNU_SOURCE
#include "directory-entries.h"
#include "log-entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many names are rather asked for one by one: a directory such as /tmp may hold any number of others. */
enum { MAX_ASKED = 16 };

enum { DIGITS_MAX = 10, BASE = 10 };

static int add(struct log_numbers *numbers, uint32_t number) {
  if (numbers->count == numbers->room) {
    size_t room = numbers->room == 0 ? MAX_ASKED + 1 : numbers->room * 2;
    uint32_t *items = realloc(numbers->items, room * sizeof(*items));
    if (items == NULL) {
      return ENOMEM;
    }
    numbers->items = items;
    numbers->room = room;
  }
  numbers->items[numbers->count++] = number;
  return 0;
}

void free_numbers(struct log_numbers *numbers) {
  free(numbers->items);
  *numbers = (struct log_numbers){0};
}

static int compare(const void *a, const void *b) {
  uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
  return first < second ? -1 : first > second;
}

bool has_number(const struct log_numbers *numbers, uint32_t number) {
  return numbers->count > 0 &&
         bsearch(&number, numbers->items, numbers->count, sizeof(number), compare) != NULL;
}

/* The number of a suffix that is one as we write it, without zeros before; else 0. */
static uint64_t number_of(const char *suffix) {
  size_t length = strlen(suffix);
  uint64_t number = 0;
  if (suffix[0] == '0' || length > DIGITS_MAX) {
    return 0;
  }
  for (size_t i = 0; i < length; i++) {
    if (suffix[i] < '0' || suffix[i] > '9') {
      return 0;
    }
    number = number * BASE + (uint64_t)(suffix[i] - '0');
  }
  return number;
}

/* What is looked for in a listing. */
struct wanted {
  const char *name;
  uint32_t last;
  size_t enough;
  struct log_numbers *numbers;
};

static int add_if_numbered(const char *entry, void *data) {
  struct wanted *wanted = data;
  size_t length = strlen(wanted->name);
  int error = 0;
  if (strncmp(entry, wanted->name, length) != 0) {
    return 0;
  }
  if (entry[length] == '\0') {
    error = add(wanted->numbers, 0);
  } else if (entry[length] == '.') {
    uint64_t number = number_of(entry + length + 1);
    error = number > 0 && number <= wanted->last ? add(wanted->numbers, (uint32_t)number) : 0;
  }
  return error == 0 && wanted->numbers->count > wanted->enough ? ENOUGH_NAMES : error;
}

static int read_listing(int fd, struct wanted *wanted) {
  struct log_numbers *numbers = wanted->numbers;
  int error = for_each_name(fd, add_if_numbered, wanted);
  if (error == 0 && numbers->count > 0) {
    qsort(numbers->items, numbers->count, sizeof(*numbers->items), compare);
  }
  return error;
}

static int ask_for_each(struct place *place, const char *name, uint32_t last, struct log_numbers *numbers) {
  char numbered[PATH_MAX], path[PATH_MAX];
  struct seen seen;
  for (uint64_t number = 0; number <= last; number++) {
    int length = number == 0 ? snprintf(numbered, PATH_MAX, "%s", name)
                             : snprintf(numbered, PATH_MAX, "%s.%u", name, (uint32_t)number);
    int error = length >= PATH_MAX ? ENAMETOOLONG : place_entry(place, numbered, path);
    if (error == 0) {
      error = look_at(place->fd, path, false, &seen);
    }
    if (error == 0) {
      error = add(numbers, (uint32_t)number);
    }
    if (error != 0 && error != ENOENT) {
      return error;
    }
  }
  return 0;
}

int log_entries_list(struct place *place, const char *name, uint32_t last, size_t enough,
                     struct log_numbers *numbers) {
  char path[PATH_MAX];
  *numbers = (struct log_numbers){0};
  if (last <= MAX_ASKED) {
    return ask_for_each(place, name, last, numbers);
  }
  int error = place_entry(place, ".", path);
  if (error != 0) {
    return error;
  }
  int fd = openat(place->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    /* It may be entered but not listed. */
    return errno == EACCES ? ask_for_each(place, name, last, numbers) : errno;
  }
  error = read_listing(fd, &(struct wanted){name, last, enough, numbers});
  close(fd);
  return error;
}
