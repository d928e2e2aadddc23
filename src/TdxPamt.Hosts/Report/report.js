"use strict";
// All of the page can be read without this: it adds sorting, zoom and tooltips.
(() => {
  const byId = id => document.getElementById(id);

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        const cells = [...body.rows].map(row => row.cells[column]);
        const keyed = cells.some(cell => cell.dataset.key);
        cells.sort((left, right) => {
          if (!keyed)
            return sign * left.textContent.localeCompare(right.textContent, "en");
          if (!left.dataset.key || !right.dataset.key) // what has no number comes last, either way
            return (left.dataset.key ? 0 : 1) - (right.dataset.key ? 0 : 1);
          return sign * (left.dataset.key - right.dataset.key);
        });
        body.append(...cells.map(cell => cell.parentElement));
        heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      });
    });
  }

  // The tooltip: an area's own title, which the browser shows late, never on focus, and not at all on touch.
  const drawing = document.querySelector(".drawing");
  const svg = drawing.querySelector("svg");
  const tooltip = byId("tooltip");
  const titled = [...svg.querySelectorAll("[data-range]")].filter(area => area.querySelector(":scope > title"));
  const titles = new Map(titled.map(area => [area, area.querySelector(":scope > title")]));
  let shown = null;

  function hide() {
    if (shown)
      shown.prepend(titles.get(shown));
    shown = null;
    tooltip.hidden = true;
  }

  function show(area, x, y) {
    if (shown !== area) {
      hide();
      shown = area;
      titles.get(area).remove(); // or the browser would show it as well
      tooltip.textContent = titles.get(area).textContent;
      tooltip.hidden = false;
    }
    const box = tooltip.getBoundingClientRect();
    const left = Math.min(x + 14, document.documentElement.clientWidth - box.width - 8);
    const below = y + 18;
    const top = below + box.height > window.innerHeight ? y - box.height - 10 : below;
    tooltip.style.left = `${Math.max(4, left)}px`;
    tooltip.style.top = `${Math.max(4, top)}px`;
  }

  function showAtFocus() {
    const area = titles.has(document.activeElement) ? document.activeElement : null;
    if (!area)
      return hide();
    const box = area.getBoundingClientRect();
    const frame = drawing.getBoundingClientRect();
    const x = Math.max(box.left, frame.left) + Math.min(box.right, frame.right);
    show(area, x / 2, Math.min(box.bottom, frame.bottom) - 12);
  }

  let pointer = null;
  function refresh() {
    const target = pointer && document.elementFromPoint(...pointer);
    const area = target && titled.find(each => each.contains(target));
    if (area)
      show(area, ...pointer);
    else
      showAtFocus();
  }

  for (const area of titled) {
    area.setAttribute("tabindex", "-1");
    area.setAttribute("role", "img");
    area.setAttribute("aria-label", titles.get(area).textContent);
  }
  if (titled.length > 0)
    titled[0].setAttribute("tabindex", "0");
  svg.setAttribute("role", "group"); // of an image, nothing inside could be reached
  svg.addEventListener("pointermove", event => {
    pointer = [event.clientX, event.clientY];
    refresh();
  });
  svg.addEventListener("pointerleave", () => {
    pointer = null;
    refresh();
  });
  svg.addEventListener("focusin", showAtFocus);
  svg.addEventListener("focusout", hide);
  document.addEventListener("scroll", () => shown && refresh(), { capture: true, passive: true });

  // Zoom: the drawing grows in its frame, which scrolls.
  const most = 64;
  let zoom = 1;
  function zoomTo(next, x = drawing.clientWidth / 2, y = drawing.clientHeight / 2) {
    next = Math.min(most, Math.max(1, next));
    const left = (drawing.scrollLeft + x) * next / zoom - x;
    const top = (drawing.scrollTop + y) * next / zoom - y;
    zoom = next;
    svg.style.width = zoom === 1 ? "" : `${100 * zoom}%`;
    drawing.scrollTo(left, top);
    byId("zoom-reset").textContent = `${Math.round(100 * zoom)} %`;
    byId("zoom-out").disabled = zoom === 1;
    byId("zoom-in").disabled = zoom === most;
    refresh();
  }
  byId("zoom-in").addEventListener("click", () => zoomTo(zoom * 1.5));
  byId("zoom-out").addEventListener("click", () => zoomTo(zoom / 1.5));
  byId("zoom-reset").addEventListener("click", () => zoomTo(1));
  document.querySelector(".zoom").hidden = false;
  drawing.addEventListener("wheel", event => {
    if (!event.ctrlKey)
      return;
    event.preventDefault();
    const frame = drawing.getBoundingClientRect();
    zoomTo(zoom * Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
  }, { passive: false });

  const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  drawing.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey)
      return;
    const current = titled.indexOf(document.activeElement);
    if (event.key === "Escape")
      hide();
    else if (event.key === "+" || event.key === "=")
      zoomTo(zoom * 1.5);
    else if (event.key === "-")
      zoomTo(zoom / 1.5);
    else if (event.key === "0")
      zoomTo(1);
    else if (current >= 0 && event.key in moves) {
      const next = titled[Math.min(titled.length - 1, Math.max(0, current + moves[event.key]))];
      titled[current].setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else {
      return;
    }
    event.preventDefault();
  });

  // Paper has no way to open what is closed.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open]):not(.every-node)")];
    closed.forEach(each => each.open = true);
  });
  window.addEventListener("afterprint", () => closed.forEach(each => each.open = false));
})();
