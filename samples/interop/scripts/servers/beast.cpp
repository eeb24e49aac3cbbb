// Boost.Beast, a server of one thread that blocks.
#include <cstdio>
#include <map>
#include <regex>
#include <sstream>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/version.hpp>

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = boost::asio::ip::tcp;

static websocket::permessage_deflate wishes(const std::string &parameters)
{
	std::map<std::string, int> found;
	std::stringstream words(parameters);
	for (std::string word; std::getline(words, word, ',');) {
		auto equals = word.find('=');
		found[word.substr(0, equals)] = equals == std::string::npos ? 1 : std::stoi(word.substr(equals + 1));
	}
	websocket::permessage_deflate options;
	options.server_enable = found.count("deflate");
	options.server_no_context_takeover = found.count("server_no_context_takeover");
	options.client_no_context_takeover = found.count("client_no_context_takeover");
	if (found.count("server_max_window_bits"))
		options.server_max_window_bits = found["server_max_window_bits"];
	if (found.count("client_max_window_bits"))
		options.client_max_window_bits = found["client_max_window_bits"];
	return options;
}

static void echo(tcp::socket socket, const std::string &parameters)
{
	websocket::stream<tcp::socket> connection(std::move(socket));
	connection.set_option(wishes(parameters));
	connection.accept();
	for (;;) {
		beast::flat_buffer buffer;
		beast::error_code error;
		connection.read(buffer, error);
		if (error) {
			std::printf("closed %d\n", connection.reason().code);
			std::fflush(stdout);
			return;
		}
		std::string payload = beast::buffers_to_string(buffer.data());
		std::printf(connection.got_text() ? "text " : "binary ");
		for (unsigned char byte : payload)
			std::printf("%02x", byte);
		std::printf("\n");
		std::fflush(stdout);
		std::smatch found;
		static const std::regex bye("bye (\\d+) (.*)");
		if (std::regex_match(payload, found, bye)) {
			websocket::close_reason reason(static_cast<websocket::close_code>(std::stoi(found[1])));
			reason.reason = std::string(found[2]);
			connection.close(reason, error);
			return;
		}
		connection.text(connection.got_text());
		connection.write(boost::asio::buffer(payload));
	}
}

int main(int, char **arguments)
{
	std::printf("version Boost.Beast %s\n", BOOST_LIB_VERSION);
	std::fflush(stdout);
	boost::asio::io_context context;
	tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::atoi(arguments[1]))});
	for (;;)
		echo(acceptor.accept(), arguments[2]);
}
