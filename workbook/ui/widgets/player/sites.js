// @ts-check
/** Which limb a step is on at a time: no drawing shows several, and hands can be on one alone. */

import { findFrame } from "../shared/hands/places.js";

/** @import { Step } from "./session.js" */
/** @typedef {{ parts: string[], areas: string[], half: string }} Site  a limb, or a hand or a foot */

/**
 * Returns the limbs of a step in the order in which they are worked, the right ones first; none
 * where one drawing shows the whole step.
 * @param {Pick<Step, "parts" | "position">} step @returns {Site[]}
 */
export function listSites({ parts = [], position = "" }) {
  const split = parts.map((part) => part.split("."));
  if (split.some(([area]) => findFrame([area], position).body === "trunk")) return [];
  const sites = ["right", "left"].flatMap((half) =>
    split.filter(([, side]) => side === half).map(([area]) => ({ parts: [`${area}.${half}`], areas: [area], half })));
  return sites.length > 1 ? sites : [];
}
