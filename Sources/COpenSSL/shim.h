#pragma once
/* The low-level digests need neither a provider nor a shared library, and OpenSSL 3 calls them deprecated. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
