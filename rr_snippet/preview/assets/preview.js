/*
 * The script of the preview: tabs, results while typing, copying, and the tree of the objects the tracker received.
 * The server renders everything else, and a form that is sent without this file gets the same result. This file never
 * makes markup of a customer's text: it parses only text that the server escaped, and sets all other by textContent.
 */
(function () {
  "use strict";

  var DELAY_MS = 250;
  var form = document.getElementById("customer");
  var chosen = {};  // the tab chosen in each group, because every answer replaces some groups
  var newest = 0;
  var running = null;
  var timer = null;
  var pending = "";  // the action of the pressed button, until its answer is shown
  var isBehind = false;  // whether the answer shown is older than the text
  var keeping = null;
  var hasMore = false;
  var FILE_MAX_BYTES = 1000000;

  // Tabs by https://www.w3.org/WAI/ARIA/apg/patterns/tabs/, in which an arrow key shows the next panel at once.

  function makeTabs(group, onChange) {
    var name = group.getAttribute("data-tabs");
    var panels = Array.prototype.slice.call(group.querySelectorAll(":scope > section[data-tab]"));
    var list = document.createElement("div");
    var tabs;
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", group.getAttribute("data-tabs-label"));
    tabs = panels.map(function (panel) {
      var tab = document.createElement("button");
      tab.type = "button";
      tab.id = "tab-" + panel.id;
      tab.textContent = panel.querySelector("h3, h4").textContent;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panel.id);
      dress(panel);
      list.append(tab);
      return tab;
    });

    function dress(panel) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", "tab-" + panel.id);
    }

    function choose(key) {
      chosen[name] = key;
      tabs.forEach(function (tab, index) {
        var isChosen = panels[index].getAttribute("data-tab") === key;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        panels[index].hidden = !isChosen;
      });
    }

    function pick(index) {
      var key = panels[index].getAttribute("data-tab");
      if (chosen[name] !== key) {
        choose(key);
        if (onChange) {
          onChange(key);
        }
      }
      tabs[index].focus();
    }

    list.addEventListener("click", function (event) {
      var index = tabs.indexOf(event.target);
      if (index >= 0) {
        pick(index);
      }
    });
    list.addEventListener("keydown", function (event) {
      var index = tabs.indexOf(event.target);
      var next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        pick((next + tabs.length) % tabs.length);
      }
    });
    group.classList.add("tabbed");
    group.insertBefore(list, panels[0]);
    choose(chosen[name] || group.getAttribute("data-tab-current") || panels[0].getAttribute("data-tab"));
    return {
      show: choose,
      // Replaces a panel by the one in an answer.
      replace: function (panel) {
        var index = panels.findIndex(function (old) { return old.id === panel.id; });
        var old = panels[index];
        dress(panel);
        panel.hidden = old.hidden;
        old.replaceWith(panel);
        panels[index] = panel;
      }
    };
  }

  // A link from a code opens the explanation, if it is closed.

  function openWhy() {
    var target = /^#why-/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (target) {
      target.open = true;
      target.scrollIntoView({ block: "center" });
      target.querySelector("summary").focus({ preventScroll: true });
    }
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#why-']");
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", link.getAttribute("href"));
      openWhy();
    }
  });

  // Copying.

  // Buttons that are nothing without a script.
  function reveal(root) {
    root.querySelectorAll(".copy").forEach(function (button) {
      button.hidden = false;
    });
    root.querySelectorAll(".place").forEach(function (button) {
      button.disabled = !form;
    });
  }

  function copy(button) {
    var source = document.getElementById(button.getAttribute("data-copy"));
    var label = button.textContent;
    var selection;

    function done() {
      button.textContent = button.getAttribute("data-copied");
      setTimeout(function () { button.textContent = label; }, 1500);
    }

    function select() {
      selection = window.getSelection();
      selection.selectAllChildren(source);
      if (document.execCommand("copy")) {
        done();
      }
    }

    if (navigator.clipboard) {
      navigator.clipboard.writeText(source.textContent).then(done, select);
    } else {
      select();
    }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest(".copy") : null;
    if (button) {
      copy(button);
    }
  });

  // The objects that the tracker received.

  function leaf(value) {
    var element = document.createElement("span");
    element.className = typeof value === "string" ? "text" : "flag";
    element.textContent = JSON.stringify(value);
    return element;
  }

  function draw(value) {
    var list = document.createElement("ul");
    Object.keys(value).forEach(function (key) {
      var item = document.createElement("li");
      var name = document.createElement("span");
      name.className = "name";
      name.textContent = key;
      item.append(name, ": ", value[key] !== null && typeof value[key] === "object" ? draw(value[key]) : leaf(value[key]));
      list.append(item);
    });
    return list;
  }

  function isSame(one, other) {
    var keys;
    if (one === null || other === null || typeof one !== "object" || typeof other !== "object") {
      return one === other;
    }
    keys = Object.keys(one);
    return Array.isArray(one) === Array.isArray(other) && keys.length === Object.keys(other).length &&
      keys.every(function (key) { return Object.hasOwn(other, key) && isSame(one[key], other[key]); });
  }

  window.addEventListener("message", function (event) {
    var sandbox = document.getElementById("sandbox");
    var received = document.getElementById("received");
    var report = event.data && event.data.rrPreview;
    var verdict, calls, call, isRight;
    if (!sandbox || event.source !== sandbox.contentWindow || !report) {
      return;
    }
    calls = report.calls;
    call = calls.length === 1 && calls[0].method === "setCustomer" && calls[0].arguments.length === 1 ? calls[0] : null;
    isRight = report.errors === 0 && call !== null &&
      isSame(call.arguments[0], JSON.parse(received.getAttribute("data-expected")));
    verdict = document.getElementById("verdict");
    verdict.hidden = document.getElementById("ran").hidden = false;
    verdict.className = isRight ? "good" : "bad";
    verdict.textContent = received.getAttribute(isRight ? "data-same" : "data-other");
    document.getElementById("tree").replaceChildren(draw(call ? call.arguments[0] : calls));
  });

  function dressOutcome(root) {
    reveal(root);
    root.querySelectorAll("[data-tabs=code]").forEach(function (group) { makeTabs(group); });
  }

  dressOutcome(document.getElementById("outcome"));
  // If the sandbox ran before this file, its message is lost. So it runs again.
  (function () {
    var sandbox = document.getElementById("sandbox");
    if (sandbox) {
      sandbox.replaceWith(sandbox.cloneNode());
    }
  }());
  if (!form) {
    return;
  }

  // Results while typing.

  var bar = document.getElementById("bar");
  var editors = ["json", "block"].map(makeEditor);
  form.classList.add("live");
  // The address of this form's draft, for a reload and for the back button.
  history.replaceState(null, "", form.getAttribute("data-address"));
  document.querySelector(".file").hidden = false;
  reveal(form);
  // Choosing a tab only shows it. The tab with the last change decides, and the others follow it.
  var panels = makeTabs(form, function (key) {
    form.elements.tab.value = key;
    editors.forEach(function (editor) { editor.draw(); });
    if (!isBehind) {
      keep();
    } else {
      ask();
    }
  });
  editors[0].mark(document.getElementById("panel-json").getAttribute("data-marks").split(" ").map(Number));

  // The server checks a change after a short delay. Until then the verdict is marked as old.
  function change() {
    isBehind = true;
    keep();
    bar.setAttribute("data-checking", "");
    clearTimeout(timer);
    timer = setTimeout(function () { ask(); }, DELAY_MS);
  }

  // A change is kept at once, before it is checked, because the page may be closed before that. One request is
  // under way at a time; the next has all that was typed meanwhile.
  function keep() {
    hasMore = keeping !== null;
    keeping = keeping || fetch("keep", { method: "POST", body: bodyFor(form.elements.mode.value) }).catch(function () {})
      .then(function () {
        keeping = null;
        return hasMore ? keep() : undefined;
      });
    return keeping;
  }

  function bodyFor(action) {
    var body = new URLSearchParams(new FormData(form));
    body.set("do", action);
    return body;
  }

  // Sends the form, or the action of one of its buttons. Resolves to whether the answer was shown.
  function ask(action) {
    var number = newest += 1;
    pending = action || pending;
    clearTimeout(timer);
    timer = null;
    bar.setAttribute("data-checking", "");
    if (running) {
      running.abort();
    }
    running = new AbortController();
    return fetch(form.getAttribute("data-result"), {
      method: "POST", body: bodyFor(pending || form.elements.mode.value), signal: running.signal
    }).then(function (response) {
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response.json();
    }).then(function (answer) {
      if (number !== newest || (pending && timer !== null)) {
        return false;  // in the second case the timer sends the newer text
      }
      isBehind = timer !== null;
      show(answer);
      pending = "";
      return true;
    }).catch(function (error) {
      if (number === newest) {
        pending = "";
        say(form.getAttribute(/^4/.test(error.message) ? "data-refused" : "data-lost"), "bad");
        document.getElementById("outcome").replaceChildren();
      }
      return false;
    });
  }

  function say(text, kind) {
    var summary = document.getElementById("summary");
    bar.className = kind;
    if (!isBehind) {
      bar.removeAttribute("data-checking");
    }
    if (summary.textContent !== text) {
      summary.textContent = text;
    }
  }

  function show(answer) {
    var active = document.activeElement && document.activeElement.id;
    var caret = document.activeElement && document.activeElement.selectionStart;
    var input;
    say(answer.summary, answer.kind);
    document.querySelectorAll(".notes").forEach(function (notes) {
      if (notes.firstChild && !(notes.id in answer.parts)) {
        notes.replaceChildren();
      }
    });
    // The form comes first, because the notes belong to its inputs.
    Object.keys(answer.parts).sort(function (one, other) {
      return (other === "panel-form") - (one === "panel-form");
    }).forEach(function (id) {
      var element = document.getElementById(id);
      if (element) {
        element.replaceChildren.apply(element, nodesOf(answer.parts[id]));
      }
    });
    if ("json" in answer && form.elements.json.value !== answer.json) {
      form.elements.json.value = answer.json;
    }
    editors[0].mark(answer.marks);
    document.querySelectorAll("[aria-invalid]").forEach(function (element) {
      var isInvalid = String(answer.invalid.indexOf(element.id) >= 0);
      if (element.getAttribute("aria-invalid") !== isInvalid) {  // of thousands hardly any does, and each costs a style
        element.setAttribute("aria-invalid", isInvalid);
      }
    });
    dressOutcome(document.getElementById("outcome"));
    reveal(form);
    if (active && document.activeElement === document.body && document.getElementById(active)) {
      input = document.getElementById(active);
      input.focus();
      if (typeof caret === "number" && input.setSelectionRange) {
        input.setSelectionRange(caret, caret);
      }
    }
  }

  function nodesOf(html) {
    return Array.prototype.slice.call(new DOMParser().parseFromString(html, "text/html").body.childNodes);
  }

  form.addEventListener("input", function (event) {
    var panel = event.target.closest("[data-tab]");
    if (event.target.type === "file") {
      return;
    }
    if (panel) {
      form.elements.mode.value = panel.getAttribute("data-tab");
      if (form.elements.mode.value !== "form") {
        pending = "";  // its answer would replace the text that is being typed
      }
    }
    change();
  });

  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    // The buttons of rows, and the button that Enter presses.
    var action = button && /^(?:add|remove|restore)/.test(button.value) ? button.value : "";
    var parts = action.split("-");
    if (button && button.value === "download") {
      return;
    }
    event.preventDefault();
    if (action) {
      form.elements.mode.value = "form";
    }
    ask(action).then(function (isShown) {
      var rows = form.querySelectorAll("#g-" + parts[1] + " .row");
      var next = null;
      if (isShown && parts[0] === "add") {
        next = rows[rows.length - 1].querySelector("input");
      } else if (isShown && parts[0] === "remove") {
        next = document.querySelector("#g-" + parts[1] + " .add");
      } else if (isShown && parts[0] === "restore") {
        next = document.getElementById("tab-panel-form");
      }
      if (next) {
        next.focus();
      }
    });
  });

  // The input of a problem may be in a hidden tab or in closed details.
  document.getElementById("result").addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#f-']");
    var input = link && document.getElementById(link.getAttribute("href").slice(1));
    if (input) {
      event.preventDefault();
      if (input.closest("details")) {
        input.closest("details").open = true;
      } else {
        panels.show(input.closest("[data-tab]").getAttribute("data-tab"));
      }
      input.focus();
    }
  });

  // A link to another page waits until the last change is kept.

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.leaves");
    if (link && isBehind && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      keep().then(function () { location.href = link.href; });
    }
  });
  // Line numbers beside a text. Lines with a problem are marked.

  function makeEditor(name) {
    var area = form.elements[name];
    var gutter = area.previousElementSibling;
    var marks = [];
    var drawn = "";

    function draw() {
      var count = area.value.split("\n").length;
      var key = count + ":" + marks.join();
      var numbers = document.createDocumentFragment();
      var number, line;
      if (key !== drawn) {
        drawn = key;
        for (number = 1; number <= count; number += 1) {
          line = document.createElement("span");
          line.textContent = number;
          if (marks.indexOf(number) >= 0) {
            line.className = "marked";
          }
          numbers.append(line);
        }
        gutter.replaceChildren(numbers);
      }
      gutter.scrollTop = area.scrollTop;
    }

    area.addEventListener("scroll", function () { gutter.scrollTop = area.scrollTop; });
    area.addEventListener("input", draw);
    draw();
    return {
      draw: draw,
      mark: function (lines) {
        marks = lines;
        draw();
      }
    };
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".place");
    var area, lines, start;
    if (button) {
      area = form.elements[form.elements.mode.value];
      panels.show(form.elements.mode.value);
      lines = area.value.split("\n");
      start = lines.slice(0, button.getAttribute("data-line") - 1).join("\n").length;
      start += button.getAttribute("data-line") > 1 ? 1 : 0;
      area.focus();
      area.setSelectionRange(start, start + lines[button.getAttribute("data-line") - 1].length);
      area.scrollTop = (button.getAttribute("data-line") - 4) * parseFloat(getComputedStyle(area).lineHeight);
    }
  });

  // Files, chosen or dropped anywhere.

  function readFile(file) {
    var told = document.getElementById("file-said");
    if (file.size > FILE_MAX_BYTES) {
      panels.show("json");
      told.textContent = form.getAttribute("data-large").replace("{name}", file.name);
      return;
    }
    file.arrayBuffer().then(function (bytes) {
      var label = "data-read";
      var text, name;
      try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch (error) {
        // The encoding of Excel's files in Russia.
        text = new TextDecoder("windows-1251").decode(bytes);
        label = "data-read-as";
      }
      name = /^\s*<|rrApi/.test(text) ? "block" : "json";
      form.elements[name].value = text;
      form.elements.mode.value = form.elements.tab.value = name;
      panels.show(name);
      editors.forEach(function (editor) { editor.draw(); });
      told.textContent = form.getAttribute(label).replace("{encoding}", "windows-1251").replace("{name}", file.name);
      ask();
    });
  }

  document.getElementById("f-file").addEventListener("change", function (event) {
    if (event.target.files.length) {
      readFile(event.target.files[0]);
      event.target.value = "";
    }
  });
  document.addEventListener("dragover", function (event) {
    if (event.dataTransfer.types.indexOf("Files") >= 0) {
      event.preventDefault();
    }
  });
  document.addEventListener("drop", function (event) {
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      readFile(event.dataTransfer.files[0]);
    }
  });
}());
