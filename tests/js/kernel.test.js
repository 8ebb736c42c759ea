import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { decode, encode } from "../../frontend/src/frames.js";
import { Kernel } from "../../frontend/src/kernel.js";

/* ---- Frames ---- */

const MESSAGE = {
  channel: "shell", header: { msg_id: "1", msg_type: "comm_msg" }, parent_header: {}, metadata: { a: "ä" },
  content: { data: { text: "“pear”" } }, buffers: [],
};

test("what is decoded is what was encoded, buffers included", () => {
  const buffers = [new Uint8Array([1, 2, 3]), new Uint8Array(8).buffer, new DataView(new ArrayBuffer(4), 1, 2)];

  const { buffers: found, ...message } = decode(encode({ ...MESSAGE, buffers }));

  assert.deepEqual({ ...message, buffers: [] }, MESSAGE);
  assert.deepEqual(found.map((each) => each.byteLength), [3, 8, 2]);
  assert.equal(found[0].getUint8(2), 3);
});

test("a frame begins with a table of 64-bit offsets, the last of which is its end", () => {
  const frame = encode(MESSAGE);
  const table = new DataView(frame);
  const count = Number(table.getBigUint64(0, true));
  const offsets = Array.from({ length: count }, (_each, n) => Number(table.getBigUint64(8 * (n + 1), true)));

  assert.equal(count, 6); // five parts, and the end
  assert.equal(offsets[0], 8 * (count + 1));
  assert.deepEqual(offsets, offsets.toSorted((a, b) => a - b));
  assert.equal(offsets.at(-1), frame.byteLength);
});

/* ---- The connection ---- */

class FakeSocket extends EventTarget {
  static OPEN = 1;
  static CONNECTING = 0;
  /** @type {FakeSocket[]} */
  static all = [];
  readyState = 0;
  sent = [];
  constructor() {
    super();
    FakeSocket.all.push(this);
  }
  send(frame) {
    this.sent.push(decode(frame));
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  close(code = 1006) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  receive(message) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: encode({ ...MESSAGE, ...message }) }));
  }
}

/** How the server answers when it is asked for the kernel. */
let answer;

beforeEach(() => {
  FakeSocket.all = [];
  answer = async () => ({ status: 200 });
  Object.assign(globalThis, {
    WebSocket: FakeSocket, location: { href: "http://127.0.0.1:1/" }, fetch: () => answer(),
    addEventListener() {}, document: { addEventListener() {} },
  });
});

const connect = () => new Kernel({ kernelId: "k" });
const types = (socket) => socket.sent.map((each) => each.header.msg_type);
const settle = () => new Promise((done) => setTimeout(done, 10));

/** A kernel whose first socket broke, and whose second one is open. */
async function breakAndReconnect(kernel) {
  FakeSocket.all[0].close();
  await settle();
  kernel.reconnect();
  FakeSocket.all[1].open();
  return FakeSocket.all[1];
}

test("what is sent before the socket opens goes out in order when it does", () => {
  const kernel = connect();
  kernel.send("first", {});
  kernel.send("second", {});
  const [socket] = FakeSocket.all;
  assert.deepEqual(socket.sent, []);

  socket.open();
  kernel.send("third", {});

  assert.deepEqual(types(socket), ["first", "second", "third"]);
});

test("a state that was not answered is sent again, a pressed button is not", async () => {
  const kernel = connect();
  FakeSocket.all[0].open();
  const comm = kernel.comm("jupyter.widget", "w");
  const update = comm.send({ method: "update", state: { value: 1 } });
  comm.send({ method: "custom", content: { event: "click" } });
  assert.deepEqual(kernel.unanswered("w"), ["value"]);

  const again = await breakAndReconnect(kernel);

  assert.deepEqual(again.sent.map((each) => each.header.msg_id), [update]);
});

test("a state that the kernel has taken in is not sent again", async () => {
  const kernel = connect();
  const [socket] = FakeSocket.all;
  socket.open();
  const update = kernel.comm("jupyter.widget", "w").send({ method: "update", state: { value: 1 } });
  socket.receive({
    channel: "iopub", header: { msg_type: "status" }, parent_header: { msg_id: update },
    content: { execution_state: "idle" },
  });
  await settle();
  assert.deepEqual(kernel.unanswered("w"), []);

  const again = await breakAndReconnect(kernel);

  assert.deepEqual(again.sent, []);
});

test("a message that the server would refuse ends the connection", () => {
  const kernel = connect();
  let ended = 0;
  kernel.addEventListener("ended", () => (ended += 1));
  FakeSocket.all[0].open();

  kernel.send("comm_msg", { data: "x".repeat(256 * 1024) });

  assert.equal(ended, 1);
  assert.deepEqual(FakeSocket.all[0].sent, []);
});

test("a kernel that the server no longer has has ended; one that cannot be asked has not", async () => {
  for (const [status, expected] of [[404, 1], [403, 1], [200, 0], [null, 0]]) {
    FakeSocket.all = [];
    answer = async () => (status === null ? Promise.reject(new Error("offline")) : { status });
    const kernel = connect();
    let ended = 0;
    kernel.addEventListener("ended", () => (ended += 1));
    FakeSocket.all[0].open();

    FakeSocket.all[0].close();
    await settle();

    assert.equal(ended, expected, String(status));
  }
});

test("messages reach their comm", async () => {
  const kernel = connect();
  FakeSocket.all[0].open();
  const comm = kernel.comm("jupyter.widget", "w");
  const received = [];
  comm.on_msg((message) => received.push(message.content.data));

  FakeSocket.all[0].receive({ channel: "iopub", content: { comm_id: "w", data: 1 } });
  FakeSocket.all[0].receive({ channel: "iopub", content: { comm_id: "other", data: 2 } });
  await settle();

  assert.deepEqual(received, [1]);
});
