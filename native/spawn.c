/*
 * The parent's side of a spawn.
 *
 * Memory: strings and lists read from the request, and the child's stack, are freed before this returns,
 * which is safe since clone with CLONE_VFORK returns only after the child has exec'd or exited.
 * Descriptors: none is opened or closed here; those of the request stay the caller's.
 * Processes: a child that failed before exec is waited for here; one that exec'd is reap.c's.
 */
#define _GNU_SOURCE
#include "child.h"
#include "functions.h"
#include "limits.h"
#include "values.h"
#include "watchdog.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) ((void)0)
#endif

enum { STACK_BYTES = 128 * 1024, HIGHEST_FD_GUESS = 65535 };

/* As SpawnStage in src/system/system.ts; the index is enum stage. */
static const char *const stage_names[] = {
    "fork", "leader", "stdio", "limits", "groups", "gid", "uid", "chdir", "umask", "exec",
};

/* What a request owns while it is carried out. */
struct request {
  char *file;
  char *cwd;
  struct string_list argv;
  struct string_list env;
  struct id_list groups;
};

static void free_request(struct request *request) {
  free(request->file);
  free(request->cwd);
  free_strings(&request->argv);
  free_strings(&request->env);
  free_ids(&request->groups);
}

static bool required(napi_env env, napi_value object, const char *name, napi_value *result) {
  bool present;
  if (!read_property(env, object, name, result, &present)) {
    return false;
  }
  if (!present) {
    throw_type_error(env, name, "a value");
  }
  return present;
}

static bool read_command(napi_env env, napi_value object, struct request *request, struct child_plan *plan) {
  napi_value file, argv, environment, cwd;
  bool has_cwd;
  if (!required(env, object, "file", &file) || !read_string(env, file, "file", &request->file) ||
      !required(env, object, "argv", &argv) || !read_strings(env, argv, "argv", &request->argv) ||
      !required(env, object, "env", &environment) ||
      !read_strings(env, environment, "env", &request->env) ||
      !read_property(env, object, "cwd", &cwd, &has_cwd) ||
      (has_cwd && !read_string(env, cwd, "cwd", &request->cwd))) {
    return false;
  }
  plan->file = request->file;
  plan->argv = request->argv.items;
  plan->envp = request->env.items;
  plan->cwd = request->cwd;
  return true;
}

static bool read_stdio(napi_env env, napi_value object, struct child_plan *plan) {
  napi_value list;
  if (!required(env, object, "stdio", &list)) {
    return false;
  }
  for (uint32_t i = 0; i < 3; i++) {
    napi_value fd;
    if (napi_get_element(env, list, i, &fd) != napi_ok || !read_int(env, fd, "stdio", &plan->stdio[i])) {
      return false;
    }
  }
  return true;
}

static bool read_identity(napi_env env, napi_value object, struct request *request, struct child_plan *plan) {
  napi_value identity, uid, gid, groups;
  if (!read_property(env, object, "identity", &identity, &plan->has_identity)) {
    return false;
  }
  if (!plan->has_identity) {
    return true;
  }
  if (!required(env, identity, "uid", &uid) || !read_id(env, uid, "uid", &plan->uid) ||
      !required(env, identity, "gid", &gid) || !read_id(env, gid, "gid", &plan->gid) ||
      !required(env, identity, "groups", &groups) || !read_ids(env, groups, "groups", &request->groups)) {
    return false;
  }
  plan->groups = request->groups.items;
  plan->group_count = request->groups.count;
  return true;
}

static bool read_ignored_signals(napi_env env, napi_value object, struct child_plan *plan) {
  napi_value list;
  struct id_list signals = {0};
  if (!required(env, object, "ignoreSignals", &list) || !read_ids(env, list, "ignoreSignals", &signals)) {
    return false;
  }
  for (size_t i = 0; i < signals.count; i++) {
    if (signals.items[i] >= 1 && signals.items[i] <= 64) {
      plan->ignored_signals |= UINT64_C(1) << (signals.items[i] - 1);
    }
  }
  free_ids(&signals);
  return true;
}

