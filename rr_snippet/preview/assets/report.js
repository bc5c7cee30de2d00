// Tells the page around the sandbox what the stand-in has recorded. The objects go as they are: copies of them, by the
// browser's own structured clone, with nothing turned into text on the way.
parent.postMessage({ rrPreview: { calls: rrStandIn.calls, errors: rrStandIn.errors.length } }, "*");
