/*
 * Which backups of a log there are; see log-entries.h.
 */
#define _GNU_SOURCE
#include "log-entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* So many names are rather asked for one by one: a directory such as /tmp may hold any number of others. */
enum { MAX_ASKED = 16 };

enum { LISTING_BYTES = 32 * 1024, DIGITS_MAX = 10, BASE = 10 };

/* struct linux_dirent64. */
struct kernel_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

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

static int add_if_numbered(struct log_numbers *numbers, const char *entry, const char *name, uint32_t last) {
  size_t length = strlen(name);
  if (strncmp(entry, name, length) != 0) {
    return 0;
  }
  if (entry[length] == '\0') {
    return add(numbers, 0);
  }
  uint64_t number = entry[length] == '.' ? number_of(entry + length + 1) : 0;
  return number > 0 && number <= last ? add(numbers, (uint32_t)number) : 0;
}

static int read_listing(int fd, const char *name, uint32_t last, size_t enough, struct log_numbers *numbers) {
  char *buffer = malloc(LISTING_BYTES);
  int error = buffer == NULL ? ENOMEM : 0;
  while (error == 0 && numbers->count <= enough) {
    long length = syscall(SYS_getdents64, fd, buffer, LISTING_BYTES);
    if (length <= 0) {
      error = length < 0 ? errno : 0;
      break;
    }
    for (long at = 0; at < length && error == 0;) {
      const struct kernel_entry *entry = (const struct kernel_entry *)(buffer + at);
      error = add_if_numbered(numbers, entry->name, name, last);
      at += entry->length;
    }
  }
  free(buffer);
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
  error = read_listing(fd, name, last, enough, numbers);
  close(fd);
  return error;
}
