/*
 * What is done with the paths of logs, each as a job that needs no second question; src/logging/log-files.ts says what for.
 * No JavaScript here.
 */
#ifndef SUPERVISORD_FILE_JOBS_H
#define SUPERVISORD_FILE_JOBS_H

#include "block.h"
#include "jobs.h"
#include "paths.h"

#include <stddef.h>

/* In the order of `jobKinds` of src/native/file-jobs.ts. */
enum file_job_kind {
  JOB_OPEN,
  JOB_ROTATE,
  JOB_REOPEN,
  JOB_CLEAR,
  JOB_REMOVE,
  JOB_STAT,
  JOB_CLOSE,
  JOB_READ,
  JOB_READ_AT,
  JOB_READ_ON,
  JOB_READ_NEXT,
  JOB_LINKS,
  JOB_CREATE,
  JOB_LIST,
  JOB_LOOK,
  JOB_KINDS,
};

/* In the order of `jobOutcomes` of src/native/file-jobs.ts. */
enum file_job_outcome {
  /* As it was meant to. */
  DONE,
  /* Nothing was changed: `error` says why. */
  FAILED,
  /* The path could not be opened after what was there has been moved or removed. */
  MISPLACED,
  /* The file that is open has no name any more. */
  FILE_REMOVED,
  /* It is smaller than what it was to be rotated at. */
  FILE_SMALL,
  /* It is what the path names. */
  FILE_SAME,
  /* The path names another one, and there is nothing left to read of this. */
  FILE_MOVED,
  /* The path stands for a descriptor of the daemon itself. */
  FILE_OWN,
};

struct file_request {
  enum file_job_kind kind;
  char *path;
  int fd;
  uint32_t mode;
  uint32_t backups;
  /* At which a file is rotated. */
  int64_t max_bytes;
  /* Of bytes that are read: for JOB_READ below 0 so many before the end; for JOB_REOPEN up to which it was seen. */
  int64_t position;
  size_t length;
  /* For JOB_READ_AT, JOB_READ_ON and JOB_READ_NEXT: what is read into, at most what it holds. NULL: memory of the answer. */
  struct block *block;
  bool only_if_other;
  /* For JOB_READ: the file stays open. */
  bool keeps_open;
  /* For JOB_CREATE: a file of ours that is there already will do. */
  bool takes_present;
  struct admitted admitted;
};

struct file_facts {
  struct seen seen;
  bool is_terminal;
};

struct file_answer {
  enum file_job_outcome outcome;
  /* 0, an errno or UNSAFE_PATH. */
  int error;
  char reason[REASON_BYTES];
  /* -1: none. */
  int fd;
  bool has_facts;
  struct file_facts facts;
  /* Of what `fd` is where `facts` are of another file. */
  struct file_facts next_facts;
  /* Whether there is something at the path that cannot be read. */
  bool is_there;
  int64_t start;
  /* NULL where they are in the block of the request. */
  uint8_t *bytes;
  size_t length;
  /* The descriptor that the path stands for. */
  int own;
  /* That were followed, as those of a place are. */
  struct file_id *links;
  size_t link_count;
};

struct file_job {
  struct job job;
  uint32_t id;
  struct file_request request;
  struct file_answer answer;
};

/* A job that owns the request: strings and lists, which are freed with free(), and a share of the block. NULL without memory. */
struct file_job *file_job_make(const struct file_request *request);

/* Files opened as openForAppend and openForReading of src/logging/open-log.ts do; return as those of paths.h do. */
int file_open_append(const struct file_request *request, int extra_flags, struct file_answer *answer);
int file_open_read(const char *path, const struct admitted *admitted, struct file_answer *answer);

/* Follows links. */
int file_stat(const char *path, const struct admitted *admitted, char *reason, struct seen *seen);
int file_facts(int fd, struct file_facts *facts);

/* As many bytes as there are from a position, at most so many; a failure leaves none. */
int file_read_range(int fd, int64_t position, size_t length, struct file_answer *answer);

/* The jobs, by kind. */
void file_job_rotate(struct file_job *job);
void file_job_reopen(struct file_job *job);
void file_job_clear(struct file_job *job);
void file_job_remove(struct file_job *job);
void file_job_create(struct file_job *job);
void file_job_list(struct file_job *job);
void file_job_links(struct file_job *job);
void file_job_read(struct file_job *job);
void file_job_read_at(struct file_job *job);
void file_job_read_on(struct file_job *job);
void file_job_read_next(struct file_job *job);

#endif
