# What the peers in Ruby share: peer.py says what it is about. A text is a string in UTF-8, a binary one in no encoding.
require "fiber"

$stdout.sync = true

module Peer
  module_function

  def version(name)
    puts "version #{name} #{Gem.loaded_specs[name]&.version || Gem::Specification.find_by_name(name).version}"
  end

  def parameters
    (ARGV[1] || "").split(",").to_h { |word| name, value = word.split("="); [name, value ? value.to_i : true] }
  end

  def got(kind, payload)
    puts "#{kind} #{payload.b.unpack1("H*")}"
  end

  def closed(code)
    puts "closed #{code}" if code
  end

  def parting(payload)
    found = /\Abye (\d+) (.*)\z/m.match(payload.b)
    found && [found[1].to_i, found[2].force_encoding("UTF-8")]
  end

  # Takes the steps from the input; `wait` is over when the last answer has come.
  class Talk
    def initialize(peer)
      @peer, @unanswered, @lines = peer, 0, $stdin.readlines(chomp: true)
    end

    def go_on
      until @lines.empty?
        name, *words = @lines[0].split(" ")
        return if name == "wait" && @unanswered > 0
        @lines.shift
        first = [words[0] || ""].pack("H*")
        case name
        when "text", "binary"
          @unanswered += 1
          @peer.say(name, name == "text" ? first.force_encoding("UTF-8") : first)
        when "ping" then @peer.ping(first)
        when "close" then @peer.leave(words[0].to_i, [words[1]].pack("H*").force_encoding("UTF-8"))
        end
      end
    end

    def answer(kind, payload)
      Peer.got(kind, payload)
      @unanswered -= 1
      go_on
    end
  end
end
