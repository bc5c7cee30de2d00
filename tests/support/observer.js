/*
 * Watches the scripts of a page, in a bare engine or in a browser, and reports afterwards what happened, as text.
 * It is installed before anything else and keeps the original built-in functions, so a page cannot blind it.
 *
 * Values are sent as JSON text that loses nothing, which tests/support/outcome.py reads: a string, `true`, `false` and
 * `null` as they are, an array as ["a", [...]], an object as ["o", [[name, value], ...]] with its own properties in
 * their order ("__proto__" too, if it is one), everything else as ["x", kind, text]. `JSON.stringify` is used only on
 * strings: for these it writes lone surrogates as escapes and never calls `toJSON`.
 */
(function (global) {
  "use strict";

  var stringify = JSON.stringify;
  var ownKeys = Reflect.ownKeys;
  var describe = Object.getOwnPropertyDescriptor;
  var create = Object.create;
  var prototypeOf = Object.getPrototypeOf;
  var isArray = Array.isArray;
  var is = Object.is;
  var objectPrototype = Object.prototype;
  var arrayPrototype = Array.prototype;
  var tagOf = Function.prototype.call.bind(objectPrototype.toString);
  var globalEval = eval;
  var DEPTH_MAX = 64;

  var stringOf = String;

  function textOf(value) {
    try {
      return stringOf(value);
    } catch (error) {
      return "(no text)";
    }
  }

  function odd(kind, text) {
    return "[\"x\"," + stringify(kind) + "," + stringify(text) + "]";
  }

  function list(count, item) {
    var text = "[";
    for (var index = 0; index < count; index += 1) {
      text += (index ? "," : "") + item(index);
    }
    return text + "]";
  }

  function isPlain(keys, value, isList) {
    for (var index = 0; index < keys.length; index += 1) {
      var property = typeof keys[index] === "string" && describe(value, keys[index]);
      if (isList && keys[index] === "length") {
        continue;
      }
      if (!property || !("value" in property) || !property.enumerable || isList && keys[index] !== String(index)) {
        return false;
      }
    }
    return !isList || keys.length === value.length + 1;
  }

  function transfer(value, depth) {
    if (typeof value === "string") {
      return stringify(value);
    }
    if (value === null || typeof value === "boolean") {
      return String(value);
    }
    if (typeof value === "number") {
      return odd("number", is(value, -0) ? "-0" : String(value));
    }
    if (typeof value !== "object") {
      return odd(typeof value, textOf(value));
    }
    var keys = ownKeys(value);
    if (depth < DEPTH_MAX && isArray(value) && prototypeOf(value) === arrayPrototype && isPlain(keys, value, true)) {
      return "[\"a\"," + list(value.length, function (index) {
        return transfer(value[index], depth + 1);
      }) + "]";
    }
    if (depth < DEPTH_MAX && prototypeOf(value) === objectPrototype && isPlain(keys, value, false)) {
      return "[\"o\"," + list(keys.length, function (index) {
        return "[" + stringify(keys[index]) + "," + transfer(describe(value, keys[index]).value, depth + 1) + "]";
      }) + "]";
    }
    return odd("object", tagOf(value));
  }

  function snapshot(object) {
    var keys = ownKeys(object);
    var properties = create(null);
    for (var index = 0; index < keys.length; index += 1) {
      properties[keys[index]] = describe(object, keys[index]);
    }
    return { object: object, keys: keys, properties: properties, prototype: prototypeOf(object) };
  }

  // The names of own properties that came, went or changed.
  function differences(before) {
    var found = prototypeOf(before.object) === before.prototype ? [] : ["(prototype)"];
    var keys = ownKeys(before.object);
    for (var index = 0; index < keys.length; index += 1) {
      if (!before.properties[keys[index]]) {
        found[found.length] = textOf(keys[index]);
      }
    }
    for (index = 0; index < before.keys.length; index += 1) {
      var old = before.properties[before.keys[index]];
      var now = describe(before.object, before.keys[index]);
      if (!now || !is(old.value, now.value) || old.get !== now.get || old.set !== now.set) {
        found[found.length] = textOf(before.keys[index]);
      }
    }
    return found;
  }

  var watched = [];
  ["Object", "Function", "Array", "String", "Number", "Boolean", "RegExp", "Promise", "Error"].forEach(function (name) {
    watched.push({ name: name, before: snapshot(global[name]) });
    watched.push({ name: name + ".prototype", before: snapshot(global[name].prototype) });
  });
  ["JSON", "Math", "Reflect"].forEach(function (name) {
    watched.push({ name: name, before: snapshot(global[name]) });
  });

  var thrown = [];
  var printed = [];
  var violations = [];

  function strings(values) {
    return list(values.length, function (index) {
      return stringify(textOf(values[index]));
    });
  }

  function calls(records) {
    return list(records.length, function (index) {
      var values = records[index].arguments;
      return "[" + stringify(records[index].method) + "," + list(values.length, function (place) {
        return transfer(values[place], 0);
      }) + "]";
    });
  }

  // From here on a page may have changed any method of any list, so there are only loops.
  function collect() {
    var standIn = global.rrStandIn || { calls: [], lost: [], errors: [] };
    var changed = [];
    for (var index = 0; index < watched.length; index += 1) {
      var found = differences(watched[index].before);
      for (var place = 0; place < found.length; place += 1) {
        changed[changed.length] = watched[index].name + "." + found[place];
      }
    }
    return "{\"calls\":" + calls(standIn.calls) +
      ",\"lost\":" + calls(standIn.lost) +
      ",\"errors\":" + strings(standIn.errors) +
      ",\"queued\":" + (isArray(global.rrApiOnReady) ? global.rrApiOnReady.length : "null") +
      ",\"globals\":" + strings(differences(globals)) +
      ",\"changed\":" + strings(changed) +
      ",\"thrown\":" + strings(thrown) +
      ",\"printed\":" + strings(printed) +
      ",\"violations\":" + list(violations.length, function (index) {
        return strings(violations[index]);
      }) + "}";
  }

  // Runs each text as its own classic script and then reports what happened. Only for bare engines.
  function run(scripts) {
    for (var index = 0; index < scripts.length; index += 1) {
      try {
        globalEval(scripts[index]);
      } catch (error) {
        thrown[thrown.length] = textOf(error);
      }
    }
    return collect();
  }

  if (typeof window === "undefined") {
    global.window = global;
    global.console = {};
    ["log", "info", "warn", "error", "debug"].forEach(function (level) {
      global.console[level] = function () {
        var line = level + ":";
        for (var index = 0; index < arguments.length; index += 1) {
          line += " " + textOf(arguments[index]);
        }
        printed[printed.length] = line;
      };
    });
  }
  if (typeof document !== "undefined") {
    global.addEventListener("securitypolicyviolation", function (event) {
      violations[violations.length] = [event.effectiveDirective, event.blockedURI];
    }, true);
  }
  Object.defineProperty(global, "rrObserver", { value: { collect: collect, run: run, transfer: transfer } });
  var globals = snapshot(global);
}(globalThis));
