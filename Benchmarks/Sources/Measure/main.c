// Runs a command and writes what it cost to a file: "wall cpu peak status", in seconds, seconds, bytes and exit status.
//
// A process keeps the peak memory of the one that started it across exec, so a script that starts commands itself
// reports its own size for the small ones. This program is smaller than anything it measures.

#define _GNU_SOURCE

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static long long peak_bytes(const struct rusage *usage) {
#ifdef __APPLE__
    return usage->ru_maxrss;
#else
    return (long long)usage->ru_maxrss * 1024;
#endif
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: measure REPORT COMMAND [ARGUMENT ...]\n");
        return 2;
    }

    const double start = now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }

    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("measure");
        return 1;
    }
    const double wall = now() - start;

    FILE *report = fopen(argv[1], "w");
    if (report == NULL) {
        perror(argv[1]);
        return 1;
    }
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    fprintf(report, "%.6f %.6f %lld %d\n", wall, cpu, peak_bytes(&usage), code);
    return fclose(report) == 0 ? code : 1;
}
