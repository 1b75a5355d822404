/* What the ABI test needs of a test framework. C11 and C++17. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "phs.h"

#ifdef __cplusplus
extern "C" {
#endif

extern unsigned long passed;
extern unsigned long failed;

/* Counts a claim; a wrong one is printed with its place. */
#define CHECK(claim) check((claim) ? 1 : 0, #claim, __FILE__, __LINE__)

static inline void check(int right, const char *claim, const char *file, int line)
{
    if (right) {
        passed++;
    } else {
        failed++;
        printf("FAIL %s:%d: %s\n", file, line, claim);
    }
}

static inline phs_buffer empty(void)
{
    phs_buffer buffer = { NULL, 0, 0 };
    return buffer;
}

/* A buffer that holds nonsense: the library must overwrite it, never free it. */
static inline phs_buffer dirty(void)
{
    static uint8_t byte;
    phs_buffer buffer = { &byte, 77, 99 };
    return buffer;
}

static inline int is_empty(const phs_buffer *buffer)
{
    return buffer->data == NULL && buffer->len == 0 && buffer->cap == 0;
}

/* How often the text is in the buffer. */
static inline size_t count(const phs_buffer *buffer, const char *text)
{
    size_t found = 0, at, length = strlen(text);
    for (at = 0; at + length <= buffer->len; at++) {
        if (memcmp(buffer->data + at, text, length) == 0) {
            found++;
        }
    }
    return found;
}

/* Whether an error buffer is whole and has this id; frees it. */
static inline int is_error(phs_buffer *error, const char *id)
{
    char quoted[80];
    int right;
    snprintf(quoted, sizeof quoted, "\"id\":\"%s\"", id);
    right = count(error, quoted) == 1 && count(error, "\"category\":\"") == 1 && count(error, "\"message\":\"") == 1
        && count(error, "\"target\":\"") == 1 && count(error, "\"recommendedAction\":\"") == 1;
    phs_buffer_free(error);
    return right && is_empty(error);
}

static inline const uint8_t *bytes(const char *text)
{
    return (const uint8_t *)text;
}

/* Every function of a diagnostic has this shape. */
typedef int32_t (*diagnostic)(const uint8_t *, size_t, phs_run *, phs_buffer *);

/* Starts a run that must start. */
static inline phs_run begin(diagnostic start, const char *request)
{
    phs_run run = 0;
    phs_buffer error = dirty();
    CHECK(start(bytes(request), strlen(request), &run, &error) == PHS_OK);
    CHECK(run != 0 && run <= INT64_MAX);
    CHECK(is_empty(&error));
    return run;
}

/* Long enough for the slowest machine; a test that passes never waits for it. */
#define LONG_WAIT 120000u

/* Pulls a run to its end. Returns how many events came; `seen` counts those that hold `text`. */
static inline unsigned pull(phs_run run, const char *text, unsigned *seen)
{
    unsigned events = 0;
    int finished = 0;
    *seen = 0;
    for (;;) {
        phs_buffer event = dirty(), error = dirty();
        int32_t status = phs_run_next(run, LONG_WAIT, &event, &error);
        if (status != PHS_OK) {
            CHECK(status == PHS_END);
            CHECK(is_empty(&event) && is_empty(&error));
            CHECK(finished);
            return events;
        }
        CHECK(!finished);
        CHECK(count(&event, "\"kind\":\"") >= 1);
        finished = count(&event, "\"kind\":\"finished\"") == 1;
        *seen += count(&event, text) > 0;
        events++;
        phs_buffer_free(&event);
        CHECK(is_empty(&event));
    }
}

void test_library(void);
void test_diagnostics(void);
void test_runs(void);
void test_secrets(void);
void test_threads(void);
void test_probe(void);

#ifdef __cplusplus
}
#endif

#endif
