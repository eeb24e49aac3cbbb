// Opens the records that make-capture --records writes by bare EVP calls, with a context for each direction that is kept, and
// does nothing but count: the floor for any reader of TLS that is built on libcrypto.
//
// Prints how many records and bytes there were, and the processor's seconds without those for reading the file.

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 1 << 18, RECORD_HEADER = 5, TAG = 16, AES_128_GCM = 0x1301, CHACHA20 = 0x1303, AES_128_GCM_BEFORE = 0xC02F };

// What stands before each record: see RecordFile.swift.
struct head {
    uint32_t direction;
    uint32_t length;
    uint64_t number;
};

struct direction {
    EVP_CIPHER_CTX *context;
    uint8_t iv[12];
};

static struct direction *directions;
static uint32_t direction_count;
static EVP_CIPHER *cipher;
static uint32_t suite;
static uint64_t records;
static uint64_t bytes;

static double processor_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int grow(uint32_t number) {
    if (number < direction_count) return 1;
    const uint32_t wanted = number + 1 + number / 2;
    struct direction *grown = realloc(directions, wanted * sizeof *grown);
    if (grown == NULL) return 0;
    memset(grown + direction_count, 0, (wanted - direction_count) * sizeof *grown);
    directions = grown;
    direction_count = wanted;
    return 1;
}

// The first of a direction: the length of its key, the key, and the IV.
static int set_up(struct direction *direction, const uint8_t *keys, uint32_t length) {
    if (length < 1 || keys[0] >= length || length - 1 - keys[0] > sizeof direction->iv) return 0;
    memcpy(direction->iv, keys + 1 + keys[0], length - 1 - keys[0]);
    direction->context = EVP_CIPHER_CTX_new();
    return direction->context != NULL && EVP_DecryptInit_ex(direction->context, cipher, NULL, keys + 1, NULL) > 0;
}

static int open_record(struct direction *direction, const uint8_t *record, uint32_t length, uint64_t number) {
    static uint8_t plain[1 << 15];
    const int explicit = suite == AES_128_GCM_BEFORE ? 8 : 0;
    const int count = (int)length - RECORD_HEADER - explicit - TAG;
    if (count < 0 || (size_t)count > sizeof plain) return 0;
    uint8_t nonce[12];
    uint8_t authenticated[13];
    int authenticated_length = RECORD_HEADER;
    memcpy(nonce, direction->iv, sizeof nonce);
    if (explicit > 0) {
        memcpy(nonce + 4, record + RECORD_HEADER, 8);
        for (int index = 0; index < 8; index++) authenticated[index] = (uint8_t)(number >> (56 - 8 * index));
        memcpy(authenticated + 8, record, 3);
        authenticated[11] = (uint8_t)(count >> 8);
        authenticated[12] = (uint8_t)count;
        authenticated_length = 13;
    } else {
        for (int index = 0; index < 8; index++) nonce[4 + index] ^= (uint8_t)(number >> (56 - 8 * index));
        memcpy(authenticated, record, RECORD_HEADER);
    }
    int written;
    const uint8_t *content = record + RECORD_HEADER + explicit;
    EVP_CIPHER_CTX *context = direction->context;
    EVP_DecryptInit_ex(context, NULL, NULL, NULL, nonce);
    EVP_DecryptUpdate(context, NULL, &written, authenticated, authenticated_length);
    EVP_DecryptUpdate(context, plain, &written, content, count);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG, (void *)(content + count));
    bytes += (uint64_t)count;
    records += 1;
    return EVP_DecryptFinal_ex(context, plain, &written) > 0;
}

// Takes what is whole; returns how much that was, or -1.
static ssize_t take(const uint8_t *input, size_t length) {
    size_t offset = 0;
    struct head head;
    while (length - offset >= sizeof head) {
        memcpy(&head, input + offset, sizeof head);
        if (head.length > CHUNK / 2 || !grow(head.direction)) return -1;
        if (length - offset - sizeof head < head.length) break;
        const uint8_t *record = input + offset + sizeof head;
        struct direction *direction = &directions[head.direction];
        const int is_good = direction->context == NULL ? set_up(direction, record, head.length)
                                                       : open_record(direction, record, head.length, head.number);
        if (!is_good) return -1;
        offset += sizeof head + head.length;
    }
    return (ssize_t)offset;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: evp-loop FILE\n");
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    static uint8_t input[CHUNK];
    size_t length = 0;
    size_t added;
    double seconds = 0;
    int is_good = fread(&suite, sizeof suite, 1, file) == 1;
    cipher = EVP_CIPHER_fetch(NULL, suite == CHACHA20 ? "ChaCha20-Poly1305" : "AES-128-GCM", NULL);
    while (is_good && (added = fread(input + length, 1, CHUNK - length, file)) > 0) {
        length += added;
        const double start = processor_seconds();
        const ssize_t taken = take(input, length);
        seconds += processor_seconds() - start;
        is_good = taken > 0;
        if (!is_good) break;
        length -= (size_t)taken;
        memmove(input, input + taken, length);
    }
    if (!is_good || length > 0) {
        fprintf(stderr, "evp-loop: %s is not what make-capture writes, or a record does not open\n", argv[1]);
        return 1;
    }
    fclose(file);
    printf("%" PRIu64 " records, %" PRIu64 " bytes, %.6f seconds\n", records, bytes, seconds);
    return 0;
}
