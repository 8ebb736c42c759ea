/**
 * Plays sessions with the reducer of the browser, for a test in Python to compare.
 *
 * Reads from standard input `{plan, games}`; a game is a list of moves, each a number of
 * seconds that pass or the name of a tap. Writes for each game what the browser reports
 * after each move: the events, and the state that they led to.
 */

import { advance, begin, passTime, reportedName } from "../../workbook/ui/widgets/player/session.js";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { plan, games } = JSON.parse(text);

const played = games.map((moves) => {
  let state = begin(plan, null);
  return moves.map((move) => {
    const events = [];
    if (typeof move === "number") {
      const passed = passTime(plan, state, move);
      state = passed.state;
      events.push(...passed.events.map((each) => each.event));
    } else {
      const after = advance(plan, state, move);
      if (after !== state) events.push(reportedName(move));
      state = after;
    }
    const { phase, step, cap, silences } = state;
    return { events, phase, step, cap, silences };
  });
});
process.stdout.write(JSON.stringify(played));
