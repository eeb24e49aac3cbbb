// Reads TOML 1.0 by toml++, for callers who do not speak C++.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// UTF-8 that is there as long as the call in which it is told.
struct ctoml_text {
    const char *start;
    size_t length;
};

enum ctoml_kind {
    CTOML_TEXT,
    CTOML_INTEGER,
    CTOML_REAL,
    CTOML_FLAG,
    /// What is in it follows, up to its end.
    CTOML_LIST,
    CTOML_TABLE,
    CTOML_END,
    /// A date or a time.
    CTOML_OTHER
};

struct ctoml_item {
    enum ctoml_kind kind;
    /// Its name in the table that it is in; empty in a list.
    struct ctoml_text key;
    /// Of these, the one that it is.
    struct ctoml_text text;
    int64_t integer;
    double real;
    bool flag;
};

struct ctoml_mistake {
    uint32_t line;
    uint32_t column;
    struct ctoml_text description;
};

/// Tells what is in a document, in the order of its keys; where there is a mistake in it, only that.
void ctoml_read(
    struct ctoml_text document, void *context, void (*tell)(void *context, const struct ctoml_item *item),
    void (*fail)(void *context, const struct ctoml_mistake *mistake));

#ifdef __cplusplus
}
#endif
