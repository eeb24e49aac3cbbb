# AnyEvent::WebSocket::Client, on Protocol::WebSocket; it knows no compression.
use strict;
use warnings;
use feature "signatures";
use AnyEvent;
use AnyEvent::WebSocket::Client;
use AnyEvent::WebSocket::Message;
use Encode qw(decode_utf8);
use Peer;

Peer::say_version("AnyEvent::WebSocket::Client", AnyEvent::WebSocket::Client->VERSION);
my %opcodes = (text => 1, binary => 2, ping => 9);
my $ended = AE::cv;
my $connection = AnyEvent::WebSocket::Client->new->connect($ARGV[0])->recv;
my $send = sub ($kind, $bytes) {
    $connection->send(AnyEvent::WebSocket::Message->new(body => $bytes, opcode => $opcodes{$kind}));
};
my ($start, $answer) = Peer::talk(
    send  => $send,
    ping  => sub ($bytes) { $send->("ping", $bytes) },
    close => sub ($code, $reason) { $connection->close($code, decode_utf8($reason)) },
);
$connection->on(each_message => sub ($connection, $message, @) {
    $answer->($message->is_text ? "text" : "binary", $message->body);
});
$connection->on(finish => sub ($connection, @) { Peer::closed($connection->close_code) if $connection->close_code; $ended->send });
$start->();
$ended->recv;
