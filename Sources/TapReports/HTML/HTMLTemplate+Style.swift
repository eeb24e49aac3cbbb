extension HTMLTemplate {
    /// The style sheet of a report. Each colour on its ground has a contrast of 4.5 or more (WCAG 2.1, AA), light and dark.
    static let style = #"""
        :root {
          color-scheme: light dark;
          --ground: #f4f6f9; --card: #ffffff; --line: #d5dbe4; --text: #18202c; --faint: #545f70; --hover: #eef3fa;
          --chosen: #dfeafb; --client: #1c5fc4; --server: #9c4a07; --good: #17693a; --error: #b0241c;
          --warning: #7d5200; --note: #0a6270; --mark: #ffe58a; --on-mark: #18202c;
          --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0e131a; --card: #161d27; --line: #2c3747; --text: #e6ebf2; --faint: #9dabbd; --hover: #1d2733;
            --chosen: #21334d; --client: #82b7ff; --server: #ffb574; --good: #71d292; --error: #ff9088;
            --warning: #f0c052; --note: #70d2df; --mark: #6a5500; --on-mark: #fff6d8;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
        main, header > div { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem; }
        main { display: grid; gap: 1.25rem; padding-bottom: 3rem; }
        header { padding: 1.75rem 0 1.25rem; }
        h1 { font-size: 1.5rem; margin: 0; letter-spacing: -0.01em; }
        h2 { font-size: 1.05rem; margin: 0 0 0.75rem; }
        h3 { font-size: 0.9rem; margin: 1rem 0 0.35rem; color: var(--faint); font-weight: 600; }
        p { margin: 0 0 0.5rem; }
        a { color: var(--client); }
        .faint { color: var(--faint); }
        code { font-family: var(--mono); font-size: 0.9em; }
        .mono, pre { font-family: var(--mono); font-size: 0.85rem; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem; z-index: 2; }
        section.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
          padding: 1rem 1.25rem 1.25rem; min-width: 0; }
        :focus-visible { outline: 2px solid var(--client); outline-offset: 2px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 0.75rem;
          margin: 1.25rem 0 0; }
        .tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
          padding: 0.6rem 0.9rem; }
        .tiles dt { color: var(--faint); font-size: 0.8rem; }
        .tiles dd { margin: 0; font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tiles dd small { font-size: 0.8rem; font-weight: 400; color: var(--faint); display: block; line-height: 1.3; }
        .tiles ~ * { margin: 0.75rem 0 0; }
        .good { color: var(--good); } .error { color: var(--error); } .warning { color: var(--warning); }
        .note { color: var(--note); } .client { color: var(--client); } .server { color: var(--server); }
        .partial, .open { color: var(--note); }
        svg { display: block; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--faint); }
        svg .label { font: 12px var(--mono); fill: var(--text); }
        svg .faint { fill: var(--faint); }
        svg rect.client { fill: var(--client); } svg rect.server { fill: var(--server); }
        svg .axis { stroke: var(--line); } svg .life { stroke: var(--line); stroke-width: 2; }
        svg path.error { fill: var(--error); } svg path.warning { fill: var(--warning); }
        svg path.note { fill: var(--note); }
        svg .dot, svg .work { fill: var(--note); } svg .dot { cursor: pointer; opacity: 0.8; }
        svg .dot.client, svg .work.client { fill: var(--client); } svg .dot.server, svg .work.server { fill: var(--server); }
        svg .dot.error, svg .work.error { fill: var(--error); } svg .work { opacity: 0.45; } svg .work.chosen { opacity: 1; }
        svg .arrow.client { stroke: var(--client); fill: none; } svg .arrow.server { stroke: var(--server); fill: none; }
        svg .head.client { fill: var(--client); } svg .head.server { fill: var(--server); }
        svg .arrow.control { stroke-dasharray: 4 3; }
        svg .label.error, svg .label.warning, svg .label.note { fill: currentColor; }
        svg text.error, svg text.warning, svg text.note { font-weight: 600; fill: currentColor; }
        svg .range { fill: var(--chosen); }
        svg .row { cursor: pointer; } svg .ground { fill: transparent; }
        svg .row:hover .ground { fill: var(--hover); } svg .row.chosen .ground { fill: var(--chosen); }
        .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; font-size: 0.85rem; color: var(--faint);
          margin-top: 0.5rem; }
        .legend b { font-weight: 600; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.25rem; }
        .columns > * { min-width: 0; }
        @media (max-width: 62rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
        .grid { overflow: auto; border: 1px solid var(--line); border-radius: 8px; position: relative;
          font-size: 0.85rem; contain: strict; }
        .grid .head { position: sticky; top: 0; background: var(--card); z-index: 1;
          border-bottom: 1px solid var(--line); }
        .grid .body { position: relative; }
        .grid [role=row] { display: grid; align-items: center; gap: 0.75rem; padding: 0 0.75rem; height: 28px; }
        .grid .body [role=row] { position: absolute; left: 0; right: 0; cursor: pointer; }
        .grid .body [role=row]:hover { background: var(--hover); }
        .grid .body [role=row][aria-selected=true] { background: var(--chosen); }
        .grid [role=columnheader] { color: var(--faint); font: 600 0.8rem system-ui, sans-serif; }
        .grid [role=gridcell], .grid [role=columnheader] { overflow: hidden; text-overflow: ellipsis;
          white-space: nowrap; unicode-bidi: isolate; }
        .grid .number { text-align: right; font-variant-numeric: tabular-nums; }
        #connections [role=row] { grid-template-columns: 3rem 6.5rem 3rem minmax(9rem, 1fr) 9.5rem 5rem 5.5rem 4.75rem
          5.25rem minmax(9rem, 1.4fr); }
        #connections .short { display: none; }
        /* What one can do without makes room, so that the end of a row is never out of sight. */
        @media (max-width: 84.99rem) {
          #connections .long { display: none; } #connections .short { display: inline; }
          #connections [role=row] { grid-template-columns: 3rem 6.5rem 3rem minmax(9rem, 1fr) 9.5rem 5rem 5.5rem 4.75rem
            5.25rem 9rem; }
        }
        @media (max-width: 73.99rem) {
          #connections .spare4 { display: none; }
          #connections [role=row] { grid-template-columns: 3rem 6.5rem 3rem minmax(9rem, 1fr) 5.5rem 4.75rem 5.25rem 9rem; }
        }
        @media (max-width: 59.99rem) {
          #connections .spare3 { display: none; }
          #connections [role=row] { grid-template-columns: 2.5rem 6.5rem 2.75rem minmax(6rem, 1fr) 4.75rem 4.5rem 8rem; }
        }
        @media (max-width: 47.99rem) {
          #connections .spare2 { display: none; }
          #connections [role=row] { grid-template-columns: 2.5rem 6.5rem 2.75rem minmax(6rem, 1fr) 8rem; }
        }
        @media (max-width: 35.99rem) {
          #connections .spare1 { display: none; }
          #connections [role=row] { grid-template-columns: 2rem 1rem minmax(6rem, 1fr) 7rem; }
          #connections [role=columnheader]:nth-child(2) { visibility: hidden; }
        }
        button.sort { border: 0; background: none; padding: 0; min-height: 0; color: inherit; font: inherit; }
        [aria-sort=ascending] button::after { content: " ▲"; } [aria-sort=descending] button::after { content: " ▼"; }
        #frames-grid [role=row] { grid-template-columns: 7.5rem 3.5rem 5rem 6rem 5.5rem 7rem minmax(12rem, 1fr) 1.5rem;
          min-width: 52rem; }
        @media (max-width: 59.99rem) {
          .tiles { grid-template-columns: repeat(4, minmax(0, 1fr)); }
          #frames-grid .spare3 { display: none; }
          #frames-grid [role=row] { grid-template-columns: 6.5rem 3rem 4.75rem 5.5rem 4rem minmax(8rem, 1fr) 1rem; min-width: 0; }
        }
        @media (max-width: 47.99rem) {
          #frames-grid .spare2 { display: none; }
          #frames-grid [role=row] { grid-template-columns: 5.5rem 2.5rem 4.75rem 4.5rem minmax(6rem, 1fr) 1rem; }
        }
        @media (max-width: 35.99rem) {
          #frames-grid .spare1 { display: none; }
          #frames-grid [role=row] { grid-template-columns: 4.75rem 2.75rem 1rem 3rem minmax(5rem, 1fr) 1rem; gap: 0.5rem; }
          #frames-grid [role=columnheader]:nth-child(3) { visibility: hidden; }
          .tiles { gap: 0.5rem; } .tiles > div { padding: 0.5rem 0.6rem; }
        }
        @media (max-width: 27.99rem) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
        mark { background: var(--mark); color: var(--on-mark); border-radius: 2px; }
        .filters { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; margin: 0 0 0.75rem; }
        .filters label { display: grid; font-size: 0.8rem; color: var(--faint); gap: 0.15rem; }
        .filters label.check { grid-auto-flow: column; align-items: center; gap: 0.4rem; padding-bottom: 0.4rem; }
        .filters .wide { flex: 1 1 16rem; }
        input, select, button { font: inherit; font-size: 0.9rem; color: var(--text); background: var(--ground);
          border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.55rem; min-height: 2rem; }
        input[type=checkbox] { min-height: 0; }
        input[type=number] { width: 8.5rem; } #by-connection { width: 5.5rem; }
        p:has(> kbd) { margin: 0.6rem 0 0; font-size: 0.85rem; }
        button { cursor: pointer; } button:hover { background: var(--hover); }
        button.place { border: 0; background: none; padding: 0.1rem 0; color: var(--client); text-align: left;
          text-decoration: underline; min-height: 0; }
        pre { margin: 0.35rem 0; padding: 0.75rem; background: var(--ground); border-radius: 6px; overflow: auto;
          max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
        pre.bytes { white-space: pre; }
        details { border-top: 1px solid var(--line); padding: 0.5rem 0; }
        details:first-of-type { border-top: 0; }
        summary { cursor: pointer; }
        summary .count { font-variant-numeric: tabular-nums; font-weight: 600; }
        details > div { padding: 0.35rem 0 0.35rem 1.1rem; max-width: 60rem; }
        ul.plain { list-style: none; margin: 0.25rem 0 0; padding: 0; }
        .rules { display: flex; flex-wrap: wrap; gap: 0.15rem 0.9rem; list-style: none; margin: 0 0 0.35rem; padding: 0;
          font-size: 0.85rem; }
        .diagram { display: grid; grid-template-rows: minmax(26rem, 1fr) auto; }
        #sequence { overflow: auto; position: relative; border: 1px solid var(--line);
          border-radius: 8px; contain: strict; }
        #sequence .view { position: sticky; top: 0; left: 0; }
        #detail:empty { display: none; }
        #detail { border-top: 1px solid var(--line); margin-top: 0.9rem; padding-top: 0.5rem; }
        dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.1rem 1rem; margin: 0;
          font-size: 0.9rem; }
        dl.facts dt { color: var(--faint); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        kbd { font-family: var(--mono); font-size: 0.8rem; border: 1px solid var(--line); border-radius: 4px;
          padding: 0 0.3rem; }
        @media print { .grid, #sequence, form.filters { display: none; } }
        """#
}
