/* What Swift has no word for: this line of memory will be read soon. */
static inline void prefetch_for_reading(const void *place) { __builtin_prefetch(place); }
