/**
 * Plays sessions with the script of the browser, for a test in Python to compare.
 *
 * Reads from standard input `{plan, games}`; a game is a list of moves, each a number of
 * seconds that pass or the name of an event. Writes for each game the whole state after each
 * event, those of the clock included: `[event, state]`, with null for the end of a move.
 */

import { advance, begin, passTime } from "../../workbook/ui/widgets/player/session.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { plan, games } = JSON.parse(text);

const played = games.map((moves) => {
  let state = begin(plan, null);
  return moves.flatMap((move) => {
    if (typeof move !== "number") {
      state = advance(plan, state, move);
      return [[move, state]];
    }
    const passed = passTime(plan, state, move);
    state = passed.state;
    return [...passed.events.map((each) => [each.event, each.state]), [null, state]];
  });
});
process.stdout.write(JSON.stringify(played));
