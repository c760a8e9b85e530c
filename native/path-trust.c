/*
 * See path-trust.h. Judges only what it is shown.
 */
#define _GNU_SOURCE
#include "path-trust.h"

#include <sys/stat.h>

bool is_trusted(uint32_t uid, uint32_t self) { return uid == 0 || uid == self; }

bool is_open_to_others(const struct seen *directory, uint32_t self) {
  return !is_trusted(directory->uid, self) || (directory->mode & (S_IWGRP | S_IWOTH)) != 0;
}

bool is_for_all(const struct seen *file) { return (file->mode & S_IWOTH) != 0; }

bool keeps_names(const struct seen *directory, uint32_t self) {
  return is_trusted(directory->uid, self) && (directory->mode & S_ISVTX) != 0;
}

bool is_in_reach(const struct seen *directory, const struct detour *by, uint32_t self) {
  const struct seen *from = &by->directory;
  uint32_t modes = (directory->mode & S_ISVTX) == 0 ? directory->mode & from->mode : 0;
  bool is_theirs = directory->uid == by->uid || directory->uid == from->uid;
  return (is_theirs && !is_trusted(directory->uid, self)) || (modes & S_IWOTH) != 0 ||
         ((modes & S_IWGRP) != 0 && directory->gid == from->gid);
}

bool is_friend(const struct admitted *admitted, uint32_t uid) {
  for (size_t i = 0; i < admitted->friend_count; i++) {
    if (admitted->friends[i] == uid) {
      return true;
    }
  }
  return false;
}

bool is_believed(const struct admitted *admitted, const struct seen *link) {
  for (size_t i = 0; i < admitted->link_count; i++) {
    if (admitted->links[i].device == link->device && admitted->links[i].inode == link->inode) {
      return true;
    }
  }
  return admitted->believes_all;
}
