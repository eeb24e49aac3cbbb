# Mojolicious, its client.
use strict;
use warnings;
use feature "signatures";
use Mojo::IOLoop;
use Mojo::UserAgent;
use Mojo::WebSocket qw(WS_BINARY WS_CONTINUATION WS_PING WS_TEXT);
use Mojolicious;
use Peer;

my ($url) = @ARGV;
my %wishes = Peer::parameters();
Peer::say_version("Mojolicious", Mojolicious->VERSION);
my %headers = $wishes{deflate} ? ("Sec-WebSocket-Extensions" => "permessage-deflate") : ();
my $agent = Mojo::UserAgent->new;
$agent->websocket($url => \%headers => sub ($agent, $tx) {
    die "no upgrade" unless $tx->is_websocket;
    my ($start, $answer) = Peer::talk(
        send      => sub ($kind, $bytes) { $tx->send({$kind => $bytes}) },
        ping      => sub ($bytes) { $tx->send([1, 0, 0, 0, WS_PING, $bytes]) },
        close     => sub ($code, $reason) { $tx->finish($code, $reason) },
        fragments => sub ($kind, @parts) {
            my $opcode = $kind eq "text" ? WS_TEXT : WS_BINARY;
            for my $number (0 .. $#parts) {
                $tx->send([$number == $#parts, 0, 0, 0, $number ? WS_CONTINUATION : $opcode, $parts[$number]]);
            }
        },
    );
    $tx->on(text   => sub ($tx, $bytes) { $answer->("text", $bytes) });
    $tx->on(binary => sub ($tx, $bytes) { $answer->("binary", $bytes) });
    $tx->on(finish => sub ($tx, $code, $reason) { Peer::closed($code); Mojo::IOLoop->timer(0.3 => sub { Mojo::IOLoop->stop }) });
    $start->();
});
Mojo::IOLoop->start;
