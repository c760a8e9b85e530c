/* The pump as a whole: its notes to the owner, and the clock. */
#define _GNU_SOURCE
#include "pump-parts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

struct pump *pump_new(int *wake_fd) {
  struct pump *pump = calloc(1, sizeof(*pump));
  if (pump == NULL) {
    return NULL;
  }
  pump->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (pump->wake < 0) {
    free(pump);
    return NULL;
  }
  pthread_mutex_init(&pump->notes_lock, NULL);
  *wake_fd = pump->wake;
  return pump;
}

static void wake_owner(struct pump *pump) {
  uint64_t one = 1;
  while (write(pump->wake, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

void tell(struct subject *subject, uint32_t events) {
  struct pump *pump = subject->lane->pump;
  if (subject->is_deleted) {
    return;
  }
  subject->events |= events;
  pthread_mutex_lock(&pump->notes_lock);
  bool is_first = pump->first == NULL;
  if (!subject->is_listed) {
    subject->is_listed = true;
    subject->next = NULL;
    subject->previous = pump->last;
    *(is_first ? &pump->first : &pump->last->next) = subject;
    pump->last = subject;
  } else {
    is_first = false;
  }
  pthread_mutex_unlock(&pump->notes_lock);
  if (is_first) {
    wake_owner(pump);
  }
}

/* With the lock of notes. */
static void unlist(struct pump *pump, struct subject *subject) {
  *(subject->previous == NULL ? &pump->first : &subject->previous->next) = subject->next;
  *(subject->next == NULL ? &pump->last : &subject->next->previous) = subject->previous;
  subject->is_listed = false;
}

void forget(struct subject *subject) {
  struct pump *pump = subject->lane->pump;
  subject->is_deleted = true;
  subject->events = 0;
  pthread_mutex_lock(&pump->notes_lock);
  if (subject->is_listed) {
    unlist(pump, subject);
  }
  pthread_mutex_unlock(&pump->notes_lock);
}

size_t pump_take_notes(struct pump *pump, struct pump_note *notes, size_t count) {
  uint64_t wakes;
  size_t taken = 0;
  while (read(pump->wake, &wakes, sizeof(wakes)) < 0 && errno == EINTR) {
  }
  while (taken < count) {
    pthread_mutex_lock(&pump->notes_lock);
    struct subject *subject = pump->first;
    if (subject != NULL) {
      unlist(pump, subject);
    }
    pthread_mutex_unlock(&pump->notes_lock);
    if (subject == NULL) {
      return taken;
    }
    /* Only this thread deletes, so it is still there. */
    pthread_mutex_lock(&subject->lane->lock);
    notes[taken] = (struct pump_note){subject->owner_id, subject->events, subject->error};
    subject->events = 0;
    pthread_mutex_unlock(&subject->lane->lock);
    /* What was told between the two locks came with the note before; a hold may have been taken back. */
    taken += notes[taken].events != 0;
  }
  wake_owner(pump);
  return taken;
}

void pump_settle(struct pump *pump, uint32_t limit_ms) {
  const struct timespec a_while = {.tv_nsec = 1000000};
  for (uint32_t ms = 0; ms < limit_ms && atomic_load(&pump->backlog) > 0; ms++) {
    nanosleep(&a_while, NULL);
  }
}
