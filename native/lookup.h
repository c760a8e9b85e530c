/*
 * Looking up users and groups through the name service switch, without JavaScript: from any thread.
 *
 * Every function returns 0, ENOENT where there is no such entry, or another errno where that cannot be told: the files
 * cannot be opened, the directory service does not answer, the entry takes more than LOOKUP_BYTES (ERANGE).
 */
#ifndef SUPERVISORD_LOOKUP_H
#define SUPERVISORD_LOOKUP_H

#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <sys/types.h>

/* Most that one entry, or the groups of one user, may take. */
enum { LOOKUP_BYTES = 1024 * 1024 };

/* What is looked up: by name when it is not NULL, else by id. */
struct lookup_key {
  const char *name;
  uint32_t id;
};

/* `entry` points into `buffer`, which the caller frees; NULL after a failure. */
int look_up_user(const struct lookup_key *key, struct passwd *entry, char **buffer);
int look_up_group(const struct lookup_key *key, struct group *entry, char **buffer);

/* Every group of a user, the given one first, in a list that the caller frees; NULL after a failure. */
int look_up_groups(const char *name, gid_t primary, gid_t **groups, int *count);

#endif
