/* What the library says about itself, and its buffers. */
#include "check.h"

static void describes_itself(void)
{
    phs_buffer out = dirty(), error = dirty();
    char version[80];
    CHECK(phs_abi_version() == PHS_ABI_VERSION);

    CHECK(phs_describe(&out, &error) == PHS_OK);
    CHECK(is_empty(&error));
    snprintf(version, sizeof version, "\"libraryVersion\":\"%s\"", PHS_VERSION);
    CHECK(count(&out, version) == 1);
    snprintf(version, sizeof version, "\"abiVersion\":%d,", PHS_ABI_VERSION);
    CHECK(count(&out, version) == 1);
    CHECK(count(&out, "\"target\":\"") == 1 && count(&out, "\"target\":\"\"") == 0);
    CHECK(count(&out, "\"features\":[") == 1);
    CHECK(count(&out, "\"phs_get_check\"") == 1);
    CHECK(count(&out, "\"finished\"") == 1);
    phs_buffer_free(&out);
    CHECK(is_empty(&out));
}

static void describe_refuses_null(void)
{
    phs_buffer out = dirty(), error = dirty();
    CHECK(phs_describe(NULL, &error) == PHS_ERR_NULL_ARGUMENT);
    CHECK(is_error(&error, "Phs.Abi.NullArgument"));
    CHECK(phs_describe(NULL, NULL) == PHS_ERR_NULL_ARGUMENT);
    CHECK(phs_describe(&out, NULL) == PHS_OK);
    CHECK(!is_empty(&out));
    phs_buffer_free(&out);
}

static void buffers_are_freed_once(void)
{
    phs_buffer out = empty();
    phs_buffer_free(NULL);
    phs_buffer_free(&out);
    CHECK(is_empty(&out));
    CHECK(phs_describe(&out, NULL) == PHS_OK);
    phs_buffer_free(&out);
    CHECK(is_empty(&out));
    phs_buffer_free(&out);
    CHECK(is_empty(&out));
}

void test_library(void)
{
    describes_itself();
    describe_refuses_null();
    buffers_are_freed_once();
}
