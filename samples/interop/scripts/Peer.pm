# What the peers in Perl share: peer.py says what it is about. Payloads are bytes.
package Peer;
use strict;
use warnings;

$| = 1;

sub say_version { print join(" ", "version", @_), "\n" }
sub parameters { map { my ($name, $value) = split /=/; ($name => $value // 1) } split /,/, $ARGV[1] // "" }
sub got { my ($kind, $payload) = @_; print "$kind ", unpack("H*", $payload), "\n" }
sub closed { print "closed $_[0]\n" }
sub parting { $_[0] =~ /^bye (\d+) (.*)$/s ? ($1, $2) : () }

# Takes the steps from the input; `wait` is over when the last answer has come. Returns what to call for each message.
sub talk {
    my (%peer) = @_;
    chomp(my @lines = <STDIN>);
    my $unanswered = 0;
    my $go_on = sub {
        while (@lines) {
            my ($name, @words) = split / /, $lines[0];
            return if $name eq "wait" && $unanswered > 0;
            shift @lines;
            my $first = pack("H*", $words[0] // "");
            if    ($name eq "text" || $name eq "binary") { $peer{send}->($name, $first); $unanswered++ }
            elsif ($name eq "ping")  { $peer{ping}->($first) }
            elsif ($name eq "close") { $peer{close}->($words[0], pack("H*", $words[1])) }
            elsif ($name eq "fragments") {
                my $kind = shift @words;
                $peer{fragments}->($kind, map { pack("H*", $_) } @words);
                $unanswered++;
            }
        }
    };
    return ($go_on, sub { got(@_); $unanswered--; $go_on->() });
}

1;
