// libwebsockets, a server: it echoes message by message.
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WAITING 64

struct message {
	unsigned char *payload; // with LWS_PRE bytes in front
	size_t length;
	int is_binary;
};

// One client at a time: what it has said and has not been answered.
static struct message waiting[MOST_WAITING], incoming;
static int first, last, closing_code;
static char closing_reason[124];

static void print(const struct message *message)
{
	printf(message->is_binary ? "binary " : "text ");
	for (size_t i = 0; i < message->length; i++)
		printf("%02x", message->payload[LWS_PRE + i]);
	printf("\n");
	fflush(stdout);
}

static void receive(struct lws *wsi, void *data, size_t length)
{
	if (lws_is_first_fragment(wsi)) {
		memset(&incoming, 0, sizeof incoming);
		incoming.is_binary = lws_frame_is_binary(wsi);
	}
	incoming.payload = realloc(incoming.payload, LWS_PRE + incoming.length + length + 1);
	memcpy(incoming.payload + LWS_PRE + incoming.length, data, length);
	incoming.length += length;
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
		return;
	incoming.payload[LWS_PRE + incoming.length] = 0;
	print(&incoming);
	if (sscanf((char *)incoming.payload + LWS_PRE, "bye %d %123[^\n]", &closing_code, closing_reason) != 2)
		waiting[last++ % MOST_WAITING] = incoming;
	lws_callback_on_writable(wsi);
}

static int echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *data, size_t length)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		receive(wsi, data, length);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (first < last) {
			struct message *message = &waiting[first++ % MOST_WAITING];
			lws_write(wsi, message->payload + LWS_PRE, message->length, message->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
			lws_callback_on_writable(wsi);
		} else if (closing_code) {
			lws_close_reason(wsi, closing_code, (unsigned char *)closing_reason, strlen(closing_reason));
			return -1;
		}
		break;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		if (length >= 2)
			printf("closed %d\n", ((unsigned char *)data)[0] << 8 | ((unsigned char *)data)[1]);
		fflush(stdout);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {{"echo", echo, 0, 4096, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
static const struct lws_extension extensions[] = {
	{"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_no_context_takeover; client_max_window_bits"},
	{NULL, NULL, NULL},
};

int main(int count, char **arguments)
{
	struct lws_context_creation_info info = {0};
	printf("version libwebsockets %s\n", lws_get_library_version());
	fflush(stdout);
	lws_set_log_level(LLL_ERR, NULL);
	info.port = atoi(arguments[1]);
	info.iface = "lo";
	info.protocols = protocols;
	info.options = LWS_SERVER_OPTION_DISABLE_IPV6;
	if (count > 2 && strstr(arguments[2], "deflate"))
		info.extensions = extensions;
	struct lws_context *context = lws_create_context(&info);
	while (context && lws_service(context, 0) >= 0)
		;
	return 0;
}
