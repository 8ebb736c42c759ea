// @ts-check
/**
 * The page's connection to its kernel. What is sent before the socket opens waits and goes out,
 * in order, the moment it does; the kernel is not asked for its info first.
 */

import { decode, encode, PROTOCOL } from "./frames.js";

/** @import { Message } from "./frames.js" */
/**
 * @typedef {{
 *   shell?: {reply?: (message: Message) => void},
 *   iopub?: {status?: (message: Message) => void, [kind: string]: any},
 * }} Callbacks
 * @typedef {(comm: Comm, message: Message) => unknown} OnCommOpen
 * @typedef {(message: Message) => void} OnOutput
 * @typedef {Parameters<typeof encode>[0]} Outgoing
 */

const FIRST_RETRY_MS = 250; // until the second try; it doubles
const MAX_RETRY_MS = 2000;
const REFUSED_MS = 3500; // ms without a socket, while plain requests are answered; told within 5 s
const POLICY_VIOLATION = 1008; // close code; the same message would be refused again, for ever
const MAX_MESSAGE_BYTES = 256 * 1024; // of one message; the server takes no more
const MAX_QUEUED = 2000; // messages; by then the page has long shown that its kernel is away

/**
 * Events: "open" with {again: boolean}, "lost", "ended"; "refused" when the browser lets plain
 * requests through and no socket, as an iPhone may do with a certificate that nobody signed.
 */
