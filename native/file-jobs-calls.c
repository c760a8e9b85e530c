/*
 * Asking for file jobs and taking their answers; src/native/binding.ts says what each call takes and gives.
 *
 * An inbox belongs to JavaScript until that has forgotten it. What is finished later is freed unheard.
 */
#define _GNU_SOURCE
#include "admitted-values.h"
#include "file-jobs.h"
#include "functions.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* So many bytes and more are handed over as they are, fewer are copied. */
enum { COPY_BYTES = 64 * 1024 };

static void forget_inbox(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  inbox_close(data);
}

napi_value open_inbox(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value result = NULL, handle;
  struct inbox *inbox = inbox_open();
  if (inbox == NULL) {
    return make_result(env, -1);
  }
  if (napi_create_external(env, inbox, forget_inbox, NULL, &handle) != napi_ok) {
    inbox_close(inbox);
    return throw_out_of_memory(env);
  }
  napi_create_object(env, &result);
  set_property(env, result, "handle", handle);
  set_property(env, result, "fd", make_int(env, inbox_fd(inbox)));
  return result;
}

static bool read_inbox(napi_env env, napi_value value, struct inbox **inbox) {
  return read_external(env, value, "inbox", "the handle that inboxOpen returned", inbox);
}

/* What is not given is 0. */
static bool read_member(napi_env env, napi_value object, const char *name, int64_t *result) {
  napi_value value;
  bool present;
  *result = 0;
  return read_property(env, object, name, &value, &present) && (!present || read_number(env, value, name, result));
}

static bool read_flag(napi_env env, napi_value object, const char *name, bool *result) {
  napi_value value;
  bool present;
  *result = false;
  return read_property(env, object, name, &value, &present) && (!present || read_bool(env, value, name, result));
}

static bool read_numbers(napi_env env, napi_value object, struct file_request *request) {
  int64_t kind, fd, mode, backups, length;
  if (!read_member(env, object, "kind", &kind) || !read_member(env, object, "fd", &fd) ||
      !read_member(env, object, "mode", &mode) || !read_member(env, object, "backups", &backups) ||
      !read_member(env, object, "length", &length) || !read_member(env, object, "maxBytes", &request->max_bytes) ||
      !read_member(env, object, "position", &request->position) ||
      !read_flag(env, object, "onlyIfOther", &request->only_if_other) ||
      !read_flag(env, object, "keepsOpen", &request->keeps_open) ||
      !read_flag(env, object, "takesPresent", &request->takes_present)) {
    return false;
  }
  if (kind < 0 || kind >= JOB_KINDS || length < 0 || backups < 0) {
    throw_type_error(env, "the request", "a kind that there is, and no number below 0");
    return false;
  }
  request->kind = (enum file_job_kind)kind;
  request->fd = (int)fd;
  request->mode = (uint32_t)mode;
  request->length = (size_t)length;
  /* One less, so that there is a number after each. */
  request->backups = backups >= UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)backups;
  return true;
}

static bool read_path(napi_env env, napi_value object, struct file_request *request) {
  napi_value path, friends, links;
  bool present;
  return read_property(env, object, "friends", &friends, &present) &&
         read_property(env, object, "links", &links, &present) &&
         read_property(env, object, "path", &path, &present) &&
         read_string(env, path, "path", &request->path) &&
         read_admitted(env, friends, links, &request->admitted);
}

/* What of a request is freed by whoever gave it up. */
static void drop_request(struct file_request *request) {
  free(request->path);
  free_admitted(&request->admitted);
  if (request->block != NULL) {
    block_release(request->block);
  }
}

static bool read_block(napi_env env, napi_value object, struct file_request *request) {
  napi_value value;
  bool present;
  struct block *block;
  if (!read_property(env, object, "block", &value, &present) ||
      (present && !read_external(env, value, "block", "the handle that blockMake returned", &block))) {
    return false;
  }
  if (present) {
    block_hold(block);
    request->block = block;
  }
  return true;
}

