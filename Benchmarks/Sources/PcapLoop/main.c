// Reads a capture with libpcap and does nothing but count: the floor for any reader built on libpcap.

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: pcap-loop FILE\n");
        return 2;
    }

    char error[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(argv[1], error);
    if (capture == NULL) {
        fprintf(stderr, "pcap-loop: %s\n", error);
        return 1;
    }

    uint64_t packets = 0;
    uint64_t bytes = 0;
    struct pcap_pkthdr *header;
    const u_char *data;
    int status;
    while ((status = pcap_next_ex(capture, &header, &data)) == 1) {
        packets += 1;
        bytes += header->caplen;
    }
    if (status == PCAP_ERROR) {
        fprintf(stderr, "pcap-loop: %s\n", pcap_geterr(capture));
        pcap_close(capture);
        return 1;
    }

    pcap_close(capture);
    printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", packets, bytes);
    return 0;
}
