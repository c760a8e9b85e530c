/*
 * See lookup.h. May block for as long as the machine's name services do.
 *
 * Memory: buffers grow up to LOOKUP_BYTES; those of failures are freed here.
 */
#define _GNU_SOURCE
#include "lookup.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { FIRST_BUFFER_BYTES = 4096, FIRST_GROUPS = 64, MOST_GROUPS = LOOKUP_BYTES / sizeof(gid_t) };

/* Makes one attempt with the buffer it is given: errno, and whether there is such an entry. */
typedef int (*attempt)(const struct lookup_key *key, void *entry, char *buffer, size_t bytes, bool *found);

static int try_user(const struct lookup_key *key, void *entry, char *buffer, size_t bytes, bool *found) {
  struct passwd *result = NULL;
  int error = key->name != NULL ? getpwnam_r(key->name, entry, buffer, bytes, &result)
                                : getpwuid_r(key->id, entry, buffer, bytes, &result);
  *found = result != NULL;
  return error;
}

static int try_group(const struct lookup_key *key, void *entry, char *buffer, size_t bytes, bool *found) {
  struct group *result = NULL;
  int error = key->name != NULL ? getgrnam_r(key->name, entry, buffer, bytes, &result)
                                : getgrgid_r(key->id, entry, buffer, bytes, &result);
  *found = result != NULL;
  return error;
}

/* Repeats the attempt with a larger buffer while the entry does not fit. */
static int look_up(attempt attempt, const struct lookup_key *key, void *entry, char **buffer) {
  *buffer = NULL;
  int error = ERANGE;
  for (size_t bytes = FIRST_BUFFER_BYTES; error == ERANGE && bytes <= LOOKUP_BYTES; bytes *= 4) {
    char *room = malloc(bytes);
    if (room == NULL) {
      return ENOMEM;
    }
    bool found = false;
    error = attempt(key, entry, room, bytes, &found);
    if (error == 0 && found) {
      *buffer = room;
      return 0;
    }
    free(room);
  }
  /* POSIX has no errno for "no such entry": services say nothing, ENOENT or ESRCH. */
  return error == 0 || error == ESRCH ? ENOENT : error;
}

int look_up_user(const struct lookup_key *key, struct passwd *entry, char **buffer) {
  return look_up(try_user, key, entry, buffer);
}

int look_up_group(const struct lookup_key *key, struct group *entry, char **buffer) {
  return look_up(try_group, key, entry, buffer);
}

/* glibc gives what it has found and says nothing of files it could not open, but for the errno. */
static bool is_incomplete(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

/*
 * One attempt with room for so many: errno, ERANGE when there are more, and how many. Of a list that does not fit either
 * libc tells the length; a count that fits with a failure is a failure of another kind, of which musl sets the errno.
 */
static int try_groups(const char *name, gid_t primary, gid_t *groups, int room, int *count) {
  *count = room;
  errno = 0;
  int result = getgrouplist(name, primary, groups, count);
  int error = errno;
  if (is_incomplete(error)) {
    return error;
  }
  if (result >= 0) {
    return 0;
  }
  return *count > room || error == 0 ? ERANGE : error;
}

int look_up_groups(const char *name, gid_t primary, gid_t **groups, int *count) {
  *groups = NULL;
  for (int room = FIRST_GROUPS; room <= (int)MOST_GROUPS; room = *count > room ? *count : room * 2) {
    gid_t *list = malloc((size_t)room * sizeof(gid_t));
    if (list == NULL) {
      return ENOMEM;
    }
    int error = try_groups(name, primary, list, room, count);
    if (error == 0) {
      *groups = list;
      return 0;
    }
    free(list);
    if (error != ERANGE) {
      return error;
    }
  }
  return ERANGE;
}
