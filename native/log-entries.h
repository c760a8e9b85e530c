/*
 * What logs and their backups are as entries of one directory, once a walk has come to it. Every function returns as those
 * of paths.h do.
 */
#ifndef SUPERVISORD_LOG_ENTRIES_H
#define SUPERVISORD_LOG_ENTRIES_H

#include "paths.h"

struct log_entry {
  bool is_there;
  /* False: a device, a FIFO, a socket, a directory, or a link to one; never to be moved or removed. */
  bool is_log;
  /* Of a link its own. */
  int64_t bytes;
};

/* Which numbered files of a log are there, in rising order; the log itself is 0. */
struct log_numbers {
  uint32_t *items;
  size_t count;
  size_t room;
};

/* Refuses what is not ours. */
int log_entry_look(struct place *place, const char *name, struct log_entry *entry);

/*
 * Up to the number `last`; when there are more than `enough`, some of them at least. Freed with free_numbers(), also after
 * a failure.
 */
int log_entries_list(struct place *place, const char *name, uint32_t last, size_t enough,
                     struct log_numbers *numbers);
bool has_number(const struct log_numbers *numbers, uint32_t number);
void free_numbers(struct log_numbers *numbers);

/*
 * Moves a regular file, or a link to one, to a name that is free: EEXIST where it is not, EINVAL when either is something
 * else. What is not there is passed over.
 */
int log_entry_move(struct place *place, const char *from, const char *to);

/*
 * Removes a regular file, or a link to one: ENOENT where there is none, EINVAL where there is something else. The name goes
 * at once; `held` is a descriptor, or -1, that the caller closes, which is when the space of a large one is freed.
 */
int log_entry_remove(struct place *place, const char *name, int *held);

#endif
