/*
 * Jobs for directories of logs, and for what is on the way to one; see file-jobs.h.
 */
#define _GNU_SOURCE
#include "directory-entries.h"
#include "file-jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void finish(struct file_job *job, int error, const struct place *place) {
  struct file_answer *answer = &job->answer;
  answer->error = error;
  answer->outcome = error == 0 ? DONE : FAILED;
  if (error == UNSAFE_PATH) {
    memcpy(answer->reason, place->reason, sizeof(answer->reason));
  }
}

static int open_and_close(struct place *place, int flags, uint32_t mode) {
  int fd;
  int error = place_open(place, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode, &fd);
  if (error == 0) {
    close(fd);
  }
  return error;
}

/*
 * An empty file that nobody had before. Whoever may write into the directory may have put a link in the place of one that was
 * made before.
 */
static int create(struct place *place, const struct file_request *request) {
  int error = request->takes_present ? open_and_close(place, O_WRONLY | O_APPEND, 0) : ENOENT;
  return error != ENOENT ? error : open_and_close(place, O_RDWR | O_CREAT | O_EXCL, request->mode);
}

void file_job_create(struct file_job *job) {
  const struct file_request *request = &job->request;
  struct place place;
  int error = place_find(&place, request->path, KEEP_LAST_LINK, &request->admitted);
  if (error == 0) {
    error = create(&place, request);
  }
  finish(job, error, &place);
  place_close(&place);
}

/* Names, each with the NUL behind it. */
struct listing {
  uint8_t *bytes;
  size_t length;
  size_t room;
};

static int add_name(const char *name, void *data) {
  struct listing *listing = data;
  size_t length = strlen(name) + 1;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
    return 0;
  }
  if (listing->length + length > listing->room) {
    size_t room = 2 * (listing->room + length);
    uint8_t *bytes = realloc(listing->bytes, room);
    if (bytes == NULL) {
      return ENOMEM;
    }
    listing->bytes = bytes;
    listing->room = room;
  }
  memcpy(listing->bytes + listing->length, name, length);
  listing->length += length;
  return 0;
}

static int list(struct place *place, struct listing *listing) {
  char path[PATH_MAX];
  int error = place_entry(place, place->name, path);
  if (error != 0) {
    return error;
  }
  int fd = openat(place->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (place->is_open ? O_NOFOLLOW : 0));
  if (fd < 0) {
    return errno;
  }
  error = for_each_name(fd, add_name, listing);
  close(fd);
  return error;
}

void file_job_list(struct file_job *job) {
  struct place place;
  struct listing listing = {0};
  int error = place_find(&place, job->request.path, FOLLOW_LAST_LINK, &job->request.admitted);
  if (error == 0) {
    error = list(&place, &listing);
  }
  finish(job, error, &place);
  job->answer.bytes = listing.bytes;
  job->answer.length = listing.length;
  place_close(&place);
}

/* Of a path that leads nowhere those up to there. */
void file_job_links(struct file_job *job) {
  struct admitted admitted = job->request.admitted;
  struct place place;
  admitted.believes_all = true;
  place_find(&place, job->request.path, FOLLOW_LAST_LINK, &admitted);
  size_t bytes = place.believed_count * sizeof(place.believed[0]);
  job->answer.links = bytes == 0 ? NULL : malloc(bytes);
  if (job->answer.links != NULL) {
    memcpy(job->answer.links, place.believed, bytes);
    job->answer.link_count = place.believed_count;
  }
  job->answer.outcome = DONE;
  place_close(&place);
}
