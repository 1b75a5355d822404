/* Against the probe library only: a diagnostic that never ends, one that talks too much, and panics. */
#ifdef PHS_PROBE
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#ifdef __cplusplus
extern "C" {
#endif
int32_t phs_probe_act(const uint8_t *request, size_t len, phs_run *out, phs_buffer *error);
int32_t phs_probe_panic(phs_buffer *error);
#ifdef __cplusplus
}
#endif

static void a_panic_is_a_status(void)
{
    phs_buffer error = dirty();
    CHECK(phs_probe_panic(&error) == PHS_ERR_PANIC);
    CHECK(count(&error, "the function broke") == 1);
    CHECK(is_error(&error, "Phs.Tool.Panic"));
    CHECK(phs_probe_panic(NULL) == PHS_ERR_PANIC);
    /* The library still works. */
    CHECK(phs_run_free(begin(phs_get_check, "{}")) == PHS_OK);
}

static void a_panic_in_a_run_is_an_event(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_probe_act, "{\"play\":\"panic\"}");
    CHECK(pull(run, "\"id\":\"Phs.Tool.Panic\"", &seen) == 2);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void a_wait_ends_with_its_time_out(void)
{
    phs_buffer event = dirty(), error = dirty();
    phs_run run = begin(phs_probe_act, "{\"play\":\"endless\"}");
    CHECK(phs_run_next(run, LONG_WAIT, &event, &error) == PHS_OK);
    phs_buffer_free(&event);
    CHECK(phs_run_next(run, 0, &event, &error) == PHS_PENDING);
    CHECK(phs_run_next(run, 1, &event, &error) == PHS_PENDING);
    CHECK(phs_run_next(run, 20, &event, &error) == PHS_PENDING);
    CHECK(is_empty(&event) && is_empty(&error));
    CHECK(phs_run_free(run) == PHS_OK);
}

static void a_cancel_ends_endless_work(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_probe_act, "{\"play\":\"endless\"}");
    CHECK(phs_run_cancel(run) == PHS_OK);
    pull(run, "\"cancelled\":true", &seen);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void more_events_than_wait_for_a_reader(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_probe_act, "{\"play\":\"chatter\"}");
    CHECK(pull(run, "\"kind\":\"log\"", &seen) == 501);
    CHECK(seen == 500);
    CHECK(phs_run_free(run) == PHS_OK);
    /* The same, left alone half way. */
    CHECK(phs_run_free(begin(phs_probe_act, "{\"play\":\"chatter\"}")) == PHS_OK);
}

static void *waits(void *argument)
{
    phs_buffer event = empty(), error = empty();
    phs_run run = *(phs_run *)argument;
    int32_t *status = (int32_t *)malloc(sizeof *status);
    if (status != NULL) {
        do {
            phs_buffer_free(&event);
            *status = phs_run_next(run, UINT32_MAX, &event, &error);
        } while (*status == PHS_OK);
    }
    phs_buffer_free(&error);
    return status;
}

static void a_free_ends_the_waits_of_other_threads(void)
{
    enum { WAITERS = 3 };
    pthread_t threads[WAITERS];
    size_t i;
    phs_run run = begin(phs_probe_act, "{\"play\":\"endless\"}");
    for (i = 0; i < WAITERS; i++) {
        CHECK(pthread_create(&threads[i], NULL, waits, &run) == 0);
    }
    CHECK(phs_run_free(run) == PHS_OK);
    for (i = 0; i < WAITERS; i++) {
        void *status = NULL;
        CHECK(pthread_join(threads[i], &status) == 0);
        CHECK(status != NULL && *(int32_t *)status == PHS_ERR_INVALID_HANDLE);
        free(status);
    }
}

void test_probe(void)
{
    a_panic_is_a_status();
    a_panic_in_a_run_is_an_event();
    a_wait_ends_with_its_time_out();
    a_cancel_ends_endless_work();
    more_events_than_wait_for_a_reader();
    a_free_ends_the_waits_of_other_threads();
}
#else
/* ISO C wants something in every file. */
typedef int nothing;
#endif