napi_value start_file_job(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct inbox *inbox;
  struct file_request request = {0};
  int64_t id, domain;
  if (!read_arguments(env, info, 2, arguments) || !read_inbox(env, arguments[0], &inbox) ||
      !read_member(env, arguments[1], "id", &id) || !read_member(env, arguments[1], "domain", &domain) ||
      !read_numbers(env, arguments[1], &request)) {
    return NULL;
  }
  if (!read_path(env, arguments[1], &request) || !read_block(env, arguments[1], &request)) {
    drop_request(&request);
    return NULL;
  }
  struct file_job *job = file_job_make(&request);
  if (job == NULL) {
    drop_request(&request);
    return make_int(env, -ENOMEM);
  }
  job->id = (uint32_t)id;
  job->job.domain = domain;
  job_submit(inbox, &job->job);
  return make_int(env, 0);
}

static const char *kind_of(const struct file_facts *facts) {
  switch (facts->seen.mode & S_IFMT) {
  case S_IFREG:
    return "file";
  case S_IFDIR:
    return "directory";
  case S_IFIFO:
    return "fifo";
  case S_IFSOCK:
    return "socket";
  case S_IFCHR:
    return facts->is_terminal ? "tty" : "device";
  default:
    return "other";
  }
}

/* `FileFacts` of src/logging/io.ts. */
static napi_value make_facts(napi_env env, const struct file_facts *facts) {
  napi_value result = NULL;
  napi_create_object(env, &result);
  set_property(env, result, "kind", make_string(env, kind_of(facts)));
  set_property(env, result, "sizeBytes", make_int(env, facts->seen.bytes));
  set_property(env, result, "device", make_int(env, (int64_t)facts->seen.device));
  set_property(env, result, "inode", make_int(env, (int64_t)facts->seen.inode));
  set_property(env, result, "links", make_int(env, facts->seen.links));
  return result;
}

static void free_bytes(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

static napi_value make_bytes(napi_env env, struct file_answer *answer) {
  napi_value result = NULL;
  if (answer->bytes == NULL) {
    return make_null(env);
  }
  if (answer->length >= COPY_BYTES &&
      napi_create_external_buffer(env, answer->length, answer->bytes, free_bytes, NULL, &result) == napi_ok) {
    answer->bytes = NULL;
    return result;
  }
  return napi_create_buffer_copy(env, answer->length, answer->bytes, NULL, &result) == napi_ok ? result
                                                                                             : make_null(env);
}

static napi_value make_links(napi_env env, const struct file_answer *answer) {
  return answer->links == NULL ? make_null(env) : make_file_ids(env, answer->links, answer->link_count);
}

/* The descriptor goes to JavaScript. */
static napi_value make_answer(napi_env env, struct file_job *job) {
  struct file_answer *answer = &job->answer;
  napi_value result = NULL, is_there = NULL;
  bool has_next = answer->fd >= 0 && job->request.kind == JOB_READ_NEXT;
  napi_create_object(env, &result);
  napi_get_boolean(env, answer->is_there, &is_there);
  set_property(env, result, "id", make_int(env, job->id));
  set_property(env, result, "outcome", make_int(env, answer->outcome));
  set_property(env, result, "error",
               answer->error == UNSAFE_PATH ? make_string(env, answer->reason) : make_int(env, answer->error));
  set_property(env, result, "fd", answer->fd >= 0 ? make_int(env, answer->fd) : make_null(env));
  set_property(env, result, "facts", answer->has_facts ? make_facts(env, &answer->facts) : make_null(env));
  set_property(env, result, "nextFacts", has_next ? make_facts(env, &answer->next_facts) : make_null(env));
  set_property(env, result, "isThere", is_there);
  set_property(env, result, "start", make_int(env, answer->start));
  set_property(env, result, "bytes", make_bytes(env, answer));
  set_property(env, result, "length", make_int(env, (int64_t)answer->length));
  set_property(env, result, "own", answer->own >= 0 ? make_int(env, answer->own) : make_null(env));
  set_property(env, result, "links", make_links(env, answer));
  answer->fd = -1;
  return result;
}

napi_value take_from_inbox(napi_env env, napi_callback_info info) {
  napi_value argument, result = NULL;
  struct inbox *inbox;
  if (!read_arguments(env, info, 1, &argument) || !read_inbox(env, argument, &inbox)) {
    return NULL;
  }
  napi_create_array(env, &result);
  struct job *job = inbox_take(inbox);
  for (uint32_t i = 0; job != NULL; i++) {
    struct job *next = job->next;
    napi_set_element(env, result, i, make_answer(env, (struct file_job *)job));
    job_release(job);
    job = next;
  }
  return result;
}
