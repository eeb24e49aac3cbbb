import Glibc

/// How the tests were built.
enum Instrumentation {
    /// Whether a sanitizer watches, under which everything takes several times as long.
    static let isPresent = dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
}
