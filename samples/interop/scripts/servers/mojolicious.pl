# Mojolicious, its server.
use strict;
use warnings;
use Mojolicious::Lite -signatures;
use Mojo::Server::Daemon;
use Peer;

my ($port) = @ARGV;
my %wishes = Peer::parameters();
Peer::say_version("Mojolicious", Mojolicious->VERSION);
app->log->level("error");
websocket "/" => sub ($c) {
    $c->tx->with_compression if $wishes{deflate};
    my $answer = sub ($kind, $payload) {
        Peer::got($kind, $payload);
        if (my @end = Peer::parting($payload)) { $c->tx->finish(@end) }
        else { $c->send({$kind => $payload}) }
    };
    $c->on(text   => sub ($c, $bytes) { $answer->("text", $bytes) });
    $c->on(binary => sub ($c, $bytes) { $answer->("binary", $bytes) });
    $c->on(finish => sub ($c, $code, $reason) { Peer::closed($code) });
};
Mojo::Server::Daemon->new(app => app, listen => ["http://127.0.0.1:$port"], silent => 1)->run;
