/* The yardstick: exact level schedules in float64 with the same rounding, one scalar loop a loan. */
#include <math.h>
#include <stdint.h>

void totals(int64_t rows, int periods, const double *principal, const double *level, double num,
            double den, double *paid, double *last) {
  for (int64_t i = 0; i < rows; i++) {
    double balance = principal[i], sum = 0.0;
    for (int t = 0; t < periods - 1; t++) {
      double accrued = floor((balance * (2.0 * num) + den) / (2.0 * den));
      balance += accrued - level[i];
      sum += level[i];
    }
    last[i] = balance + floor((balance * (2.0 * num) + den) / (2.0 * den));
    paid[i] = sum + last[i];
  }
}
