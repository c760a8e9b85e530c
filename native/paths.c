/*
 * The walk; see paths.h.
 */
#define _GNU_SOURCE
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What going on by one name has come to. */
enum step { TO_DIRECTORY, TO_LINK, ARRIVED };

static bool has_rest(const struct place *place) { return place->next[0] != '\0'; }

/* Adds the names of a path, each with a slash behind it, to `end`; what is empty, or a dot, is none. */
static char *add_names(char *end, const char *path) {
  while (*path != '\0') {
    size_t length = strcspn(path, "/");
    if (length > 1 || (length == 1 && path[0] != '.')) {
      memcpy(end, path, length);
      end[length] = '/';
      end += length + 1;
    }
    path += length + (path[length] == '/' ? 1 : 0);
  }
  return end;
}

/* Puts the names of a path before those that are left. */
static int prepend(struct place *place, const char *path) {
  const char *rest = place->next == NULL ? "" : place->next;
  char *names = malloc(strlen(path) + strlen(rest) + 3);
  if (names == NULL) {
    return ENOMEM;
  }
  char *end = add_names(add_names(names, path), rest);
  *(end == names ? end : end - 1) = '\0';
  free(place->names);
  place->names = names;
  place->next = names;
  return 0;
}

/* Takes the next name off, which stays where it is. */
static char *take_name(struct place *place) {
  char *name = place->next;
  char *end = name + strcspn(name, "/");
  place->next = *end == '\0' ? end : end + 1;
  *end = '\0';
  return name;
}

static int join(const char *directory, const char *name, char *entry) {
  int length = snprintf(entry, PATH_MAX, "%s/%s", strcmp(directory, "/") == 0 ? "" : directory, name);
  return length < 0 || length >= PATH_MAX ? ENAMETOOLONG : 0;
}

int place_entry(const struct place *place, const char *name, char *entry) {
  if (place->fd == AT_FDCWD) {
    return join(place->at, name, entry);
  }
  size_t length = strlen(name);
  if (length >= PATH_MAX) {
    return ENAMETOOLONG;
  }
  memcpy(entry, name, length + 1);
  return 0;
}

/* A step up is taken off the path, in which there is no link. */
static int path_of_step(const struct place *place, const char *name, char *entry) {
  if (strcmp(name, "..") != 0) {
    return join(place->at, name, entry);
  }
  size_t length = (size_t)(strrchr(place->at, '/') - place->at);
  memcpy(entry, place->at, length);
  strcpy(entry + length, length == 0 ? "/" : "");
  return 0;
}

