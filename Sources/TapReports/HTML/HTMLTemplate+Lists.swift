extension HTMLTemplate {
    /// A list of which only the rows in sight are there, whatever its length; with keys to move in it.
    static let lists = #"""
        class Grid {
          // columns: [title, class, cell of an item, what to sort by]; choose is told of the item that was chosen.
          constructor(node, title, mostRows, columns, choose) {
            this.node = node;
            this.mostRows = mostRows;
            this.columns = columns;
            this.choose = choose;
            this.rowHeight = 28;
            this.items = [];
            this.chosen = -1;
            this.rows = new Map();
            this.body = element("div", { class: "body", role: "rowgroup" });
            this.sorted = { column: -1, sign: 1 };
            this.names = columns.map(([name, style, , key], column) => element("div", { role: "columnheader", class: style },
              key ? element("button", { type: "button", class: "sort", onclick: () => this.sortBy(column) }, name) : name));
            fill(node, { role: "grid", tabindex: 0, "aria-label": title, "aria-colcount": columns.length }, [
              element("div", { class: "head", role: "rowgroup" },
                element("div", { role: "row", "aria-rowindex": 1 }, ...this.names)),
              this.body,
            ]);
            node.addEventListener("scroll", () => this.draw(), { passive: true });
            node.addEventListener("keydown", event => this.press(event));
            new ResizeObserver(() => this.draw()).observe(node);
          }

          // A second time: the other way round. What has no value stands at the end.
          sortBy(column) {
            this.names[this.sorted.column]?.removeAttribute("aria-sort");
            this.sorted = { column, sign: this.sorted.column === column ? -this.sorted.sign : 1 };
            this.names[column].setAttribute("aria-sort", this.sorted.sign > 0 ? "ascending" : "descending");
            const chosen = this.items[this.chosen];
            this.show(this.items);
            if (chosen) this.select(this.items.indexOf(chosen), false);
            // Whoever sorts wants to see what stands at the top.
            this.node.scrollTop = 0;
          }

          ordered(items) {
            const key = this.columns[this.sorted.column]?.[3];
            if (!key) return items;
            const { sign } = this.sorted;
            return items.map(item => [key(item), item]).sort(([one], [other]) =>
              one === undefined || other === undefined ? (one === undefined) - (other === undefined)
              : sign * (typeof one === "string" ? one.localeCompare(other) : one - other)).map(([, item]) => item);
          }

          show(items) {
            this.items = this.ordered(items);
            this.chosen = -1;
            this.node.removeAttribute("aria-activedescendant");
            this.node.setAttribute("aria-rowcount", items.length + 1);
            this.body.style.height = items.length * this.rowHeight + "px";
            this.node.style.height = (Math.min(Math.max(items.length, 1), this.mostRows) + 1.6) * this.rowHeight + "px";
            this.node.scrollTop = 0;
            this.redraw();
          }

          redraw() {
            this.rows.clear();
            this.body.replaceChildren();
            this.draw();
          }

          draw() {
            const top = this.node.scrollTop;
            const first = Math.max(0, Math.floor(top / this.rowHeight) - 8);
            const end = Math.min(this.items.length, Math.ceil((top + this.node.clientHeight) / this.rowHeight) + 8);
            for (const [index, row] of this.rows) {
              if (index >= first && index < end || index === this.chosen) continue;
              row.remove();
              this.rows.delete(index);
            }
            for (let index = first; index < end; index++) this.row(index);
          }

          row(index) {
            if (this.rows.has(index)) return this.rows.get(index);
            const item = this.items[index];
            const cells = this.columns.map(([, style, cell]) =>
              element("div", { role: "gridcell", class: style }, cell(item)));
            const row = element("div", {
              role: "row", id: this.node.id + "-" + index, "aria-rowindex": index + 2,
              "aria-selected": index === this.chosen ? "true" : "false", onclick: () => this.select(index),
            }, ...cells);
            row.style.transform = "translateY(" + index * this.rowHeight + "px)";
            this.rows.set(index, row);
            this.body.append(row);
            return row;
          }

          select(index, isTold = true) {
            if (index < 0 || index >= this.items.length) return;
            this.rows.get(this.chosen)?.setAttribute("aria-selected", "false");
            this.chosen = index;
            const place = index * this.rowHeight;
            const room = this.node.clientHeight - this.rowHeight - 2;
            if (place < this.node.scrollTop) this.node.scrollTop = place;
            else if (place + this.rowHeight > this.node.scrollTop + room) {
              this.node.scrollTop = place + this.rowHeight - room;
            }
            this.row(index).setAttribute("aria-selected", "true");
            this.node.setAttribute("aria-activedescendant", this.node.id + "-" + index);
            if (isTold) this.choose(this.items[index]);
          }

          press(event) {
            if (event.target !== this.node) return;
            const page = Math.max(1, Math.floor(this.node.clientHeight / this.rowHeight) - 2);
            const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
            let target;
            if (event.key in steps) target = this.chosen + steps[event.key];
            else if (event.key === "Home") target = 0;
            else if (event.key === "End") target = this.items.length - 1;
            else return;
            event.preventDefault();
            this.select(Math.min(Math.max(target, 0), this.items.length - 1));
          }
        }

        // Text with what was searched for marked in it.
        const marked = (text, wanted, pattern) => {
          const node = document.createDocumentFragment();
          if (pattern) {
            let end = 0;
            // Where the last test ended is of no account.
            pattern.lastIndex = 0;
            for (const found of text.matchAll(pattern)) {
              if (!found[0]) continue;
              node.append(text.slice(end, found.index), element("mark", {}, found[0]));
              end = found.index + found[0].length;
            }
            node.append(text.slice(end));
            return node;
          }
          const lower = text.toLowerCase();
          let start = 0;
          // Lower case may be longer than what it is of; then nothing can be marked.
          if (wanted && lower.length === text.length) {
            for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, start)) {
              node.append(text.slice(start, at), element("mark", {}, text.slice(at, at + wanted.length)));
              start = at + wanted.length;
            }
          }
          node.append(text.slice(start));
          return node;
        };
        """#
}
