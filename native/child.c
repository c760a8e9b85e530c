/*
 * The child's side of a spawn. Owns no memory; see child.h.
 *
 * Descriptors: the child has its own table, a copy of the parent's. 0, 1 and 2 are made from the plan's,
 * everything above is closed here, whether or not it was marked close-on-exec.
 */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* On the 32-bit machines whose first system calls took 16-bit ids, the later ones are meant. */
#ifdef SYS_setgroups32
enum { CALL_SETGROUPS = SYS_setgroups32, CALL_SETGID = SYS_setresgid32, CALL_SETUID = SYS_setresuid32 };
#else
enum { CALL_SETGROUPS = SYS_setgroups, CALL_SETGID = SYS_setresgid, CALL_SETUID = SYS_setresuid };
#endif

enum { FIRST_OTHER_FD = 3, FAILED_EXIT = 127 };

bool has_close_range(void) {
#ifdef WITHOUT_CLOSE_RANGE
  return false;
#else
  /* No descriptor has this number, so nothing is closed. */
  return syscall(SYS_close_range, ~0U, ~0U, 0) == 0;
#endif
}

/*
 * The handlers of the parent must not run in the child, which shares its memory; and what the parent
 * ignores must not stay ignored after exec unless the plan says so.
 */
static void reset_signals(uint64_t ignored) {
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    if (number <= 64 && (ignored >> (number - 1) & 1) != 0) {
      action.sa_handler = SIG_IGN;
    }
    sigaction(number, &action, NULL); /* KILL, STOP and libc's own refuse, as they should */
  }
}

/* Sources below 3 move up first, so that no dup2 overwrites a source that is still needed. */
static bool place_stdio(const int wanted[3]) {
  int source[3];
  for (int i = 0; i < 3; i++) {
    source[i] = wanted[i];
    if (source[i] < FIRST_OTHER_FD) {
      source[i] = fcntl(source[i], F_DUPFD_CLOEXEC, FIRST_OTHER_FD);
      if (source[i] < 0) {
        return false;
      }
    }
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(source[i], i) < 0) {
      return false;
    }
  }
  return true;
}

static void close_others(int highest_fd) {
  if (highest_fd < 0) {
    syscall(SYS_close_range, (unsigned)FIRST_OTHER_FD, ~0U, 0);
    return;
  }
  for (int fd = FIRST_OTHER_FD; fd <= highest_fd; fd++) {
    close(fd);
  }
}

/* -1 as a user id leaves that one as it is. */
enum { KEEP_ID = -1 };

/*
 * Raw system calls: libc's functions make every thread it knows of change its identity too, and the
 * threads it knows of here are the parent's.
 *
 * Only the effective user changes here, which is what the directory is entered with. While the real and
 * the saved one stay ours, no process of that user can signal this one: a SIGSTOP now would hold the
 * parent as well.
 */
static bool take_effective_identity(struct child_plan *plan) {
  plan->stage = STAGE_GROUPS;
  if (syscall(CALL_SETGROUPS, plan->group_count, plan->groups) != 0) {
    return false;
  }
  plan->stage = STAGE_GID;
  if (syscall(CALL_SETGID, plan->gid, plan->gid, plan->gid) != 0) {
    return false;
  }
  plan->stage = STAGE_UID;
  return syscall(CALL_SETUID, KEEP_ID, plan->uid, KEEP_ID) == 0;
}

/*
 * The last steps, with as little as possible between the last identity change and exec: until exec, a stop
 * by a process of the same user holds the parent, until watchdog.c ends it.
 */
static void become_program(struct child_plan *plan) {
  /* Blocked until now, so that no other stop signal does the same. */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (plan->has_identity) {
    plan->stage = STAGE_UID;
    if (syscall(CALL_SETUID, plan->uid, plan->uid, plan->uid) != 0) {
      return;
    }
  }
  plan->stage = STAGE_EXEC;
  execve(plan->file, plan->argv, plan->envp);
}

/* Returns only when a step failed, which is then plan->stage. */
static void run_steps(struct child_plan *plan) {
  plan->stage = STAGE_LEADER;
  if (plan->new_session ? setsid() < 0 : setpgid(0, 0) < 0) {
    return;
  }
  plan->stage = STAGE_STDIO;
  if (!place_stdio(plan->stdio)) {
    return;
  }
  close_others(plan->highest_fd);
  plan->stage = STAGE_LIMITS;
  if (plan->has_nofile && setrlimit(RLIMIT_NOFILE, &plan->nofile) != 0) {
    return;
  }
  if (plan->has_identity && !take_effective_identity(plan)) {
    return;
  }
  plan->stage = STAGE_CHDIR;
  if (plan->cwd != NULL && chdir(plan->cwd) != 0) {
    return;
  }
  plan->stage = STAGE_UMASK;
  if (plan->umask >= 0) {
    umask((mode_t)plan->umask);
  }
  become_program(plan);
}

int run_child(void *argument) {
  struct child_plan *plan = argument;
  reset_signals(plan->ignored_signals);
  run_steps(plan);
  plan->error = errno;
  /* Not _exit(): a call that is known not to return makes a sanitizer look for the parent's stack. */
  for (;;) {
    syscall(SYS_exit_group, FAILED_EXIT);
  }
}
