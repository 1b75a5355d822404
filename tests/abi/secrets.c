/* Secrets: kept, refused, freed once. */
#include "check.h"

static const uint16_t TEXT[] = { 'p', 0xe6, 0xd83d, 0xde00, 0xd800 };
#define UNITS (sizeof TEXT / sizeof TEXT[0])

static void keeps_and_frees(void)
{
    phs_secret first = 0, second = 0;
    phs_buffer error = dirty();
    CHECK(phs_secret_new(TEXT, UNITS, &first, &error) == PHS_OK);
    CHECK(is_empty(&error));
    CHECK(first != 0 && first <= INT64_MAX);
    CHECK(phs_secret_new(TEXT, UNITS, &second, NULL) == PHS_OK);
    CHECK(first != second);
    CHECK(phs_secret_free(first) == PHS_OK);
    CHECK(phs_secret_free(first) == PHS_ERR_INVALID_HANDLE);
    CHECK(phs_secret_free(second) == PHS_OK);
    CHECK(phs_secret_free(0) == PHS_ERR_INVALID_HANDLE);
    CHECK(phs_secret_free(UINT64_MAX) == PHS_ERR_INVALID_HANDLE);
}

static void an_empty_one_is_allowed(void)
{
    phs_secret secret = 0;
    CHECK(phs_secret_new(NULL, 0, &secret, NULL) == PHS_OK);
    CHECK(phs_secret_free(secret) == PHS_OK);
    CHECK(phs_secret_new(TEXT, 0, &secret, NULL) == PHS_OK);
    CHECK(phs_secret_free(secret) == PHS_OK);
}

static void refuses(const uint16_t *text, size_t units, int32_t status, const char *id)
{
    phs_secret secret = 77;
    phs_buffer error = dirty();
    CHECK(phs_secret_new(text, units, &secret, &error) == status);
    CHECK(secret == 0);
    CHECK(is_error(&error, id));
    CHECK(phs_secret_new(text, units, &secret, NULL) == status);
}

static void refuses_wrong_calls(void)
{
    phs_buffer error = dirty();
    refuses(NULL, 1, PHS_ERR_NULL_ARGUMENT, "Phs.Abi.NullArgument");
    refuses(TEXT, SIZE_MAX, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(NULL, SIZE_MAX, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    refuses(TEXT, SIZE_MAX / 2 + 1, PHS_ERR_TOO_LARGE, "Phs.Abi.TooLarge");
    CHECK(phs_secret_new(TEXT, UNITS, NULL, &error) == PHS_ERR_NULL_ARGUMENT);
    CHECK(is_error(&error, "Phs.Abi.NullArgument"));
    CHECK(phs_secret_new(NULL, 1, NULL, NULL) == PHS_ERR_NULL_ARGUMENT);
}

static void has_a_limit_and_recovers(void)
{
    enum { LIMIT = 4096 };
    static phs_secret secrets[LIMIT];
    size_t i;
    for (i = 0; i < LIMIT; i++) {
        CHECK(phs_secret_new(TEXT, UNITS, &secrets[i], NULL) == PHS_OK);
    }
    refuses(TEXT, UNITS, PHS_ERR_TOO_MANY_HANDLES, "Phs.Abi.TooManyHandles");
    for (i = 0; i < LIMIT; i++) {
        CHECK(phs_secret_free(secrets[i]) == PHS_OK);
    }
    keeps_and_frees();
}

void test_secrets(void)
{
    keeps_and_frees();
    an_empty_one_is_allowed();
    refuses_wrong_calls();
    has_a_limit_and_recovers();
}
