/*
 * Who a user is, looked up on a thread of its own, whose answer comes through a pipe.
 *
 * A name service may not answer for minutes, or ever. Not a thread of libuv's pool, then: the end of the process waits for
 * those, and four that hang would leave none for files and compression. Nobody waits for this one.
 *
 * The thread touches nothing of JavaScript's. It owns its job and the writing end of the pipe, and frees and closes
 * them; the reading end is the caller's. All signals are blocked in it, so a caller that has gone is EPIPE.
 */
#define _GNU_SOURCE
#include "functions.h"
#include "lookup.h"
#include "thread.h"
#include "values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Modules of name services take a lot; musl's default is 128 KiB. */
enum { STACK_BYTES = 2 * 1024 * 1024 };

struct job {
  uint32_t uid;
  int answer_fd;
};

static void write_all(int fd, const void *data, size_t bytes) {
  const char *next = data;
  while (bytes > 0) {
    ssize_t written = write(fd, next, bytes);
    if (written > 0) {
      next += written;
      bytes -= (size_t)written;
    } else if (written < 0 && errno != EINTR) {
      return;
    }
  }
}

/* The answer: errno, primary group, and then all groups until the end of the stream. */
static void *carry_out(void *data) {
  struct job *job = data;
  struct lookup_key key = {.id = job->uid};
  struct passwd entry;
  char *buffer;
  gid_t *groups = NULL;
  int count = 0;
  int error = look_up_user(&key, &entry, &buffer);
  if (error == 0) {
    error = look_up_groups(entry.pw_name, entry.pw_gid, &groups, &count);
    free(buffer);
  }
  uint32_t head[2] = {(uint32_t)error, error == 0 ? entry.pw_gid : 0};
  write_all(job->answer_fd, head, sizeof(head));
  if (error == 0) {
    write_all(job->answer_fd, groups, (size_t)count * sizeof(gid_t));
  }
  free(groups);
  close(job->answer_fd);
  free(job);
  return NULL;
}

napi_value look_up_identity(napi_env env, napi_callback_info info) {
  napi_value argument;
  uint32_t uid;
  int ends[2];
  if (!read_arguments(env, info, 1, &argument) || !read_id(env, argument, "uid", &uid)) {
    return NULL;
  }
  struct job *job = malloc(sizeof(*job));
  if (job == NULL) {
    return make_int(env, -ENOMEM);
  }
  if (pipe2(ends, O_CLOEXEC) != 0) {
    int error = errno;
    free(job);
    return make_int(env, -error);
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  *job = (struct job){.uid = uid, .answer_fd = ends[1]};
  /* If it starts the job is the thread's. */
  int error = start_detached_thread(carry_out, job, STACK_BYTES);
  if (error != 0) {
    close(ends[0]);
    close(ends[1]);
    free(job);
    return make_int(env, -error);
  }
  return make_int(env, ends[0]);
}
