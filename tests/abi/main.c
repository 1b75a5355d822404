/* Exercises every function of the C ABI, wrongly and rightly. Prints what failed and how many claims were checked. */
#include "check.h"

unsigned long passed = 0;
unsigned long failed = 0;

int main(void)
{
    test_library();
    test_diagnostics();
    test_runs();
    test_secrets();
    test_threads();
#ifdef PHS_PROBE
    test_probe();
#endif
    printf("%lu passed, %lu failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
