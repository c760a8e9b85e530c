/* What the kernel says of an open file. */
#ifndef SUPERVISORD_PUMP_FACTS_H
#define SUPERVISORD_PUMP_FACTS_H

#include <stdint.h>

struct pump_facts {
  uint32_t links;
  uint64_t size;
  uint64_t device; /* major << 32 | minor */
  uint64_t inode;
};

/* 0 or an errno. May wait for the file system. */
int pump_look_at(int fd, struct pump_facts *facts);

#endif