static bool read_settings(napi_env env, napi_value object, struct child_plan *plan) {
  napi_value mask, session, nofile, soft, hard;
  bool has_mask;
  plan->umask = -1;
  if (!read_property(env, object, "umask", &mask, &has_mask) ||
      (has_mask && !read_int(env, mask, "umask", &plan->umask)) ||
      !required(env, object, "newSession", &session) ||
      !read_bool(env, session, "newSession", &plan->new_session) ||
      !read_property(env, object, "nofile", &nofile, &plan->has_nofile)) {
    return false;
  }
  if (!plan->has_nofile) {
    return true;
  }
  return required(env, nofile, "soft", &soft) && read_limit(env, soft, &plan->nofile.rlim_cur) &&
         required(env, nofile, "hard", &hard) && read_limit(env, hard, &plan->nofile.rlim_max);
}

/* Not atoi(): newer headers turn it into a function that only their own libc has. */
static int parse_fd(const char *text) {
  int fd = 0;
  for (; *text >= '0' && *text <= '9'; text++) {
    fd = fd * 10 + (*text - '0');
  }
  return fd;
}

/* The highest open descriptor, for kernels without close_range. */
static int find_highest_fd(void) {
  DIR *directory = opendir("/proc/self/fd");
  if (directory == NULL) {
    return HIGHEST_FD_GUESS;
  }
  int highest = 0;
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    int fd = parse_fd(entry->d_name);
    if (fd > highest) {
      highest = fd;
    }
  }
  closedir(directory);
  return highest;
}

/*
 * Clones, with every signal blocked: the child must not run the parent's handlers in shared memory, and
 * the parent must not run them before the child's dispositions are its own.
 */
static pid_t clone_child(struct child_plan *plan, uint32_t limit_ms, bool *timed_out) {
  char *stack =
      mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) {
    return -1;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile pid_t started = 0; /* known before the child runs, and so to the watchdog */
  watchdog_begin(&started, limit_ms);
  pid_t pid = clone(run_child, stack + STACK_BYTES, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD,
                    plan, &started);
  int error = errno;
  *timed_out = watchdog_end();
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  /* The child never returned from its frames, so a sanitizer still watches over them. */
  ASAN_UNPOISON_MEMORY_REGION(stack, STACK_BYTES);
  munmap(stack, STACK_BYTES);
  errno = error;
  return pid;
}

/*
 * A child that changes its user makes the memory it shares with us undumpable, which would outlast it
 * and hide our own files in /proc from us.
 */
static pid_t start(struct child_plan *plan, uint32_t limit_ms, bool *timed_out) {
  int dumpable = plan->has_identity ? prctl(PR_GET_DUMPABLE) : 0;
  pid_t pid = clone_child(plan, limit_ms, timed_out);
  int error = errno;
  if (dumpable == 1) {
    prctl(PR_SET_DUMPABLE, 1);
  }
  errno = error;
  return pid;
}

static napi_value make_failure(napi_env env, int stage, int error) {
  napi_value failure;
  napi_create_object(env, &failure);
  set_property(env, failure, "stage", make_string(env, stage_names[stage]));
  set_property(env, failure, "errno", make_int(env, error));
  return failure;
}

static napi_value carry_out(napi_env env, struct child_plan *plan, uint32_t limit_ms) {
  bool timed_out = false;
  plan->highest_fd = has_close_range() ? -1 : find_highest_fd();
  pid_t pid = start(plan, limit_ms, &timed_out);
  if (pid < 0) {
    return make_failure(env, STAGE_FORK, errno);
  }
  if (timed_out) {
    kill(pid, SIGKILL); /* the watchdog may not have known the pid */
  } else if (plan->error == 0) {
    return make_int(env, pid);
  }
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
  }
  return make_failure(env, plan->stage, timed_out ? ETIMEDOUT : plan->error);
}

napi_value spawn_child(napi_env env, napi_callback_info info) {
  napi_value object;
  struct request request = {0};
  struct child_plan plan = {0};
  uint32_t limit_ms = 0;
  napi_value limit, result = NULL;
  if (read_arguments(env, info, 1, &object) && required(env, object, "limitMs", &limit) &&
      read_id(env, limit, "limitMs", &limit_ms) && read_command(env, object, &request, &plan) &&
      read_stdio(env, object, &plan) && read_identity(env, object, &request, &plan) &&
      read_ignored_signals(env, object, &plan) && read_settings(env, object, &plan)) {
    result = carry_out(env, &plan, limit_ms);
  }
  free_request(&request);
  return result;
}
