/*
 * Whom the daemon trusts with the names of files: root, and the user it runs as itself (`self`).
 */
#ifndef SUPERVISORD_PATH_TRUST_H
#define SUPERVISORD_PATH_TRUST_H

#include "look.h"

#include <stddef.h>

struct file_id {
  uint64_t device;
  uint64_t inode;
};

/* What is taken besides what is root's, the daemon's user's and of whose directory it is. */
struct admitted {
  const uint32_t *friends;
  size_t friend_count;
  /* Links of root or the daemon's user that are where they put them, in directories whose names others can exchange. */
  const struct file_id *links;
  size_t link_count;
  /* Every such link is. */
  bool believes_all;
};

/* A link in a directory that others can write, and who made it. */
struct detour {
  uint32_t uid;
  struct seen directory;
};

bool is_trusted(uint32_t uid, uint32_t self);

/*
 * Whether anybody else can make, remove or exchange names in a directory. A list of access rights (ACL) that lets others
 * write shows in the bits of the group.
 */
bool is_open_to_others(const struct seen *directory, uint32_t self);

/* Whether everybody may write it. */
bool is_for_all(const struct seen *file);

/* Whether only those can remove or move what is in a directory whose it is. */
bool keeps_names(const struct seen *directory, uint32_t self);

/* Whether who made a detour, or could have, can put any file into a directory and take it away again. */
bool is_in_reach(const struct seen *directory, const struct detour *by, uint32_t self);

bool is_friend(const struct admitted *admitted, uint32_t uid);
bool is_believed(const struct admitted *admitted, const struct seen *link);

#endif