/* Unlike what opens just anything, this has mounted what is to be there. */
static int open_directory(int directory, const char *entry, int *fd) {
  *fd = openat(directory, entry, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return *fd < 0 ? errno : 0;
}

static void leave(struct place *place) {
  if (place->fd != AT_FDCWD) {
    close(place->fd);
    place->fd = AT_FDCWD;
  }
}

/* Takes over the descriptor of a directory. */
static int enter(struct place *place, int fd) {
  leave(place);
  place->fd = fd;
  place->is_at_root = false;
  return look_at_fd(fd, &place->directory);
}

static int enter_path(struct place *place, const char *entry) {
  int fd;
  int error = open_directory(AT_FDCWD, entry, &fd);
  return error != 0 ? error : enter(place, fd);
}

/* As enter(), and has mounted there what is to be. */
static int enter_within(struct place *place, int fd, const struct seen *seen, const char *name) {
  if (seen->device == place->directory.device) {
    return enter(place, fd);
  }
  int mounted;
  int error = open_directory(place->fd, name, &mounted);
  close(fd);
  return error != 0 ? error : enter(place, mounted);
}

static int begin_at_root(struct place *place) {
  leave(place);
  strcpy(place->at, "/");
  int error = look_at(AT_FDCWD, "/", false, &place->directory);
  if (error == 0 && is_open_to_others(&place->directory, place->self)) {
    error = enter_path(place, "/");
  }
  place->is_at_root = true;
  return error;
}

static int follow(struct place *place, enum step *step) {
  *step = TO_LINK;
  int error = prepend(place, place->target);
  return error == 0 && place->target[0] == '/' ? begin_at_root(place) : error;
}

static bool is_to_be_followed(const struct place *place, const struct seen *seen) {
  bool is_kept = !has_rest(place) && place->last_link == KEEP_LAST_LINK;
  return S_ISLNK(seen->mode) && !is_kept;
}

/* Whether those who may have led here could have put the file here themselves, or it is such as /dev/null. */
static bool is_within_reach(const struct place *place) {
  if (place->detour_count == 0) {
    return true;
  }
  if (!place->is_open) {
    return place->is_found && S_ISCHR(place->found.mode) && is_for_all(&place->found);
  }
  if (is_friend(place->admitted, place->directory.uid)) {
    return true;
  }
  for (size_t i = 0; i < place->detour_count; i++) {
    if (!is_in_reach(&place->directory, &place->detours[i], place->self)) {
      return false;
    }
  }
  return true;
}

static int say_who_led(struct place *place) {
  char *reason = place->reason;
  int length = 0;
  for (size_t i = 0; i < place->detour_count; i++) {
    uint32_t uid = place->detours[i].uid;
    if (!is_trusted(uid, place->self) && length < REASON_BYTES - 128) {
      length += sprintf(reason + length, length == 0 ? "user %u" : " and %u", uid);
    }
  }
  if (length == 0) {
    length = sprintf(reason, "whoever can write its directory");
  }
  sprintf(reason + length, " has put a link in its path, which leads to what is not theirs");
  return UNSAFE_PATH;
}

/* `seen` is NULL where there is nothing. */
static int arrive(struct place *place, const char *name, const struct seen *seen, enum step *step) {
  *step = ARRIVED;
  place->name = name;
  place->is_open = is_open_to_others(&place->directory, place->self);
  place->is_found = seen != NULL;
  if (seen != NULL) {
    place->found = *seen;
  }
  return is_within_reach(place) ? 0 : say_who_led(place);
}

static int read_target(struct place *place, int directory, const char *entry) {
  ssize_t length = readlinkat(directory, entry, place->target, sizeof(place->target) - 1);
  if (length < 0) {
    return errno;
  }
  place->target[length] = '\0';
  return 0;
}

/* Where something else is mounted, at that: only a look within has it mounted if that is done when needed. */
static int look_mounted(const struct place *place, const char *entry, struct seen *seen) {
  char within[PATH_MAX];
  int error = look_at(AT_FDCWD, entry, false, seen);
  if (error != 0 || !S_ISDIR(seen->mode) || seen->device == place->directory.device) {
    return error;
  }
  error = join(entry, ".", within);
  return error != 0 ? error : look_at(AT_FDCWD, within, false, seen);
}

static int step_by_path(struct place *place, const char *name, enum step *step) {
  char entry[PATH_MAX];
  struct seen seen;
  int error = path_of_step(place, name, entry);
  if (error != 0) {
    return error;
  }
  error = look_mounted(place, entry, &seen);
  if (error != 0 && error != ENOENT) {
    return error;
  }
  bool is_there = error == 0;
  if (is_there && S_ISLNK(seen.mode)) {
    error = read_target(place, AT_FDCWD, entry);
    if (error != 0) {
      return error;
    }
    if (is_to_be_followed(place, &seen)) {
      return follow(place, step);
    }
    place->is_link = true;
    place->link_is_ours = true;
  }
  if (!has_rest(place)) {
    return arrive(place, name, is_there ? &seen : NULL, step);
  }
  *step = TO_DIRECTORY;
  if (!is_there || !S_ISDIR(seen.mode) || is_open_to_others(&seen, place->self)) {
    /* Nobody else can exchange it. Where it is no directory at all, this says so. */
    return enter_path(place, entry);
  }
  strcpy(place->at, entry);
  place->directory = seen;
  place->is_at_root = false;
  return 0;
}

/* A second name of a link of theirs is not by them: others can make that. */
static bool is_ours(const struct place *place, const struct seen *link) {
  return !is_open_to_others(&place->directory, place->self) ||
         (is_trusted(link->uid, place->self) && link->links == 1);
}

/*
 * Others cannot make a link of root's, but move one that they find elsewhere: it is as good as one of theirs, unless
 * it is known or nobody can move it.
 */
static int judge_link(struct place *place, const struct seen *link) {
  const struct seen *directory = &place->directory;
  if (!is_open_to_others(directory, place->self)) {
    return 0;
  }
  bool ours = is_ours(place, link);
  if (ours && keeps_names(directory, place->self)) {
    return 0;
  }
  if (ours && is_believed(place->admitted, link)) {
    if (place->believed_count <= MAX_PATH_LINKS) {
      place->believed[place->believed_count++] = (struct file_id){link->device, link->inode};
    }
    return 0;
  }
  if (!ours && link->uid != directory->uid && !is_friend(place->admitted, link->uid)) {
    sprintf(place->reason, "others can write its directory, and user %u has put a link in its path", link->uid);
    return UNSAFE_PATH;
  }
  if (place->detour_count <= MAX_PATH_LINKS) {
    place->detours[place->detour_count++] = (struct detour){link->uid, *directory};
  }
  return 0;
}

/* The link itself is open, so that nobody can put another in its place between a look at it and this. */
static int step_by_link(struct place *place, const struct seen *link, enum step *step, bool *is_followed) {
  *is_followed = is_to_be_followed(place, link);
  if (*is_followed) {
    int error = judge_link(place, link);
    return error != 0 ? error : follow(place, step);
  }
  place->is_link = true;
  place->link_is_ours = is_ours(place, link);
  return 0;
}

static int step_by_descriptor(struct place *place, const char *name, enum step *step) {
  struct seen seen;
  int fd = openat(place->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && (errno != ENOENT || has_rest(place))) {
    return errno;
  }
  if (fd < 0) {
    return arrive(place, name, NULL, step);
  }
  int error = look_at_fd(fd, &seen);
  if (error == 0 && has_rest(place) && S_ISDIR(seen.mode)) {
    *step = TO_DIRECTORY;
    return enter_within(place, fd, &seen, name);
  }
  if (error == 0 && S_ISLNK(seen.mode)) {
    error = read_target(place, fd, "");
  }
  close(fd);
  if (error == 0 && S_ISLNK(seen.mode)) {
    bool is_followed;
    error = step_by_link(place, &seen, step, &is_followed);
    if (is_followed) {
      return error;
    }
  }
  if (error != 0) {
    return error;
  }
  return has_rest(place) ? ENOTDIR : arrive(place, name, &seen, step);
}

static int walk(struct place *place) {
  int links = 0;
  while (has_rest(place)) {
    const char *name = take_name(place);
    if (place->is_at_root && place->detour_count == 0 && strcmp(name, "proc") == 0) {
      /* What look like links there lead to what may have no path. Nobody can put anything in place of a mount. */
      leave(place);
      strcpy(place->at, "/proc");
      place->name = place->next;
      return 0;
    }
    enum step step;
    int error =
        place->fd == AT_FDCWD ? step_by_path(place, name, &step) : step_by_descriptor(place, name, &step);
    if (error != 0 || step == ARRIVED) {
      return error;
    }
    links += step == TO_LINK ? 1 : 0;
    if (links > MAX_PATH_LINKS) {
      return ELOOP;
    }
  }
  enum step step;
  return arrive(place, ".", NULL, &step);
}

int place_find(struct place *place, const char *path, enum last_link last_link, const struct admitted *admitted) {
  memset(place, 0, sizeof(*place));
  place->admitted = admitted;
  place->self = (uint32_t)geteuid();
  place->fd = AT_FDCWD;
  place->last_link = last_link;
  int error = prepend(place, path);
  if (error == 0) {
    error = begin_at_root(place);
  }
  return error == 0 ? walk(place) : error;
}

void place_close(struct place *place) {
  leave(place);
  free(place->names);
  place->names = NULL;
}
