// Makes the pages live and gives them keys. Without it every page works as well, only not by itself.
"use strict";
(() => {
  const { base, seq } = document.currentScript.dataset;
  const main = document.getElementById("main");
  const watch = main.dataset.watch;
  const keys = document.getElementById("keys");
  const news = document.getElementById("news");

  const rows = () => [...main.querySelectorAll("[data-order]")];
  const reload = () => location.reload();

  // The bar that says what is new, with one thing to do about it.
  const say = (text, label, act) => {
    const parts = [document.createTextNode(text)];
    if (label) {
      const button = document.createElement("button");
      button.className = "plain";
      button.textContent = label;
      button.onclick = act;
      parts.push(" ", button);
    }
    news.replaceChildren(...parts);
  };

  // The page as it is now; nothing when it cannot be had.
  const fetched = async (address, options) => {
    try {
      const answer = await fetch(address, options);
      if (answer.redirected && new URL(answer.url).pathname === `${base}/login/`) {
        say("You are signed out.", "Sign in", reload);
        return null;
      }
      const text = await answer.text();
      return answer.status < 500 ? new DOMParser().parseFromString(text, "text/html") : null;
    } catch {
      return null;
    }
  };

  // An order's page: all of it is exchanged, but nothing that somebody typed is lost, and for a moment nothing can be
  // pressed, so that no click meets a button that was another one.
  const exchange = fresh => {
    const next = fresh.getElementById("main");
    const isNew = next.dataset.version !== main.dataset.version;
    const typed = new Map([...main.querySelectorAll("textarea[id]")].map(field => [field.id, field.value]));
    const focused = document.activeElement?.id;
    main.dataset.version = next.dataset.version;
    main.replaceChildren(...next.childNodes);
    typed.forEach((text, id) => {
      const field = document.getElementById(id);
      if (field && text) field.value = text;
    });
    if (focused) document.getElementById(focused)?.focus();
    prepare();
    if (!isNew) return;
    say("This order has just changed.");
    const decision = main.querySelector(".decision");
    if (decision) {
      decision.inert = true;
      setTimeout(() => { decision.inert = false; }, 1000);
    }
  };

  // A list: rows change where they are, and none moves under somebody's hand. New ones are only counted.
  const renew = fresh => {
    const next = new Map([...fresh.querySelectorAll("#main [data-order]")].map(row => [row.dataset.order, row]));
    for (const row of rows()) {
      const changed = next.get(row.dataset.order);
      next.delete(row.dataset.order);
      if (!changed) {
        row.classList.add("gone");
        row.querySelectorAll("button,input").forEach(part => { part.disabled = true; });
      } else if (changed.outerHTML !== row.outerHTML) {
        const hadFocus = row.contains(document.activeElement);
        const box = row.querySelector("[type=checkbox]");
        const newBox = changed.querySelector("[type=checkbox]");
        if (box && newBox) newBox.checked = box.checked;
        row.replaceWith(changed);
        if (hadFocus) changed.querySelector("a")?.focus();
      }
    }
    for (const title of main.querySelectorAll("h2[id]")) {
      const now = fresh.getElementById(title.id);
      if (now) title.replaceChildren(...now.childNodes);
    }
    if (next.size) say(`${next.size} new`, "Show", reload);
  };

  let free = 0;
  let waiting = false;
  const refresh = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(async () => {
      waiting = false;
      free = Date.now() + 1000;
      const fresh = await fetched(location.pathname + location.search);
      if (fresh?.getElementById("main")?.dataset.watch === watch) (watch === "list" ? renew : exchange)(fresh);
    }, Math.max(20, free - Date.now()));
  };

  // Browsers open few connections to a site: a page that nobody looks at gives its own back.
  let last = seq;
  let source;
  const follow = () => {
    if (!watch || document.hidden || source) return;
    source = new EventSource(`${base}/live/?after=${last}${watch === "list" ? "" : `&order=${watch}`}`);
    source.addEventListener("order", event => {
      last = event.lastEventId;
      refresh();
    });
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      say("This page no longer follows what happens.", "Load it again", reload);
    };
  };
  const rest = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", event => (event.persisted ? reload() : follow()));

  // Forms that know what they cost, and texts to copy.
  const prepare = () => {
    for (const form of main.querySelectorAll("form[data-live]")) {
      let wait;
      let newest = 0;
      form.addEventListener("input", () => {
        clearTimeout(wait);
        wait = setTimeout(async () => {
          const mine = ++newest;
          const body = new URLSearchParams(new FormData(form));
          body.set("do", form.querySelector("[data-cost]").value);
          const fresh = await fetched(location.pathname, { method: "POST", body });
          const output = document.getElementById(form.dataset.live);
          const cost = fresh?.getElementById(form.dataset.live);
          if (cost && mine === newest && cost.textContent !== output.textContent) output.textContent = cost.textContent;
        }, 250);
      });
    }
    for (const button of main.querySelectorAll("[data-copy]")) {
      button.hidden = !navigator.clipboard;
      button.onclick = async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        say("Copied.");
      };
    }
  };

  const current = () => document.activeElement?.closest("[data-order]");
  const move = step => {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    next?.querySelector("a")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const select = () => current()?.querySelector("[type=checkbox]")?.click();
  const press = key => {
    const row = current();
    const button = (row ?? main).querySelector(`[data-key=${key}]:not(:disabled)`);
    const isAlone = !row && rows().length;
    if (button && !isAlone) return button.click();
    // A list decides about what is chosen: the row at hand, when nothing is.
    const chosen = main.querySelector("[data-order] [type=checkbox]:checked");
    const many = main.querySelector(`.bulk [data-many=${key}]`);
    if (many && !chosen) row?.querySelector("[type=checkbox]")?.click();
    if (many && (chosen || row)) return many.click();
    say(isAlone ? "Choose an order with j or k first." : "There is nothing here to decide for you.");
  };
  const help = () => (keys.open ? keys.close() : keys.showModal());
  const does = {
    j: () => move(1),
    k: () => move(-1),
    a: () => press("a"),
    r: () => press("r"),
    x: select,
    "/": () => main.querySelector("[type=search]")?.focus(),
    "?": help,
  };
  const places = { i: "/", o: "/orders/", r: "/resources/", c: "/catalogue/" };

  // Who speaks to the browser, or has shaky hands, can switch the keys off.
  const off = "mercat-keys-off";
  const stored = () => { try { return localStorage.getItem(off); } catch { return null; } };
  let going = 0;
  document.addEventListener("keydown", event => {
    const isTyping = event.target.closest("input:not([type=checkbox]),textarea,select");
    if (isTyping && event.key === "Escape") return event.target.blur();
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    if (stored() && event.key !== "?") return;
    const place = Date.now() - going < 1500 && places[event.key];
    going = event.key === "g" ? Date.now() : 0;
    const act = place ? () => location.assign(base + place) : !keys.open || event.key === "?" ? does[event.key] : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (keys) {
    const opens = document.getElementById("open-keys");
    opens.hidden = false;
    opens.onclick = help;
    const box = keys.querySelector("[type=checkbox]");
    box.checked = !stored();
    box.onchange = () => {
      try { box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"); } catch { /* stays as it is */ }
    };
  }
  prepare();
})();
