/** What the tables of the book hold, as tests/frontend/test_node.py hands it over. */

import { readFileSync } from "node:fs";

const path = process.env.ATTUNE_CONTENT;
if (!path) throw new Error("Run these tests with pytest: tests/frontend/test_node.py");

/** @type {{techniques: string[], areas: Record<string, any>, strokes: any[], places: any[], wholePlaces: any[], words: Record<string, string>, machine: any[]}} */
export const content = JSON.parse(readFileSync(path, "utf8"));
