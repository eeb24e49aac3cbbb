// Inflates the messages that make-capture --messages writes, with one stream for each direction, and does nothing but
// count: the floor for any reader of permessage-deflate that is built on zlib.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { OUTPUT_SIZE = 1 << 16, LONGEST = 1 << 20, TAIL_LENGTH = 4 };

static z_stream *stream_of(z_stream ***streams, uint32_t *count, uint32_t direction) {
    if (direction >= *count) {
        const uint32_t wanted = direction + 1 + direction / 2;
        z_stream **grown = realloc(*streams, wanted * sizeof **streams);
        if (grown == NULL) return NULL;
        memset(grown + *count, 0, (wanted - *count) * sizeof *grown);
        *streams = grown;
        *count = wanted;
    }
    if ((*streams)[direction] == NULL) {
        // zlib's state points back to its stream, which must not move.
        z_stream *stream = calloc(1, sizeof *stream);
        if (stream == NULL || inflateInit2(stream, -15) != Z_OK) return NULL;
        (*streams)[direction] = stream;
    }
    return (*streams)[direction];
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: inflate-loop FILE\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }

    static uint8_t input[LONGEST + TAIL_LENGTH];
    static uint8_t output[OUTPUT_SIZE];
    static const uint8_t tail[TAIL_LENGTH] = {0x00, 0x00, 0xFF, 0xFF};
    z_stream **streams = NULL;
    uint32_t count = 0;
    uint64_t messages = 0;
    uint64_t bytes = 0;
    uint32_t head[2];
    while (fread(head, sizeof head, 1, file) == 1) {
        const uint32_t length = head[1];
        z_stream *stream = length <= LONGEST ? stream_of(&streams, &count, head[0]) : NULL;
        if (stream == NULL || fread(input, 1, length, file) != length) {
            fprintf(stderr, "inflate-loop: %s is not what make-capture writes, or memory is out\n", argv[1]);
            return 1;
        }
        memcpy(input + length, tail, TAIL_LENGTH);
        stream->next_in = input;
        stream->avail_in = length + TAIL_LENGTH;
        do {
            stream->next_out = output;
            stream->avail_out = OUTPUT_SIZE;
            const int status = inflate(stream, Z_SYNC_FLUSH);
            if (status != Z_OK && status != Z_BUF_ERROR) {
                fprintf(stderr, "inflate-loop: message %" PRIu64 ": zlib status %d\n", messages + 1, status);
                return 1;
            }
            bytes += OUTPUT_SIZE - stream->avail_out;
        } while (stream->avail_out == 0);
        messages += 1;
    }
    fclose(file);
    printf("%" PRIu64 " messages, %" PRIu64 " bytes\n", messages, bytes);
    return 0;
}
