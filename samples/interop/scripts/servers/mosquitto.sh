# Mosquitto, an MQTT broker, on libwebsockets. It tells nothing of what it receives.
directory=$(mktemp -d)
# This version does not start with WebSocket alone, so it also listens for plain MQTT, which nobody uses.
cat > "$directory/mosquitto.conf" <<END
allow_anonymous true
user root
listener 1883 127.0.0.1
listener $1
protocol websockets
END
echo version "Mosquitto $(dpkg-query --show --showformat='${Version}' mosquitto)"
trap 'kill $!; rm -r "$directory"' EXIT TERM
mosquitto -c "$directory/mosquitto.conf" >&2 &
wait
