/* Several threads at once. Claims are counted by the threads' own counters and checked at the end. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 4, ROUNDS = 50 };

struct worker {
    pthread_t thread;
    unsigned finished;
    unsigned wrong;
};

static void *works(void *argument)
{
    struct worker *self = (struct worker *)argument;
    static const uint16_t text[] = { 'p' };
    int round;
    for (round = 0; round < ROUNDS; round++) {
        phs_run run = 0;
        phs_secret secret = 0;
        int32_t status;
        self->wrong += phs_secret_new(text, 1, &secret, NULL) != PHS_OK;
        self->wrong += phs_get_check(bytes("{}"), 2, &run, NULL) != PHS_OK;
        for (;;) {
            phs_buffer event = empty();
            status = phs_run_next(run, LONG_WAIT, &event, NULL);
            if (status != PHS_OK) {
                break;
            }
            self->finished += count(&event, "\"kind\":\"finished\"") == 1;
            phs_buffer_free(&event);
        }
        self->wrong += status != PHS_END;
        self->wrong += phs_run_free(run) != PHS_OK;
        self->wrong += phs_run_free(run) != PHS_ERR_INVALID_HANDLE;
        self->wrong += phs_secret_free(secret) != PHS_OK;
        self->wrong += phs_secret_free(secret) != PHS_ERR_INVALID_HANDLE;
    }
    return NULL;
}

static void threads_with_runs_of_their_own(void)
{
    static struct worker workers[THREADS];
    size_t i;
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&workers[i].thread, NULL, works, &workers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        CHECK(workers[i].finished == ROUNDS);
        CHECK(workers[i].wrong == 0);
    }
}

static phs_run shared;

static void *frees(void *argument)
{
    unsigned *freed = (unsigned *)argument;
    *freed = phs_run_free(shared) == PHS_OK;
    return NULL;
}

static void of_many_frees_one_wins(void)
{
    int round;
    for (round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        unsigned freed[THREADS], sum = 0;
        size_t i;
        shared = begin(phs_get_check, "{}");
        for (i = 0; i < THREADS; i++) {
            CHECK(pthread_create(&threads[i], NULL, frees, &freed[i]) == 0);
        }
        for (i = 0; i < THREADS; i++) {
            CHECK(pthread_join(threads[i], NULL) == 0);
            sum += freed[i];
        }
        CHECK(sum == 1);
    }
}

void test_threads(void)
{
    threads_with_runs_of_their_own();
    of_many_frees_one_wins();
}
