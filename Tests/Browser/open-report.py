#!/usr/bin/env python3
"""Opens a report in headless Chromium as a person would, and prints what happened as JSON.

usage: open-report.py REPORT.html [--search TEXT] [--width PIXELS] [--axe AXE.MIN.JS] [--pattern EXPRESSION] [--pictures PREFIX]

It needs the Debian packages chromium and python3-websockets, speaks the DevTools protocol, and judges nothing: what it
prints is judged by the tests. With --axe the page is also gone through by axe-core, light and dark.
"""

import argparse
import asyncio
import json
import pathlib
import time

from chromium import chromium, opened

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


async def search(page, wanted):
    """Presses / and types; answers what the page then says and shows."""
    await page.value("document.activeElement.blur()")
    await page.press("/", "/")
    focused = await page.value("document.activeElement.id")
    await page.send("Input.insertText", text=wanted)
    start = time.monotonic()
    await page.until("document.getElementById('shown').textContent.split(' ')[0] !== "
                     "document.getElementById('shown').textContent.split(' ')[2]", 10)
    taken = time.monotonic() - start
    await page.press("Enter", "\r")
    return {
        "focused": focused,
        "seconds": taken,
        "shown": await page.value("document.getElementById('shown').textContent"),
        "rows": await page.value("[...document.querySelectorAll('#frames-grid .body [role=row]')].map(r => r.textContent)"),
        "marked": await page.value("document.querySelector('#frames-grid mark')?.textContent ?? null"),
        "detail": await page.value("document.getElementById('detail').textContent"),
        "active": await page.value("document.activeElement.id"),
    }


async def keys(page):
    """Moves through the frames by keys alone."""
    await page.value("document.getElementById('frames-grid').focus()")
    steps = {}
    for key in ("Home", "ArrowDown", "End"):
        await page.press(key)
        steps[key] = await page.value(
            "document.getElementById(document.getElementById('frames-grid').getAttribute('aria-activedescendant'))"
            "?.getAttribute('aria-rowindex') ?? null")
    await page.press("Escape")
    await page.until("document.getElementById('search').value === ''", 10)
    return steps


async def connections(page, pattern):
    """Sorts and searches connections, chooses one, opens the address that names it, and searches for a pattern."""
    title = "document.getElementById('connection-title').textContent"
    shown = "document.getElementById('shown').textContent"
    rows = "[...document.querySelectorAll('#connections .body [role=row]')].map(r => r.firstChild.textContent)"
    facts = {"sorted": {}}
    for name in ("lasted", "lasted", "#"):
        await page.value(f"[...document.querySelectorAll('#connections .sort')].find(b => b.textContent === '{name}').click()")
        facts["sorted"][name + str(len(facts["sorted"]))] = await page.value(
            f"[document.querySelector('#connections [aria-sort]').getAttribute('aria-sort'), {rows}]")
    await page.value("(i => { i.value = '#nobody'; i.dispatchEvent(new Event('input')) })"
                     "(document.getElementById('search-connections'))")
    facts["none"] = await page.value("document.getElementById('shown-connections').textContent")
    await page.value("(i => { i.value = ''; i.dispatchEvent(new Event('input')) })"
                     "(document.getElementById('search-connections'))")
    await page.value("[...document.querySelectorAll('#connections .body [role=row]')].at(-1).click()")
    facts["chosen"], facts["shown"] = await page.value(title), await page.value(shown)
    facts["hash"] = await page.value("location.hash")
    await page.value("document.getElementById('by-connection').focus()")
    await page.press("/", "/")
    facts["focused"] = await page.value("document.activeElement.id")
    address = await page.value("location.href")
    await page.send("Page.navigate", url="about:blank")
    await page.send("Page.navigate", url=address)
    await page.until("document.documentElement?.dataset.ready")
    facts["opened"], facts["opened_shown"] = await page.value(title), await page.value(shown)
    await page.value("document.getElementById('by-pattern').checked = true")
    await page.value("(i => { i.value = " + json.dumps(pattern) + "; i.dispatchEvent(new Event('input', { bubbles: true })) })"
                     "(document.getElementById('search'))")
    await page.until(f"{shown} !== " + json.dumps(facts["opened_shown"]), 10)
    facts["pattern"] = await page.value(shown)
    facts["marked"] = await page.value("document.querySelector('#frames-grid mark')?.textContent ?? null")
    return facts


async def accessibility(page, axe, scheme):
    await page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    await page.value("document.querySelectorAll('details').forEach(node => node.open = true)")
    await page.value(axe)
    options = json.dumps({"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    result = await page.value(f"axe.run(document, {options}).then(r => ({{passes: r.passes.length, violations: "
                              "r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 5).map(n => "
                              "n.html.slice(0, 200) + ' ' + n.failureSummary)}))}))")
    return result


async def visit(port, arguments):
    facts = {}
    async with opened(port, "about:blank") as page:
        for domain in ("Page", "Runtime", "Log", "Network"):
            await page.send(f"{domain}.enable")
        await page.send("Emulation.setDeviceMetricsOverride", width=arguments.width, height=1000, deviceScaleFactor=1, mobile=False)
        await page.send("Page.navigate", url=pathlib.Path(arguments.report).resolve().as_uri())
        facts["ready_milliseconds"] = int(await page.until("document.documentElement?.dataset.ready"))
        facts["title"] = await page.value("document.title")
        facts["shown"] = await page.value("document.getElementById('shown').textContent")
        facts["connection"] = await page.value("document.getElementById('connection-title').textContent")
        facts["text"] = await page.value("document.body.innerText")
        facts["rows"] = await page.value(
            "[...document.querySelectorAll('#connections .body [role=row]')].map(r => r.innerText)")
        facts["is_wider"] = await page.value("document.documentElement.scrollWidth > innerWidth")
        facts["nodes"] = await page.value("document.getElementsByTagName('*').length")
        facts["scripts"] = await page.value("document.scripts.length")
        facts["marker"] = await page.value("typeof window.hostile")
        if arguments.pictures:
            for scheme in ("light", "dark"):
                feature = {"name": "prefers-color-scheme", "value": scheme}
                await page.send("Emulation.setEmulatedMedia", features=[feature])
                await asyncio.sleep(0.2)
                await page.picture(f"{arguments.pictures}-{scheme}.png")
        if arguments.search:
            facts["search"] = await search(page, arguments.search)
            if arguments.pictures:
                await page.picture(f"{arguments.pictures}-search.png")
            facts["keys"] = await keys(page)
        if arguments.pattern:
            facts["connections"] = await connections(page, arguments.pattern)
        facts["errors"], facts["requests"] = page.errors[:], page.requests[:]
        if arguments.axe:
            axe = pathlib.Path(arguments.axe).read_text()
            facts["axe"] = {scheme: await accessibility(page, axe, scheme) for scheme in ("light", "dark")}
    return facts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--search")
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--axe")
    parser.add_argument("--pattern")
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    with chromium() as port:
        print(json.dumps(asyncio.run(visit(port, arguments))))


main()
