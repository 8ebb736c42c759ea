// @ts-check
/** The book's own widgets, by the Python class that each belongs to. */

import { registerModule } from "./anywidget.js";
import bodyMap from "../../workbook/ui/widgets/body_map/body_map.js";
import deck from "../../workbook/ui/widgets/deck/deck.js";
import learn from "../../workbook/ui/widgets/learn/learn.js";
import page from "../../workbook/ui/widgets/page/page.js";
import pad from "../../workbook/ui/widgets/pad/pad.js";
import pictured from "../../workbook/ui/widgets/pictured/pictured.js";
import planCard from "../../workbook/ui/widgets/plan_card/plan_card.js";
import player from "../../workbook/ui/widgets/player/player.js";
import prose from "../../workbook/ui/widgets/prose/prose.js";
import questions from "../../workbook/ui/widgets/questions/questions.js";
import restingHands from "../../workbook/ui/widgets/resting_hands/resting_hands.js";
import secret from "../../workbook/ui/widgets/secret/secret.js";

registerModule("workbook.ui.widgets.body_map.BodyMap", bodyMap);
registerModule("workbook.ui.widgets.deck.Deck", deck);
registerModule("workbook.ui.widgets.learn.Learn", learn);
registerModule("workbook.ui.widgets.page.Page", page);
registerModule("workbook.ui.widgets.pad.Pad", pad);
registerModule("workbook.ui.widgets.pictured.PicturedQuestions", pictured);
registerModule("workbook.ui.widgets.plan_card.PlanCard", planCard);
registerModule("workbook.ui.widgets.player.Player", player);
registerModule("workbook.ui.widgets.prose.Prose", prose);
registerModule("workbook.ui.widgets.questions.Questions", questions);
registerModule("workbook.ui.widgets.resting_hands.RestingHands", restingHands);
registerModule("workbook.ui.widgets.secret.Secret", secret);
