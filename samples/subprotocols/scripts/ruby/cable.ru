# A server of Action Cable with two channels, one of which takes nobody.
require "action_cable"
require "logger"

module ApplicationCable
  class Connection < ActionCable::Connection::Base
  end
end

class TideChannel < ActionCable::Channel::Base
  def subscribed
    stream_from "tide"
  end

  def measure(data)
    transmit({ metres: data["metres"] })
  end
end

class VaultChannel < ActionCable::Channel::Base
  def subscribed
    reject
  end
end

ActionCable.server.config.tap do |config|
  config.logger = Logger.new(nil)
  config.cable = { "adapter" => "async" }
  config.connection_class = -> { ApplicationCable::Connection }
  config.disable_request_forgery_protection = true
end
run ActionCable.server
