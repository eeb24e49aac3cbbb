"""dns-over-tcp.pcap: dnsmasq asked by kdig and by dnspython, several questions on each connection.

A message begins with its length in two bytes.
"""

import socket

import dns.message
import dns.query

from other import Other, run, serving

PORT = 53
NAMES = [f"{'n' * length}.harbour.example" for length in (1, 2, 5, 20, 60)]
TEXTS = [f"--txt-record=text{length}.harbour.example,{'x' * length}" for length in range(60, 160, 3)]


def by_dnspython():
    with socket.create_connection(("127.0.0.1", PORT)) as connection:
        for name in [*NAMES, *(f"text{length}.harbour.example" for length in range(60, 160, 3))]:
            for kind in ("TXT", "A"):
                dns.query.tcp(dns.message.make_query(name, kind), "127.0.0.1", sock=connection)


hosts = [f"--host-record={name},192.0.2.{number},2001:db8::{number}" for number, name in enumerate(NAMES, 1)]
with serving(["dnsmasq", "--conf-file=/dev/null", "--no-daemon", "--no-resolv", "--no-hosts", "--listen-address=127.0.0.1",
              "--bind-interfaces", "--user=root", "--pid-file", *hosts, *TEXTS], PORT):
    with Other("dns-over-tcp", ports=[PORT], protocols=["dns"]):
        run("kdig", "@127.0.0.1", "+tcp", "+keepopen", *(word for name in NAMES for word in ("-q", name, "-t", "A", "-q", name, "-t", "AAAA")))
        by_dnspython()
