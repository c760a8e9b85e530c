/*
 * See own-descriptor.h. A path is compared by its name before anything is looked at, so that a machine without /dev/stdout
 * will do; what is below /proc for some other process is not followed.
 */
#define _GNU_SOURCE
#include "own-descriptor.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LINKS = 8, STANDARD_OUTPUT = 1, STANDARD_ERROR = 2, ANY_DESCRIPTOR = 1 << 30, DIGITS_MAX = 9, BASE = 10 };

/* What a name says by itself. */
enum naming { NAMES_NOTHING, NAMES_OURS, NAMES_ANOTHERS };

/* A number in plain digits up to the end of the text, or -1. */
static int number_of(const char *text, size_t length) {
  int number = 0;
  if (length == 0 || length > DIGITS_MAX) {
    return -1;
  }
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9') {
      return -1;
    }
    number = number * BASE + (text[i] - '0');
  }
  return number;
}

/* The rest of a path behind a prefix, or NULL. */
static const char *behind(const char *path, const char *prefix) {
  size_t length = strlen(prefix);
  return strncmp(path, prefix, length) == 0 ? path + length : NULL;
}

/* What follows `self/` or the number of a process. */
static const char *behind_process(const char *rest, bool *is_ours) {
  size_t length = strcspn(rest, "/");
  int process = number_of(rest, length);
  *is_ours = process == getpid() || (length == strlen("self") && strncmp(rest, "self", length) == 0);
  return (*is_ours || process >= 0) && rest[length] == '/' ? rest + length + 1 : NULL;
}

static enum naming judge_name(const char *path, int *number) {
  bool is_ours = true;
  const char *rest = behind(path, "/dev/");
  if (rest != NULL && (strcmp(rest, "stdout") == 0 || strcmp(rest, "stderr") == 0)) {
    *number = strcmp(rest, "stdout") == 0 ? STANDARD_OUTPUT : STANDARD_ERROR;
    return NAMES_OURS;
  }
  if (rest == NULL) {
    rest = behind(path, "/proc/");
    rest = rest == NULL ? NULL : behind_process(rest, &is_ours);
  }
  rest = rest == NULL ? NULL : behind(rest, "fd/");
  *number = rest == NULL ? -1 : number_of(rest, strlen(rest));
  if (*number < 0) {
    return NAMES_NOTHING;
  }
  return is_ours ? NAMES_OURS : NAMES_ANOTHERS;
}

/* Goes from the directory of a path along the target of its last name. False: it is too long. */
static bool follow_by_name(char *path, const char *target) {
  size_t end = target[0] == '/' ? 0 : (size_t)(strrchr(path, '/') - path);
  while (*target != '\0') {
    size_t length = strcspn(target, "/");
    if (length == 2 && strncmp(target, "..", length) == 0) {
      while (end > 0 && path[--end] != '/') {
      }
    } else if (length > 1 || (length == 1 && target[0] != '.')) {
      if (end + length + 2 > PATH_MAX) {
        return false;
      }
      path[end] = '/';
      memcpy(path + end + 1, target, length);
      end += length + 1;
    }
    target += length + (target[length] == '/' ? 1 : 0);
  }
  path[end] = '\0';
  return true;
}

/* Replaces a path that is a link by what it leads to. `highest` sinks where somebody else has made the link. */
static bool step(char *path, const struct admitted *admitted, int *highest) {
  struct place place;
  bool is_link = place_find(&place, path, KEEP_LAST_LINK, admitted) == 0 && place.is_link;
  if (is_link && !place.link_is_ours) {
    *highest = STANDARD_ERROR;
  }
  is_link = is_link && follow_by_name(path, place.target);
  place_close(&place);
  return is_link;
}

static int follow_links(char *path, const struct admitted *admitted) {
  int highest = ANY_DESCRIPTOR;
  for (int links = 0; links < MAX_LINKS; links++) {
    int number;
    enum naming naming = judge_name(path, &number);
    if (naming != NAMES_NOTHING) {
      return naming == NAMES_OURS && number <= highest ? number : NO_DESCRIPTOR;
    }
    if (!step(path, admitted, &highest)) {
      return NO_DESCRIPTOR;
    }
  }
  return NO_DESCRIPTOR;
}

int own_descriptor(const char *path, const struct admitted *admitted) {
  char at[PATH_MAX];
  size_t length = strlen(path);
  if (length >= sizeof(at) || path[0] != '/') {
    return NO_DESCRIPTOR;
  }
  memcpy(at, path, length + 1);
  return follow_links(at, admitted);
}
