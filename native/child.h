/*
 * The child's side of a spawn, from clone to exec.
 *
 * The child shares the parent's memory until it execs, so it only reads the plan, writes the two result
 * fields, and makes async-signal-safe calls. Everything the plan points to belongs to the parent, which is
 * suspended meanwhile.
 */
#ifndef SUPERVISORD_CHILD_H
#define SUPERVISORD_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

/* The steps in the order they are taken. STAGE_FORK is the parent's. */
enum stage {
  STAGE_FORK,
  STAGE_LEADER,
  STAGE_STDIO,
  STAGE_LIMITS,
  STAGE_GROUPS,
  STAGE_GID,
  STAGE_UID,
  STAGE_CHDIR,
  STAGE_UMASK,
  STAGE_EXEC,
};

struct child_plan {
  const char *file;
  char *const *argv;
  char *const *envp;
  const char *cwd; /* NULL: stay */
  int stdio[3];    /* the parent's descriptors that become 0, 1 and 2 */
  int umask;       /* -1: inherit */
  bool new_session;
  bool has_identity;
  uint32_t uid;
  uint32_t gid;
  const uint32_t *groups;
  size_t group_count;
  bool has_nofile;
  struct rlimit nofile;
  uint64_t ignored_signals; /* bit N-1: signal N starts ignored, the others at their default */
  int highest_fd;           /* closed one by one up to here; -1: the kernel has close_range */

  /* Written by the child: the step it is in, and the errno when that step failed. */
  volatile int stage;
  volatile int error;
};

/* Runs the plan; `argument` is a struct child_plan. Never returns. */
int run_child(void *argument);

/* Whether the kernel has close_range and lets us call it. */
bool has_close_range(void);

#endif
