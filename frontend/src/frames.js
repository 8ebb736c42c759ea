// @ts-check
/**
 * Frames of Jupyter's websocket protocol v1.kernel.websocket.jupyter.org: a table of
 * 64-bit offsets, then the channel, four JSON parts and any buffers.
 */

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";

/**
 * @typedef {{msg_id: string, msg_type: string, [more: string]: unknown}} Header
 * @typedef {{
 *   channel: string,
 *   header: Header,
 *   parent_header: Partial<Header>,
 *   metadata: Record<string, any>,
 *   content: Record<string, any>,
 *   buffers: DataView[],
 * }} Message
 */

const WORD = 8; // bytes of an offset
const JSON_PARTS = 4;

/**
 * @param {Omit<Message, "buffers"> & {buffers: (ArrayBuffer | ArrayBufferView)[]}} message
 * @returns {ArrayBuffer}
 */
export function encode({ channel, header, parent_header, metadata, content, buffers }) {
  const text = new TextEncoder();
  const parts = [
    text.encode(channel),
    ...[header, parent_header, metadata, content].map((part) => text.encode(JSON.stringify(part))),
    ...buffers.map(bytes),
  ];
  const count = parts.length + 1;
  const start = WORD * (count + 1);
  const frame = new ArrayBuffer(parts.reduce((sum, part) => sum + part.byteLength, start));
  const table = new DataView(frame);
  const body = new Uint8Array(frame);
  table.setBigUint64(0, BigInt(count), true);
  let at = start;
  parts.forEach((part, number) => {
    table.setBigUint64(WORD * (number + 1), BigInt(at), true);
    body.set(part, at);
    at += part.byteLength;
  });
  table.setBigUint64(WORD * count, BigInt(at), true);
  return frame;
}

/**
 * @param {ArrayBuffer} frame
 * @returns {Message}
 */
export function decode(frame) {
  const table = new DataView(frame);
  const count = Number(table.getBigUint64(0, true));
  const offset = (/** @type {number} */ n) => Number(table.getBigUint64(WORD * (n + 1), true));
  const text = new TextDecoder();
  const part = (/** @type {number} */ n) =>
    text.decode(new Uint8Array(frame, offset(n), offset(n + 1) - offset(n)));
  const [header, parent_header, metadata, content] = [1, 2, 3, 4].map((n) => JSON.parse(part(n)));
  const buffers = [];
  for (let n = 1 + JSON_PARTS; n < count - 1; n += 1) {
    buffers.push(new DataView(frame, offset(n), offset(n + 1) - offset(n)));
  }
  return { channel: part(0), header, parent_header, metadata, content, buffers };
}

/** @param {ArrayBuffer | ArrayBufferView} buffer */
function bytes(buffer) {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
