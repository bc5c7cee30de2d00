/*
 * A stand-in for the Retail Rocket tracker, for tests and previews. It is not the tracker, holds no code of it and is
 * not affiliated with Retail Rocket. It sends nothing anywhere, keeps no cookie and reads nothing but the queue.
 *
 * It imitates how the public tracker source of January 2020 handles the queue (`src/Tracking/rrLibrary.js` and
 * `apiInit.js` of github.com/RetailRocket/StaticContent at 9f07ed6). That source is older than `setCustomer`, so it is an
 * assumption that the queue still works this way. What the service does with the data is not imitated.
 *
 *   - `rrApi` is replaced when the file is loaded. A call before the start finds no handler: it is lost without an error.
 *   - The start runs every function in `rrApiOnReady` in order, each in its own `try`, with one argument, an object with
 *     `sessionId`. An error, or an entry that is no function, only goes to `console.log`. An entry that is pushed in the
 *     meantime runs too.
 *   - Then `rrApiOnReady` is `{push: fn}`: no array, no length. A late push runs its first argument at once, and no other.
 *   - Then `rrAsyncInit` is called if there is one, also in its own `try`.
 *   - A second start does not run an old entry again.
 *
 * It also imitates what that tracker makes of an `order` (`src/Tracking/eventsApiHandlers.js`, the same commit):
 *
 *   - Items with the same id are merged, and 7 and "7" are the same: quantities are added, the last price wins.
 *   - A quantity is read by `parseFloat`, and is 1 if the result is 0 or no number. A price is read in the same way, and
 *     is 0 if there is no number: "1 200,50" is 1.
 *   - With an item without an id the whole order is lost, which is logged. An order without items is not sent.
 *   - The same order is sent again each time.
 *
 * `window.rrStandIn` shows what happened:
 *
 *   calls    [{method: "setCustomer", arguments: [...]}, ...] in order, with the very objects that were received
 *   lost     the same for calls before the start
 *   orders   [{transaction: ..., items: [{id: ..., qnt: ..., price: ...}], person: {...}}, ...]: what would have been
 *            sent for each order; with `stockId` if the order has one; `person` is the argument of the last setCustomer
 *            or setProfile before it, null if there was none (that these belong together is an assumption)
 *   errors   what was logged: what entries threw, and a TypeError for each entry that was no function
 *   start()  starts; call it if `window.rrStandInManual` was `true` when the file was loaded
 *
 * Plain ES5 without `eval`, so that it runs in bare engines, in old browsers and under a strict Content-Security-Policy.
 */
(function (window) {
  "use strict";

  // The methods of the 2020 source, and the two newer ones that the vendor's pages document: setCustomer, setProfile.
  var METHODS = [
    "addToBasket", "categoryView", "groupView", "mailRequest", "mailRequestFormView", "order", "pageView",
    "recomAddToBasket", "recomAddToCart", "recomMouseDown", "recomTrack", "removeFromBasket", "search", "setCustomer",
    "setEmail", "setKeywords", "setProfile", "subscribeOnItemBackInStock", "subscribeOnPriceDrop", "view",
    "welcomeSequence"
  ];
  var SESSION = { sessionId: "0123456789abcdef01234567" };

  // A page that loads the file twice gets a new rrApi, as with the tracker, but keeps everything recorded.
  var standIn = window.rrStandIn || { calls: [], lost: [], orders: [], errors: [] };
  var started = false;
  var person = null;

  function log(error) {
    standIn.errors.push(error);
    if (window.console) {
      window.console.log(error);
    }
  }

  function run(entry) {
    try {
      // In the tracker too `this` is a separate object, not the window.
      entry.call({}, SESSION);
    } catch (error) {
      log(error);
    }
  }

  // The tracker also uses a plain object, in which keys that are whole numbers come first, in ascending order.
  function merge(items) {
    var merged = {};
    var index, item, key, before;
    for (index = 0; index < items.length; index += 1) {
      item = items[index];
      key = item.id.toString();
      before = merged[key] || { qnt: 0 };
      merged[key] = {
        id: item.id,
        qnt: before.qnt + (parseFloat(item.qnt) || 1),
        price: parseFloat(item.price) || 0
      };
    }
    return Object.keys(merged).map(function (name) {
      return merged[name];
    });
  }

  function take(order) {
    var items = merge(order.items);
    var sent = { transaction: order.transaction, items: items, person: person };
    if (order.stockId !== undefined) {
      sent.stockId = order.stockId;
    }
    if (items.length > 0) {
      standIn.orders.push(sent);
    }
  }

  var HANDLERS = {
    order: take,
    setCustomer: function (customer) {
      person = customer;
    },
    setProfile: function (guest) {
      person = guest;
    }
  };

  function recorder(method) {
    return function (first) {
      (started ? standIn.calls : standIn.lost).push({
        method: method,
        arguments: Array.prototype.slice.call(arguments)
      });
      if (started && HANDLERS[method]) {
        // An error inside the tracker never reaches the page.
        try {
          HANDLERS[method](first);
        } catch (error) {
          log(error);
        }
      }
    };
  }

  standIn.start = function () {
    var queue = window.rrApiOnReady || [];
    var index;
    started = true;
    // The length is read each time, because an entry may push another one. After the first start it is undefined.
    for (index = 0; index < queue.length; index += 1) {
      run(queue[index]);
    }
    window.rrApiOnReady = {
      push: function (entry) {
        run(entry);
      }
    };
    if (window.rrAsyncInit) {
      run(function () {
        window.rrAsyncInit();
      });
    }
  };

  window.rrStandIn = standIn;
  window.rrApi = {};
  METHODS.forEach(function (method) {
    window.rrApi[method] = recorder(method);
  });
  if (window.rrStandInManual !== true) {
    standIn.start();
  }
}(window));
