/* pump-test pace | lane | model ROUNDS [SEED] */
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
  if (strcmp(what, "model") == 0 && count > 2) {
    uint64_t seed = count > 3 ? strtoull(arguments[3], NULL, 10) : (uint64_t)time(NULL);
    return model_test(seed, strtoull(arguments[2], NULL, 10));
  }
  fprintf(stderr, "usage: pump-test pace | lane | model ROUNDS [SEED]\n");
  return 2;
}
