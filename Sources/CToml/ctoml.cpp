#include "ctoml.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <string_view>

namespace {

ctoml_text text(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

struct Teller {
    void *context;
    void (*tell)(void *, const ctoml_item *);

    void all(std::string_view key, const toml::node &node) const {
        ctoml_item item = {};
        item.kind = CTOML_OTHER;
        item.key = text(key);
        if (auto value = node.as_string()) {
            item.kind = CTOML_TEXT;
            item.text = text(value->get());
        } else if (auto value = node.as_integer()) {
            item.kind = CTOML_INTEGER;
            item.integer = value->get();
        } else if (auto value = node.as_floating_point()) {
            item.kind = CTOML_REAL;
            item.real = value->get();
        } else if (auto value = node.as_boolean()) {
            item.kind = CTOML_FLAG;
            item.flag = value->get();
        } else if (node.is_array()) {
            item.kind = CTOML_LIST;
        } else if (node.is_table()) {
            item.kind = CTOML_TABLE;
        }
        tell(context, &item);
        if (auto list = node.as_array()) {
            for (auto &&element : *list) all("", element);
            end();
        } else if (auto table = node.as_table()) {
            content(*table);
            end();
        }
    }

    void content(const toml::table &table) const {
        for (auto &&[key, value] : table) all(static_cast<std::string_view>(key), value);
    }

    void end() const {
        ctoml_item item = {};
        item.kind = CTOML_END;
        tell(context, &item);
    }
};

}  // namespace

void ctoml_read(
    ctoml_text document, void *context, void (*tell)(void *, const ctoml_item *),
    void (*fail)(void *, const ctoml_mistake *)) {
    auto result = toml::parse(std::string_view(document.start, document.length));
    if (result) {
        Teller{context, tell}.content(result.table());
        return;
    }
    auto &error = result.error();
    ctoml_mistake mistake = {error.source().begin.line, error.source().begin.column, text(error.description())};
    fail(context, &mistake);
}