export class Kernel extends EventTarget {
  /** Asks whether the kernel is still there, when the socket alone does not tell. */
  #address;
  #session = createId();
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {Map<string, Comm>} */
  #comms = new Map();
  /** @type {Map<string, OnCommOpen>} */
  #targets = new Map();
  /** Who wants what is printed, by the message that is handled. @type {Map<string, OnOutput>} */
  #outputs = new Map();
  /** Callbacks by message, until the kernel is idle again. @type {Map<string, Callbacks>} */
  #callbacks = new Map();
  /** Frames that wait for the socket. @type {[id: string, frame: ArrayBuffer][]} */
  #queue = [];
  /**
   * State of fields that was sent and not yet answered, by message.
   * @type {Map<string, {message: Outgoing, commId: string, names: string[]}>}
   */
  #unanswered = new Map();
  /** Messages are handled one after the other, as they came. @type {Promise<unknown>} */
  #handling = Promise.resolve();
  /** Called before anything is sent that is no state: what somebody did after they typed. */
  beforeEvent = () => {};
  #opened = false;
  #ended = false;
  #retryDelay = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{kernelId: string}} where */
  constructor({ kernelId }) {
    super();
    this.#address = new URL(`api/kernels/${kernelId}`, location.href);
    this.#connect();
    setTimeout(() => void this.#noticeRefusal(), REFUSED_MS);
    // A phone that wakes up, or is back in the network, does not wait for the next try.
    addEventListener("online", () => this.reconnect());
    document.addEventListener("visibilitychange", () => document.hidden || this.reconnect());
  }

  /** Whether the line is up. */
  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} content
   * @param {{metadata?: Record<string, any>, buffers?: (ArrayBuffer | ArrayBufferView)[],
   *   callbacks?: Callbacks}} [more]
   * @returns {string} the message's id
   */
  send(type, content, { metadata = {}, buffers = [], callbacks } = {}) {
    if (content.data?.method === "custom") this.beforeEvent();
    const msg_id = createId();
    const header = {
      msg_id,
      msg_type: type,
      session: this.#session,
      username: "",
      date: new Date().toISOString(),
      version: "5.2",
    };
    const message = { channel: "shell", header, parent_header: {}, metadata, content, buffers };
    const frame = encode(message);
    if (frame.byteLength > MAX_MESSAGE_BYTES) {
      this.#end();
      return msg_id;
    }
    if (callbacks) this.#callbacks.set(msg_id, callbacks);
    // A state sent twice is the same state; a pressed button sent twice is not.
    if (content.data?.method === "update") {
      const names = Object.keys(content.data.state);
      this.#unanswered.set(msg_id, { message, commId: content.comm_id, names });
    }
    if (this.connected) this.#socket?.send(frame);
    else if (this.#queue.length < MAX_QUEUED) this.#queue.push([msg_id, frame]);
    return msg_id;
  }

  /**
   * A comm that the kernel has, or will have once it is opened.
   * @param {string} target
   * @param {string} [commId]
   */
  comm(target, commId = createId()) {
    const comm = new Comm(this, target, commId);
    this.#comms.set(commId, comm);
    return comm;
  }

  /**
   * What the page has told a comm and the kernel has not yet taken in.
   * @param {string} commId
   */
  unanswered(commId) {
    const of = [...this.#unanswered.values()].filter((each) => each.commId === commId);
    return of.flatMap((each) => each.names);
  }

  /** @param {string} commId */
  forget(commId) {
    this.#comms.delete(commId);
  }

  /** @param {string} target @param {OnCommOpen} opened called for each comm the kernel opens */
  onComm(target, opened) {
    this.#targets.set(target, opened);
  }

  /**
   * Have what the kernel prints and shows while it handles a message of this page.
   * @param {string} asked id of that message
   * @param {OnOutput} take
   * @returns {() => void} ends it
   */
  onOutput(asked, take) {
    this.#outputs.set(asked, take);
    return () => this.#outputs.get(asked) === take && this.#outputs.delete(asked);
  }

  /** Try now; nothing happens while the line is up or is being opened. */
  reconnect() {
    const state = this.#socket?.readyState;
    if (this.#ended || state === WebSocket.OPEN || state === WebSocket.CONNECTING) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #connect() {
    const url = new URL(`${this.#address.pathname}/channels`, this.#address);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("session_id", this.#session);
    const socket = new WebSocket(url, [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#onSocketOpen());
    socket.addEventListener("message", ({ data }) => this.#onSocketMessage(data));
    socket.addEventListener("close", ({ code }) => this.#onSocketClose(socket, code));
    this.#socket = socket;
  }

  #onSocketOpen() {
    const again = this.#opened;
    this.#opened = true;
    this.#retryDelay = 0;
    const queued = this.#queue;
    this.#queue = [];
    const waiting = new Set(queued.map(([msg_id]) => msg_id));
    // What was under way when the line broke may never have arrived. If it did, a kernel
    // throws the very same message away unanswered; one of another time it does answer.
    const date = new Date().toISOString();
    for (const [msg_id, { message }] of this.#unanswered) {
      if (waiting.has(msg_id)) continue;
      this.#socket?.send(encode({ ...message, header: { ...message.header, date } }));
    }
    for (const [, frame] of queued) this.#socket?.send(frame);
    this.dispatchEvent(new CustomEvent("open", { detail: { again } }));
  }

  /** @param {WebSocket} socket @param {number} code */
  #onSocketClose(socket, code) {
    if (socket !== this.#socket || this.#ended) return;
    if (code === POLICY_VIOLATION) return this.#end();
    this.dispatchEvent(new CustomEvent("lost"));
    void this.#kernelExists().then((exists) => {
      if (!exists) return this.#end();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.reconnect(), this.#retryDelay);
      this.#retryDelay = Math.min(Math.max(2 * this.#retryDelay, FIRST_RETRY_MS), MAX_RETRY_MS);
    });
  }

  /** False only if the server is there and says that the kernel is not. */
  async #kernelExists() {
    const answer = await this.#askForKernel();
    return !answer || ![403, 404].includes(answer.status);
  }

  #askForKernel() {
    return fetch(this.#address, { cache: "no-store" }).catch(() => null);
  }

  async #noticeRefusal() {
    if (this.#opened) return;
    const answer = await this.#askForKernel();
    if (answer?.ok && !this.#opened) this.dispatchEvent(new CustomEvent("refused"));
  }

  #end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.dispatchEvent(new CustomEvent("ended"));
  }

  /** @param {ArrayBuffer} data */
  #onSocketMessage(data) {
    const message = decode(data);
    this.#handling = this.#handling.then(() => this.#handle(message)).catch(console.error);
  }

  /** @param {Message} message */
  #handle(message) {
    const { channel, header, parent_header, content } = message;
    const asked = String(parent_header.msg_id ?? "");
    const callbacks = this.#callbacks.get(asked);
    if (channel === "shell") return callbacks?.shell?.reply?.(message);
    switch (header.msg_type) {
      case "comm_open": {
        const opened = this.#targets.get(content.target_name);
        return opened?.(this.comm(content.target_name, content.comm_id), message);
      }
      case "comm_msg":
        return this.#comms.get(content.comm_id)?.receive(message);
      case "comm_close": {
        const comm = this.#comms.get(content.comm_id);
        this.forget(content.comm_id);
        return comm?.receiveClose(message);
      }
      case "status":
        if (["restarting", "autorestarting", "dead"].includes(content.execution_state)) this.#end();
        callbacks?.iopub?.status?.(message);
        if (content.execution_state === "idle") {
          this.#callbacks.delete(asked);
          this.#unanswered.delete(asked);
        }
        break;
      case "stream":
      case "display_data":
      case "execute_result":
      case "error":
      case "clear_output":
        this.#outputs.get(asked)?.(message);
    }
    return undefined;
  }
}

/** One comm, as @jupyter-widgets/base wants it. */
export class Comm {
  #kernel;
  /** @type {((message: Message) => unknown) | undefined} */
  #onMessage;
  /** @type {((message: Message) => unknown) | undefined} */
  #onClose;

  /** @param {Kernel} kernel @param {string} target @param {string} commId */
  constructor(kernel, target, commId) {
    this.#kernel = kernel;
    this.target_name = target;
    this.comm_id = commId;
  }

  /**
   * @param {any} data @param {Callbacks} [callbacks]
   * @param {Record<string, any>} [metadata] @param {(ArrayBuffer | ArrayBufferView)[]} [buffers]
   */
  open(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data: data ?? {} };
    return this.#kernel.send("comm_open", content, { callbacks, metadata, buffers });
  }

  /**
   * @param {any} data @param {Callbacks} [callbacks]
   * @param {Record<string, any>} [metadata] @param {(ArrayBuffer | ArrayBufferView)[]} [buffers]
   */
  send(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, data: data ?? {} };
    return this.#kernel.send("comm_msg", content, { callbacks, metadata, buffers });
  }

  /** @param {any} [data] @param {Callbacks} [callbacks] */
  close(data, callbacks) {
    this.#kernel.forget(this.comm_id);
    const content = { comm_id: this.comm_id, data: data ?? {} };
    return this.#kernel.send("comm_close", content, { callbacks });
  }

  /** @param {(message: any) => unknown} callback */
  on_msg(callback) {
    this.#onMessage = callback;
  }

  /** @param {(message: any) => unknown} callback */
  on_close(callback) {
    this.#onClose = callback;
  }

  /** @param {Message} message */
  receive(message) {
    return this.#onMessage?.(message);
  }

  /** @param {Message} message */
  receiveClose(message) {
    return this.#onClose?.(message);
  }
}

function createId() {
  return crypto.randomUUID();
}
