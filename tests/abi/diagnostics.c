/* Every function of a diagnostic, called wrongly: all must answer alike. */
#include <stdlib.h>

#include "check.h"

static const struct {
    const char *name;
    diagnostic start;
} DIAGNOSTICS[] = {
    /* One line for each function of the header that takes a request; made by run.sh. */
#include "diagnostics.inc"
};

static void refuses(diagnostic start, const void *request, size_t len, int32_t status, const char *id)
{
    phs_run run = 77;
    phs_buffer error = dirty();
    CHECK(start((const uint8_t *)request, len, &run, &error) == status);
    CHECK(run == 0);
    CHECK(is_error(&error, id));
    /* The same without a place for the text. */
    run = 77;
    CHECK(start((const uint8_t *)request, len, &run, NULL) == status);
    CHECK(run == 0);
}

static void refuses_request(diagnostic start, const char *request)
{
    refuses(start, request, strlen(request), PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
}

static void refuses_text(diagnostic start, const char *request)
{
    refuses(start, request, strlen(request), PHS_ERR_INVALID_UTF8, "Phs.Abi.InvalidUtf8");
}

static void refuses_deep_nesting(diagnostic start)
{
    size_t length = 1000000;
    char *deep = (char *)malloc(length);
    CHECK(deep != NULL);
    if (deep != NULL) {
        memset(deep, '[', length);
        refuses(start, deep, length, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
        free(deep);
    }
}

static void answers_wrong_calls(diagnostic start)
{
    phs_run run = 77;
    phs_buffer error = dirty();

    CHECK(start(bytes("{}"), 2, NULL, &error) == PHS_ERR_NULL_ARGUMENT);
    CHECK(is_error(&error, "Phs.Abi.NullArgument"));
    CHECK(start(NULL, 2, NULL, NULL) == PHS_ERR_NULL_ARGUMENT);
    refuses(start, NULL, 2, PHS_ERR_NULL_ARGUMENT, "Phs.Abi.NullArgument");
    refuses(start, NULL, 0, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
    refuses(start, "{}", 0, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
    /* Wrong sizes: refused before a byte is read. */
    refuses(start, "{}", SIZE_MAX, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(start, NULL, SIZE_MAX, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(start, "{}", SIZE_MAX / 2 + 1, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(start, "{}", ((size_t)16 << 20) + 1, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(start, "{}{}", 3, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
    refuses(start, "{}", 1, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");
    /* The final NUL is not part of the text. */
    refuses(start, "{}", 3, PHS_ERR_INVALID_REQUEST, "Phs.Request.Invalid");

    refuses_text(start, "\xff");
    refuses_text(start, "{\"options\":{\"culture\":\"\xc3\"}}");
    refuses_text(start, "{\"options\":{\"culture\":\"\xc0\xaf\"}}");
    refuses_text(start, "{\"options\":{\"culture\":\"\xed\xa0\x80\"}}");
    refuses_text(start, "\xff\xfe{\0}\0");

    refuses_request(start, "\xef\xbb\xbf{}");
    refuses_request(start, "[]]");
    refuses_request(start, "null");
    refuses_request(start, "\"text\"");
    refuses_request(start, "{\"options\":{");
    refuses_request(start, "{\"options\":7}");
    refuses_request(start, "{\"nonsense\":1}");
    refuses_request(start, "{\"options\":{\"nonsense\":1}}");
    refuses_request(start, "{\"options\":{\"suppress\":[1]}}");
    refuses_request(start, "{\"options\":{\"suppress\":[\"\\ud800\"]}}");
    refuses_request(start, "{\"options\":{},\"options\":{}}");
    refuses_deep_nesting(start);

    CHECK(phs_run_free(run) == PHS_ERR_INVALID_HANDLE);
}

void test_diagnostics(void)
{
    size_t i;
    phs_buffer about = empty();
    CHECK(phs_describe(&about, NULL) == PHS_OK);
    for (i = 0; i < sizeof DIAGNOSTICS / sizeof DIAGNOSTICS[0]; i++) {
        CHECK(count(&about, DIAGNOSTICS[i].name) == 1);
        answers_wrong_calls(DIAGNOSTICS[i].start);
    }
    /* A diagnostic that the library has and the header lacks would not be tested. */
    CHECK(count(&about, "\"phs_") == sizeof DIAGNOSTICS / sizeof DIAGNOSTICS[0]);
    phs_buffer_free(&about);
}
