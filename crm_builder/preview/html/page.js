// The page's few movements: choosing a sheet, showing a note or the choices of a dropdown, showing one cell in full.
"use strict";
(() => {
  const root = document.documentElement;
  addEventListener("error", (event) => { root.dataset.error = event.message || "error"; });

  const tabs = [...document.querySelectorAll("[role=tab]")];
  const panels = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const pop = document.getElementById("pop");
  const choices = JSON.parse(document.getElementById("choices").textContent);
  const [nameBox, contentBox] = [document.querySelector(".name"), document.querySelector(".content")];
  const chosen = []; // the selected cell of each sheet
  let selected = null;

  let held = null; // what the open note or list belongs to, and where that stood

  function hide() { pop.hidden = true; held = null; }

  function moved() {
    if (!held) return;
    const box = held.anchor.getBoundingClientRect();
    if (Math.abs(box.left - held.box.left) + Math.abs(box.top - held.box.top) > 2) hide();
  }

  function place(anchor) {
    pop.hidden = false;
    const box = anchor.getBoundingClientRect(), own = pop.getBoundingClientRect();
    held = { anchor, box };
    const rtl = anchor.closest(".rtl");
    const left = rtl ? box.right - own.width : box.left;
    const below = box.bottom + 4 + own.height <= innerHeight;
    pop.style.left = Math.max(8, Math.min(left, innerWidth - own.width - 8)) + "px";
    pop.style.top = (below ? box.bottom + 4 : Math.max(8, box.top - own.height - 4)) + "px";
  }

  function choose(index, focus) {
    tabs.forEach((tab, at) => {
      const on = at === index;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panels[at].hidden = !on;
    });
    hide();
    if (focus) tabs[index].focus();
    tabs[index].scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!chosen[index]) chosen[index] = [...panels[index].querySelectorAll(".grid > * > tr > td")].find((cell) => cell.textContent);
    tell(chosen[index]);
    root.dataset.sheet = tabs[index].dataset.title;
  }

  function fromHash(event) {
    if (event && !location.hash.startsWith("#sheet=")) return;
    let wanted = "";
    try { wanted = decodeURIComponent((location.hash.match(/^#sheet=(.*)$/) || [])[1] || ""); } catch { /* not a title */ }
    const index = Math.max(0, tabs.findIndex((tab) => tab.dataset.title === wanted));
    choose(index);
    if (event) panels[index].querySelector(".scroll").focus({ focusVisible: false }); // somebody followed a link
  }

  function go(index, focus) {
    choose(index, focus);
    history.replaceState(null, "", "#sheet=" + encodeURIComponent(tabs[index].dataset.title));
  }

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => go(index));
    tab.addEventListener("keydown", (event) => {
      const step = root.dir === "rtl" ? -1 : 1, last = tabs.length - 1;
      const next = {
        ArrowRight: index + step, ArrowLeft: index - step, Home: 0, End: last,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      go((next + tabs.length) % tabs.length, true);
    });
  });

  function note(button) {
    pop.textContent = button.dataset.note;
    pop.dir = "auto";
    place(button);
  }

  function list(cell) {
    const items = choices[cell.dataset.c] || [];
    if (!items.length) return;
    const now = cell.textContent;
    pop.textContent = "";
    const ul = pop.appendChild(document.createElement("ul"));
    for (const item of items) {
      const li = ul.appendChild(document.createElement("li"));
      li.textContent = item;
      li.dir = "auto";
      if (item === now) li.className = "on";
    }
    place(cell);
  }

  function address(cell) {
    const table = cell.closest("table"), box = cell.getBoundingClientRect();
    const edge = table.dir === "rtl" ? "right" : "left";
    const head = [...table.querySelectorAll(".cl th")].find((th) => Math.abs(th.getBoundingClientRect()[edge] - box[edge]) < 1);
    return (head ? head.textContent : "") + cell.parentNode.cells[0].textContent;
  }

  function value(cell) {
    if (cell.dataset.f) return cell.dataset.f;
    const box = cell.querySelector("[role=checkbox]");
    if (box) return box.ariaChecked === "true" ? "TRUE" : "FALSE";
    return [...cell.childNodes].filter((node) => !node.matches?.(".chart, .slicer, .nt, .spark")).map((node) => node.textContent).join("");
  }

  function tell(cell) {
    nameBox.textContent = cell ? address(cell) : "";
    contentBox.textContent = cell ? value(cell) : "";
    contentBox.dir = cell && cell.dataset.f ? "ltr" : "auto";
  }

  function select(cell) {
    if (selected) selected.classList.remove("sel");
    selected = cell;
    cell.classList.add("sel");
    tell(cell);
  }

  // Titles become notes of our own, which the keyboard reaches too.
  for (const button of document.querySelectorAll(".nt")) {
    button.dataset.note = button.title;
    button.removeAttribute("title");
  }
  document.addEventListener("focusin", (event) => { if (event.target.matches(".nt")) note(event.target); else hide(); });
  document.addEventListener("mouseover", (event) => { if (event.target.matches?.(".nt")) note(event.target); });
  document.addEventListener("mouseout", (event) => { if (event.target.matches?.(".nt")) hide(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", moved, true);
  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.("td:not(.cn)");
    if (event.target.matches?.(".nt")) return note(event.target);
    if (!pop.contains(event.target)) hide();
    if (!cell || event.target.closest(".chart, .slicer, .numbers")) return;
    chosen[tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true")] = cell;
    select(cell);
    if (cell.dataset.c !== undefined) list(cell);
  });

  // Arrows move the selected cell while its sheet has the focus; Enter opens the choices of a dropdown.
  function neighbour(cell, key) {
    const rtl = cell.closest("table").dir === "rtl";
    const onward = key === "ArrowDown" || key === (rtl ? "ArrowLeft" : "ArrowRight");
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const next = onward ? cell.nextElementSibling : cell.previousElementSibling;
      return next && next.tagName === "TD" ? next : null;
    }
    const rows = [...cell.closest("table").rows], edge = rtl ? "right" : "left", own = cell.getBoundingClientRect()[edge];
    for (let at = cell.parentNode.rowIndex + (onward ? 1 : -1); at > 0 && at < rows.length; at += onward ? 1 : -1) {
      const found = [...rows[at].querySelectorAll("td")].find((td) => Math.abs(td.getBoundingClientRect()[edge] - own) < 1);
      if (found) return found;
    }
    return null;
  }

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".scroll") || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = panels.indexOf(event.target.closest(".panel")), cell = chosen[index];
    if (!cell) return;
    if (event.key === "Enter" && cell.dataset.c !== undefined) return list(cell);
    if (event.key === "Enter") return cell.querySelector(":scope > a, :scope > div > a")?.click();
    if (!/^Arrow(Up|Down|Left|Right)$/.test(event.key)) return;
    event.preventDefault();
    hide();
    chosen[index] = selected === cell ? neighbour(cell, event.key) || cell : cell;
    select(chosen[index]);
    chosen[index].scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // The switch between the light and the dark page is kept where the browser lets a local file keep anything.
  const theme = document.getElementById("theme"), dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("preview-theme", value);
      return localStorage.getItem("preview-theme");
    } catch { return null; }
  };
  function lit() { theme.setAttribute("aria-pressed", String((root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark")); }
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  theme.addEventListener("click", () => {
    root.dataset.theme = theme.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    stored(root.dataset.theme);
    lit();
  });
  dark.addEventListener("change", lit);
  lit();

  for (const id of ["print", "print-all"]) {
    document.getElementById(id).addEventListener("click", () => {
      if (id === "print-all") root.dataset.print = "all";
      print();
    });
  }
  addEventListener("afterprint", () => { delete root.dataset.print; });
  for (const button of document.querySelectorAll(".tool")) button.hidden = false;

  document.querySelector(".skip").addEventListener("click", (event) => {
    const open = panels.find((panel) => !panel.hidden);
    if (!open) return;
    event.preventDefault();
    open.querySelector(".scroll").focus();
  });

  addEventListener("hashchange", fromHash);
  if (tabs.length) fromHash();
  root.dataset.ready = String(tabs.length);
})();
