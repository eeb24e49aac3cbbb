#!/usr/bin/env python3
"""Scrapes metrics in both forms with the parsers of prometheus_client, and prints the values of all samples.

usage: metrics.py URL
"""

import json
import sys
import urllib.request

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

# What Prometheus 2 asks for, and what somebody asks for who knows of nothing.
PROMETHEUS = ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
              "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")


def scrape(url, accept, kind):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept} if accept else {})) as response:
        if response.headers["Content-Type"] != kind:
            sys.exit(f"metrics.py: {response.headers['Content-Type']}")
        return response.read().decode()


def values(families):
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in families for sample in family.samples}


def main(url):
    text = scrape(url, None, "text/plain; version=0.0.4; charset=utf-8")
    modern = scrape(url, PROMETHEUS, "application/openmetrics-text; version=1.0.0; charset=utf-8")
    old = values(parser.text_string_to_metric_families(text))
    new = values(openmetrics.text_string_to_metric_families(modern))
    if old.keys() != new.keys():
        sys.exit(f"metrics.py: {old.keys() ^ new.keys()}")
    print(json.dumps(new))


main(sys.argv[1])
