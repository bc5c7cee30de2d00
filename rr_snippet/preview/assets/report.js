// Sends the recorded calls of the stand-in to the page around the sandbox. The browser copies the objects by its
// structured clone, so they are not turned into text.
parent.postMessage({ rrPreview: { calls: rrStandIn.calls, errors: rrStandIn.errors.length } }, "*");
