"""Says what `make` must know: without names, those of all pairs; with names, the Debian packages of these."""

import sys

from pairs import PAIRS

COMMON = "tcpdump tshark iproute2 python3-venv"
# By the names of clients, servers and proxies; those in Python mostly come from PyPI.
PACKAGES = {
    "ws": "nodejs node-ws",
    "faye_js": "nodejs node-faye-websocket",
    "gorilla": "golang-go golang-github-gorilla-websocket-dev",
    "nhooyr": "golang-go golang-nhooyr-websocket-dev",
    "xnet": "golang-go golang-golang-x-net-dev",
    "mojolicious": "libmojolicious-perl",
    "anyevent": "libanyevent-websocket-client-perl",
    "faye": "ruby ruby-faye-websocket ruby-websocket-driver",
    "websocket_driver": "ruby ruby-websocket-driver",
    "em_websocket": "ruby ruby-em-websocket",
    "libwebsockets": "gcc libc6-dev libwebsockets-dev",
    "websocketpp": "g++ libwebsocketpp-dev libboost-dev libboost-system-dev zlib1g-dev",
    "beast": "g++ libboost-dev libboost-system-dev",
    "soup": "python3-gi gir1.2-soup-3.0",
    "qt": "python3-pyqt5 python3-pyqt5.qtwebsockets",
    "mosquitto": "mosquitto",
    "chromium": "chromium",
    "firefox": "firefox-esr",
    "nginx": "nginx-light",
    "haproxy": "haproxy",
    "apache": "apache2",
    "lighttpd": "lighttpd",
    "caddy": "caddy",
}

names = sys.argv[1:]
if unknown := [name for name in names if name not in PAIRS]:
    sys.exit(f"There is no pair {', '.join(unknown)}. There are: {' '.join(PAIRS)}")
if names:
    rounds = [round for name in names for round in PAIRS[name]]
    programs = {program for round in rounds for program in (round.client, round.server, round.via)}
    packages = {package for program in programs for package in PACKAGES.get(program, "").split()}
    print(*sorted(packages | set(COMMON.split())))
else:
    print(*PAIRS)
