/* Runs on one thread: pulled to the end, cancelled, freed at any time, and every wrong handle. */
#include "check.h"

/* Handles that are no run, now. */
static void refuses_handle(phs_run run)
{
    phs_buffer event = dirty(), error = dirty();
    CHECK(phs_run_next(run, 0, &event, &error) == PHS_ERR_INVALID_HANDLE);
    CHECK(is_empty(&event));
    CHECK(is_error(&error, "Phs.Abi.InvalidHandle"));
    CHECK(phs_run_next(run, LONG_WAIT, &event, NULL) == PHS_ERR_INVALID_HANDLE);
    CHECK(phs_run_cancel(run) == PHS_ERR_INVALID_HANDLE);
    CHECK(phs_run_free(run) == PHS_ERR_INVALID_HANDLE);
}

static void pulls_to_the_end(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_get_check, "{}");
    CHECK(pull(run, "\"id\":\"PHS401\"", &seen) >= 2);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
    refuses_handle(run);
}

static void stays_at_the_end(void)
{
    unsigned seen = 0, i;
    phs_run run = begin(phs_get_check, "{\"ids\":[\"phs201\"]}");
    CHECK(pull(run, "\"checks\":", &seen) == 2);
    CHECK(seen == 1);
    for (i = 0; i < 3; i++) {
        phs_buffer event = dirty(), error = dirty();
        CHECK(phs_run_next(run, i == 0 ? 0 : LONG_WAIT, &event, &error) == PHS_END);
        CHECK(is_empty(&event) && is_empty(&error));
    }
    CHECK(phs_run_cancel(run) == PHS_OK);
    CHECK(phs_run_next(run, 0, NULL, NULL) == PHS_ERR_NULL_ARGUMENT);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void tells_what_is_unknown(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_get_check, "{\"ids\":[\"PSH401\"],\"options\":{\"culture\":\"en-US\"}}");
    pull(run, "\"id\":\"Phs.Check.Unknown\"", &seen);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
    run = begin(phs_get_check, "{\"steps\":[\"Z9\"]}");
    pull(run, "\"id\":\"Phs.Step.Unknown\"", &seen);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void a_wrong_pull_loses_nothing(void)
{
    unsigned seen = 0;
    phs_buffer error = dirty();
    phs_run run = begin(phs_get_check, "{}");
    CHECK(phs_run_next(run, LONG_WAIT, NULL, &error) == PHS_ERR_NULL_ARGUMENT);
    CHECK(is_error(&error, "Phs.Abi.NullArgument"));
    CHECK(phs_run_next(run, LONG_WAIT, NULL, NULL) == PHS_ERR_NULL_ARGUMENT);
    pull(run, "\"kind\":\"check\"", &seen);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void a_look_does_not_wait(void)
{
    phs_run run = begin(phs_get_check, "{}");
    for (;;) {
        phs_buffer event = dirty(), error = dirty();
        int32_t status = phs_run_next(run, 0, &event, &error);
        CHECK(is_empty(&error));
        if (status == PHS_END) {
            CHECK(is_empty(&event));
            break;
        }
        CHECK(status == PHS_OK || status == PHS_PENDING);
        CHECK(is_empty(&event) == (status == PHS_PENDING));
        phs_buffer_free(&event);
    }
    CHECK(phs_run_free(run) == PHS_OK);
}

static void frees_at_any_time(void)
{
    phs_buffer event = empty();
    phs_run run = begin(phs_get_check, "{}");
    CHECK(phs_run_free(run) == PHS_OK);
    CHECK(phs_run_free(run) == PHS_ERR_INVALID_HANDLE);

    run = begin(phs_get_check, "{}");
    CHECK(phs_run_cancel(run) == PHS_OK);
    CHECK(phs_run_free(run) == PHS_OK);

    /* An event outlives its run. */
    run = begin(phs_get_check, "{}");
    CHECK(phs_run_next(run, LONG_WAIT, &event, NULL) == PHS_OK);
    CHECK(phs_run_free(run) == PHS_OK);
    CHECK(count(&event, "\"kind\":") == 1);
    phs_buffer_free(&event);
}

static void a_cancelled_run_ends(void)
{
    unsigned seen = 0;
    phs_run run = begin(phs_get_check, "{}");
    CHECK(phs_run_cancel(run) == PHS_OK);
    CHECK(phs_run_cancel(run) == PHS_OK);
    pull(run, "\"kind\":\"finished\"", &seen);
    CHECK(seen == 1);
    CHECK(phs_run_free(run) == PHS_OK);
}

static void refuses_wrong_handles(void)
{
    static const uint16_t text[] = { 'p' };
    phs_secret secret = 0;
    phs_run run = begin(phs_get_check, "{}"), later;
    refuses_handle(0);
    refuses_handle(1);
    refuses_handle(UINT64_MAX);
    refuses_handle(INT64_MAX);
    refuses_handle(run + 1);
    refuses_handle(run ^ ((uint64_t)1 << 24));
    refuses_handle(run | ((uint64_t)1 << 63));
    CHECK(phs_secret_new(text, 1, &secret, NULL) == PHS_OK);
    refuses_handle(secret);
    CHECK(phs_secret_free(run) == PHS_ERR_INVALID_HANDLE);
    CHECK(phs_secret_free(secret) == PHS_OK);

    /* A stale handle does not reach the run that took its place. */
    CHECK(phs_run_free(run) == PHS_OK);
    later = begin(phs_get_check, "{}");
    CHECK(later != run);
    refuses_handle(run);
    CHECK(phs_run_free(later) == PHS_OK);
}

static void has_a_limit_and_recovers(void)
{
    enum { LIMIT = 1024 };
    static phs_run runs[LIMIT];
    phs_run extra = 77;
    phs_buffer error = dirty();
    size_t i;
    for (i = 0; i < LIMIT; i++) {
        runs[i] = begin(phs_get_check, "{\"ids\":[\"PHS201\"]}");
    }
    CHECK(phs_get_check(bytes("{}"), 2, &extra, &error) == PHS_ERR_TOO_MANY_HANDLES);
    CHECK(extra == 0);
    CHECK(is_error(&error, "Phs.Abi.TooManyHandles"));
    for (i = 0; i < LIMIT; i++) {
        CHECK(phs_run_free(runs[i]) == PHS_OK);
    }
    CHECK(phs_run_free(begin(phs_get_check, "{}")) == PHS_OK);
}

static void takes_more_only_where_asked(void)
{
    static const char input[] = "{\"identity\":[\"kari\"]}";
    phs_buffer error = dirty();
    phs_run run = begin(phs_get_check, "{}");
    CHECK(phs_run_feed(run, bytes(input), strlen(input), &error) == PHS_ERR_INVALID_REQUEST);
    CHECK(is_error(&error, "Phs.Request.TakesNoMore"));
    CHECK(phs_run_feed(run, NULL, 1, NULL) == PHS_ERR_NULL_ARGUMENT);
    CHECK(phs_run_free(run) == PHS_OK);
    CHECK(phs_run_feed(run, NULL, 0, &error) == PHS_ERR_INVALID_HANDLE);
    CHECK(is_error(&error, "Phs.Abi.InvalidHandle"));

    /* No server is named: the run ends before it waits. */
    {
        unsigned seen = 0;
        run = begin(phs_test_user, "{\"more\":true,\"identity\":\"kari\"}");
        CHECK(phs_run_feed(run, bytes("{\"users\":1}"), 11, &error) == PHS_ERR_INVALID_REQUEST);
        CHECK(is_error(&error, "Phs.Request.Invalid"));
        pull(run, "\"kind\":\"error\"", &seen);
        CHECK(seen == 1);
        CHECK(phs_run_feed(run, bytes(input), strlen(input), NULL) == PHS_END);
        CHECK(phs_run_free(run) == PHS_OK);
    }
}

void test_runs(void)
{
    pulls_to_the_end();
    stays_at_the_end();
    tells_what_is_unknown();
    a_wrong_pull_loses_nothing();
    a_look_does_not_wait();
    frees_at_any_time();
    a_cancelled_run_ends();
    refuses_wrong_handles();
    takes_more_only_where_asked();
    has_a_limit_and_recovers();
}
