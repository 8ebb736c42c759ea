// @ts-check
/** The book's own widgets, by the Python class that each belongs to. */

import { registerModule } from "./anywidget.js";
import { importScript } from "./scripts.js";
import bodyMap from "../../workbook/ui/widgets/body_map/body_map.js";
import deck from "../../workbook/ui/widgets/deck/deck.js";
import helplines from "../../workbook/ui/widgets/helplines/helplines.js";
import page from "../../workbook/ui/widgets/page/page.js";
import paperFile from "../../workbook/ui/widgets/paper_file/paper_file.js";
import prose from "../../workbook/ui/widgets/prose/prose.js";
import questions from "../../workbook/ui/widgets/questions/questions.js";
import secret from "../../workbook/ui/widgets/secret/secret.js";

const WIDGETS = "workbook.ui.widgets";

const HANDS = /** @type {const} */ ({
  learn: "Learn",
  pad: "Pad",
  pictured: "PicturedQuestions",
  plan_card: "PlanCard",
  player: "Player",
  resting_hands: "RestingHands",
});

registerModule(`${WIDGETS}.body_map.BodyMap`, bodyMap);
registerModule(`${WIDGETS}.deck.Deck`, deck);
registerModule(`${WIDGETS}.helplines.Helplines`, helplines);
registerModule(`${WIDGETS}.page.Page`, page);
registerModule(`${WIDGETS}.paper_file.PaperFile`, paperFile);
registerModule(`${WIDGETS}.prose.Prose`, prose);
registerModule(`${WIDGETS}.questions.Questions`, questions);
registerModule(`${WIDGETS}.secret.Secret`, secret);
for (const [module, name] of Object.entries(HANDS)) {
  registerModule(`${WIDGETS}.${module}.${name}`, async () => (await importScript("hands"))[name]);
}
