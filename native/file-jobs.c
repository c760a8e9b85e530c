/*
 * What each kind of job does, and what it owns; see file-jobs.h.
 */
#define _GNU_SOURCE
#include "file-jobs.h"
#include "look.h"
#include "own-descriptor.h"
#include "rotate.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A rotation that was killed in its middle is completed first. */
static void complete_rotation(const struct file_request *request) {
  struct place place;
  if (place_find(&place, request->path, KEEP_LAST_LINK, &request->admitted) == 0) {
    rotation_complete(&place, place.name);
  }
  place_close(&place);
}

static void run_open(struct file_job *job) {
  job->answer.own = own_descriptor(job->request.path, &job->request.admitted);
  if (job->answer.own != NO_DESCRIPTOR) {
    job->answer.outcome = FILE_OWN;
    return;
  }
  complete_rotation(&job->request);
  job->answer.error = file_open_append(&job->request, 0, &job->answer);
  job->answer.outcome = job->answer.error == 0 ? DONE : FAILED;
}

static void run_stat(struct file_job *job) {
  struct file_answer *answer = &job->answer;
  answer->error = file_stat(job->request.path, &job->request.admitted, answer->reason, &answer->facts.seen);
  answer->has_facts = answer->error == 0;
  answer->outcome = answer->error == 0 ? DONE : FAILED;
}

/* As stat(2): links are followed whoever has made them, since nothing is opened. */
static void run_look(struct file_job *job) {
  struct file_answer *answer = &job->answer;
  answer->error = look_at(AT_FDCWD, job->request.path, true, &answer->facts.seen);
  answer->has_facts = answer->error == 0;
  answer->outcome = answer->error == 0 ? DONE : FAILED;
}

static void run_close(struct file_job *job) {
  close(job->request.fd);
  job->request.fd = -1;
}

static const struct {
  void (*run)(struct file_job *job);
  /* Comes after what was asked for the same path before. */
  bool is_in_order;
  bool has_answer;
} kinds[JOB_KINDS] = {
    [JOB_OPEN] = {run_open, true, true},
    [JOB_ROTATE] = {file_job_rotate, true, true},
    [JOB_REOPEN] = {file_job_reopen, true, true},
    [JOB_CLEAR] = {file_job_clear, true, true},
    [JOB_REMOVE] = {file_job_remove, true, true},
    [JOB_STAT] = {run_stat, false, true},
    [JOB_CLOSE] = {run_close, false, false},
    [JOB_READ] = {file_job_read, false, true},
    [JOB_READ_AT] = {file_job_read_at, false, true},
    [JOB_READ_ON] = {file_job_read_on, false, true},
    [JOB_READ_NEXT] = {file_job_read_next, true, true},
    [JOB_LINKS] = {file_job_links, false, true},
    [JOB_CREATE] = {file_job_create, true, true},
    [JOB_LIST] = {file_job_list, false, true},
    [JOB_LOOK] = {run_look, false, true},
};

static void run(struct job *job) {
  struct file_job *file_job = (struct file_job *)job;
  kinds[file_job->request.kind].run(file_job);
}

/* Rather now than never, where it is to be closed. */
static void fail(struct job *job, int error) {
  struct file_job *file_job = (struct file_job *)job;
  file_job->answer.outcome = FAILED;
  file_job->answer.error = error;
  if (file_job->request.kind == JOB_CLOSE) {
    run_close(file_job);
  }
}

/* What nobody has taken goes along. */
static void release(struct job *job) {
  struct file_job *file_job = (struct file_job *)job;
  if (file_job->answer.fd >= 0) {
    close(file_job->answer.fd);
  }
  free(file_job->answer.bytes);
  if (file_job->request.block != NULL) {
    block_release(file_job->request.block);
  }
  free(file_job->answer.links);
  free(file_job->request.path);
  free((void *)file_job->request.admitted.friends);
  free((void *)file_job->request.admitted.links);
  free(file_job);
}

struct file_job *file_job_make(const struct file_request *request) {
  struct file_job *job = calloc(1, sizeof(*job));
  if (job == NULL) {
    return NULL;
  }
  job->request = *request;
  job->answer.fd = -1;
  job->answer.own = NO_DESCRIPTOR;
  job->job = (struct job){
      .key = kinds[request->kind].is_in_order ? request->path : NULL,
      .run = run,
      .fail = fail,
      .release = release,
      .has_answer = kinds[request->kind].has_answer,
  };
  return job;
}
