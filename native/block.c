/*
 * See block.h.
 */
#define _GNU_SOURCE
#include "block.h"

#include <stdlib.h>

struct block *block_make(size_t length) {
  struct block *block = malloc(sizeof(*block) + length);
  if (block != NULL) {
    atomic_init(&block->owners, 1);
    block->length = length;
  }
  return block;
}

void block_hold(struct block *block) { atomic_fetch_add(&block->owners, 1); }

void block_release(struct block *block) {
  if (atomic_fetch_sub(&block->owners, 1) == 1) {
    free(block);
  }
}
