/*
 * What a script adds to the preview: tabs, answers as one types, copying, and the tree of what the tracker has received.
 * The server renders everything else, and renders it the same way for a form that is sent without this file. No text of
 * a customer is ever made markup here: what the server has escaped is parsed, all else goes in by textContent.
 */
(function () {
  "use strict";

  var DELAY_MS = 250;
  var form = document.getElementById("customer");
  var chosen = {};  // the tab chosen in each group, for groups that come anew with every answer
  var newest = 0;
  var running = null;
  var timer = null;
  var pending = "";  // what a button of the form has asked for and is not shown yet
  var isBehind = false;  // something was typed that no answer has been shown for

  // Tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/, with the panels shown as the arrows move.

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
      // Puts a panel of an answer into the place of the one that is shown.
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

  // Copying.

  function revealCopies(root) {
    root.querySelectorAll(".copy").forEach(function (button) {
      button.hidden = false;
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

  // What the tracker has received.

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
    revealCopies(root);
    root.querySelectorAll("[data-tabs=code]").forEach(function (group) { makeTabs(group); });
  }

  dressOutcome(document.getElementById("outcome"));
  // The message of a sandbox that was quicker than this file is lost: let it run again.
  (function () {
    var sandbox = document.getElementById("sandbox");
    if (sandbox) {
      sandbox.replaceWith(sandbox.cloneNode());
    }
  }());
  if (!form) {
    return;
  }

  // Answers as one types.

  form.classList.add("live");
  revealCopies(form);
  // To choose a tab is to look at it. What counts is the tab in which one has typed last: the others follow that one.
  var panels = makeTabs(form, function () {
    if (isBehind) {
      ask();
    }
  });

  // Asks for what the form says, or for what a button of it does. Resolves to whether the answer is shown.
  function ask(action) {
    var mode = form.elements.mode.value;
    var number = newest += 1;
    var body = new URLSearchParams(new FormData(form));
    pending = action || pending;
    body.set("do", pending || mode);
    clearTimeout(timer);
    timer = null;
    if (running) {
      running.abort();
    }
    running = new AbortController();
    return fetch(form.action, { method: "POST", body: body, signal: running.signal }).then(function (response) {
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      return response.text();
    }).then(function (text) {
      if (number !== newest || (pending && timer !== null)) {
        return false;  // in the second case the timer asks again, with what was typed into the panel meanwhile
      }
      isBehind = timer !== null;
      show(new DOMParser().parseFromString(text, "text/html"), Boolean(pending));
      pending = "";
      return true;
    }).catch(function (error) {
      if (number === newest) {
        pending = "";
        say(form.getAttribute(/^4/.test(error.message) ? "data-refused" : "data-lost"), "bad");
      }
      return false;
    });
  }

  function say(text, kind) {
    var summary = document.getElementById("summary");
    summary.className = kind;
    if (summary.textContent !== text) {
      summary.textContent = text;
    }
  }

  function show(page, isWhole) {
    var summary = page.getElementById("summary");
    var outcome = document.importNode(page.getElementById("outcome"), true);
    var active = document.activeElement && document.activeElement.id;
    var caret = document.activeElement && document.activeElement.selectionStart;
    var input;
    say(summary.textContent, summary.className);
    dressOutcome(outcome);
    document.getElementById("outcome").replaceWith(outcome);
    page.querySelectorAll("#customer > section[data-tab]").forEach(function (panel) {
      if (panel.getAttribute("data-tab") !== form.elements.mode.value || isWhole) {
        panels.replace(document.importNode(panel, true));
      } else {
        refresh(panel);
      }
    });
    revealCopies(form);
    if (active && document.activeElement === document.body && document.getElementById(active)) {
      input = document.getElementById(active);
      input.focus();
      if (typeof caret === "number" && input.setSelectionRange) {
        input.setSelectionRange(caret, caret);
      }
    }
  }

  // Only what is said about the inputs: in one of them somebody is typing.
  function refresh(panel) {
    panel.querySelectorAll(".notes, #findings").forEach(function (notes) {
      var old = document.getElementById(notes.id);
      if (old) {
        old.replaceWith(document.importNode(notes, true));
      }
    });
    panel.querySelectorAll("[aria-invalid]").forEach(function (input) {
      var old = document.getElementById(input.id);
      if (old) {
        old.setAttribute("aria-invalid", input.getAttribute("aria-invalid"));
      }
    });
  }

  form.addEventListener("input", function (event) {
    var tab = event.target.closest("[data-tab]").getAttribute("data-tab");
    form.elements.mode.value = tab;
    if (tab !== "form") {
      pending = "";  // it would put the form in the place of what is typed here
    }
    isBehind = true;
    clearTimeout(timer);
    timer = setTimeout(function () { ask(); }, DELAY_MS);
  });
  document.addEventListener("change", function (event) {
    if (event.target.id === "f-pretty") {
      ask();
    }
  });

  form.addEventListener("submit", function (event) {
    var button = event.submitter;
    // The buttons of rows, and the one that Enter stands for.
    var action = button && /^(?:add|remove)-/.test(button.value) ? button.value : "";
    var parts = action.split("-");
    event.preventDefault();
    if (action) {
      form.elements.mode.value = "form";
    }
    ask(action).then(function (isShown) {
      var rows = form.querySelectorAll("#g-" + parts[1] + " .row");
      var next;
      if (!isShown) {
        return;
      }
      if (parts[0] === "add") {
        next = rows[rows.length - 1].querySelector("input");
      } else if (parts[0] === "remove") {
        next = document.querySelector("#g-" + parts[1] + " .add");
      }
      if (next) {
        next.focus();
      }
    });
  });

  // What a problem is about may stand in the tab that is not shown.
  document.getElementById("result").addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#f-']");
    var input = link && document.getElementById(link.getAttribute("href").slice(1));
    if (input) {
      event.preventDefault();
      panels.show(input.closest("[data-tab]").getAttribute("data-tab"));
      input.focus();
    }
  });

  // A link would lose what was typed.
  document.getElementById("language").addEventListener("click", function (event) {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      form.action = event.currentTarget.href;
      form.submit();
    }
  });
}());
