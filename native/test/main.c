/* Runs one of the tests of the pump; see usage. */
#include "test.h"

#include <string.h>
#include <time.h>

int main(int count, char **arguments) {
  const char *what = count > 1 ? arguments[1] : "";
  if (strcmp(what, "pace") == 0) {
    return pace_test();
  }
  if (strcmp(what, "lane") == 0) {
    return lane_test();
  }
  if (strcmp(what, "find") == 0) {
    return find_test();
  }
  uint64_t times = count > 2 ? strtoull(arguments[2], NULL, 10) : 0;
  uint64_t seed = count > 3 ? strtoull(arguments[3], NULL, 10) : (uint64_t)time(NULL);
  if (times > 0 && strcmp(what, "model") == 0) {
    return model_test(seed, times, false);
  }
  if (times > 0 && strcmp(what, "exact-model") == 0) {
    return model_test(seed, times, true);
  }
  if (times > 0 && strcmp(what, "kill") == 0) {
    return kill_test(seed, times);
  }
  fprintf(stderr, "usage: pump-test pace | lane | find | model TIMES [SEED] | exact-model TIMES [SEED] | kill TIMES [SEED]\n");
  return 2;
}
