// WebSocket++ on Boost.Asio, a server.
#include <cstdio>
#include <regex>

#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/server.hpp>

// The library compresses only if its configuration says so.
struct deflating : websocketpp::config::asio {
	struct permessage_deflate_config {};
	typedef websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config> permessage_deflate_type;
};

template <typename configuration> void serve(int port)
{
	websocketpp::server<configuration> server;
	server.clear_access_channels(websocketpp::log::alevel::all);
	server.set_message_handler([&](auto connection, auto message) {
		bool is_text = message->get_opcode() == websocketpp::frame::opcode::text;
		const std::string &payload = message->get_payload();
		std::printf(is_text ? "text " : "binary ");
		for (unsigned char byte : payload)
			std::printf("%02x", byte);
		std::printf("\n");
		std::fflush(stdout);
		std::smatch found;
		static const std::regex bye("bye (\\d+) (.*)");
		if (std::regex_match(payload, found, bye))
			server.close(connection, std::stoi(found[1]), found[2]);
		else
			server.send(connection, payload, message->get_opcode());
	});
	server.set_close_handler([&](auto connection) {
		std::printf("closed %d\n", server.get_con_from_hdl(connection)->get_remote_close_code());
		std::fflush(stdout);
	});
	server.init_asio();
	server.set_reuse_addr(true);
	server.listen("127.0.0.1", std::to_string(port));
	server.start_accept();
	server.run();
}

int main(int count, char **arguments)
{
	std::printf("version WebSocket++ %d.%d.%d\n", websocketpp::major_version, websocketpp::minor_version, websocketpp::patch_version);
	std::fflush(stdout);
	if (count > 2 && std::string(arguments[2]).find("deflate") != std::string::npos)
		serve<deflating>(std::atoi(arguments[1]));
	else
		serve<websocketpp::config::asio>(std::atoi(arguments[1]));
}
