#pragma once
/* Linked statically: a further shared library would cost something at every start. */
#include <lzma.h>
